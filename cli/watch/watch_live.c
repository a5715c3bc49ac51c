/* SPDX-License-Identifier: MIT
 * Drawn over itself. */
#include "cli/watch/watch_live.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/plain_text.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

static const double EVERY_S = 0.5;

void watch_live_open(struct watch_live *live, bool quiet)
{
    *live = (struct watch_live){
        .shown = !quiet && isatty(STDERR_FILENO) && !plain_text_is_dumb(), .next_s = EVERY_S};
    /* In the background a change of the terminal would stop this process. */
    if (!live->shown || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
        tcgetattr(STDIN_FILENO, &live->before) != 0)
        return;
    struct termios each = live->before;
    each.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    live->keys = tcsetattr(STDIN_FILENO, TCSANOW, &each) == 0;
}

static bool wants_to_leave(const struct watch_live *live)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    char key = 0;
    while (live->keys && poll(&in, 1, 0) > 0 && read(STDIN_FILENO, &key, 1) == 1)
        if (key == 'q')
            return true;
    return false;
}

bool watch_live_may_name(const struct watch_live *live, double now_s)
{
    return now_s >= live->names_s;
}

void watch_live_named(struct watch_live *live, double began_s, double now_s)
{
    const double times = 40;
    live->names_s = began_s + times * (now_s - began_s);
}

void watch_live_line(struct watch_live *live, const char *text)
{
    const unsigned width = cmd_look(stderr).width;
    fprintf(stderr, "%.*s\x1b[K\n", width > 1 ? (int)width - 1 : 0, text);
    live->drawn++;
}

static void put_state(struct watch_live *live, const struct watch_session *s)
{
    char line[FINDING_TEXT], samples[CELL_TEXT], share[CELL_TEXT];
    const struct watch_budget *const b = &s->budget;
    snprintf(line, sizeof line, "%.0f s, %zu threads", watch_seconds(s), s->watched.threads);
    if (s->mode->samples)
        text_append(line, sizeof line, ", %s samples, %s of their time taken",
            count_text((double)s->samples, samples),
            share_text(b->threads_s > 0 ? b->taken_s / b->threads_s : 0, share));
    text_append(line, sizeof line, "; %s leaves and reports", live->keys ? "q" : "Ctrl-C");
    watch_live_line(live, line);
}

static void remove_lines(struct watch_live *live)
{
    if (live->drawn)
        fprintf(stderr, "\x1b[%uA\x1b[J", live->drawn);
    live->drawn = 0;
}

bool watch_live_show(struct watch_live *live, struct watch_session *s)
{
    const double now_s = watch_seconds(s);
    if (!live->shown || now_s < live->next_s)
        return false;
    live->next_s = now_s + EVERY_S;
    remove_lines(live);
    put_state(live, s);
    s->mode->draw(live, s);
    return wants_to_leave(live);
}

void watch_live_close(struct watch_live *live)
{
    if (live->shown)
        remove_lines(live);
    if (live->keys)
        tcsetattr(STDIN_FILENO, TCSANOW, &live->before);
}
