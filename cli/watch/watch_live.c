/* SPDX-License-Identifier: MIT
 * Drawn over itself. Findings get their names by debug information, which takes long: for a small
 * part of the time. */
#include "cli/watch/watch_live.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "cli/plain_text.h"

#include <inttypes.h>
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

static bool has_findings(const struct proved *proved)
{
    for (size_t i = 0; i < proved->lines; i++)
        if (proved_is_sure(&proved->line[i]))
            return true;
    return false;
}

static void find_names(struct watch_live *live, struct watch_session *s)
{
    const double times = 40, began = watch_seconds(s);
    struct watch_found found = {0};
    struct err err;
    if (watch_find(s, &found, &err) == 0) {
        watch_found_fini(&live->found);
        live->found = found;
    } else {
        watch_found_fini(&found); /* the report has the reason */
    }
    live->names_s = began + times * (watch_seconds(s) - began);
}

/* Ends the line; what does not fit is left out. */
static void put_line(struct watch_live *live, const char *text)
{
    const unsigned width = cmd_look(stderr).width;
    fprintf(stderr, "%.*s\x1b[K\n", width > 1 ? (int)width - 1 : 0, text);
    live->drawn++;
}

static void put_state(struct watch_live *live, const struct watch_session *s)
{
    char line[FINDING_TEXT], samples[CELL_TEXT], share[CELL_TEXT];
    const struct watch_budget *const b = &s->budget;
    snprintf(line, sizeof line, "%.0f s, %zu threads, %s samples, %s of their time taken%s",
        watch_seconds(s), s->watched.threads, count_text((double)s->samples, samples),
        share_text(b->threads_s > 0 ? b->taken_s / b->threads_s : 0, share),
        live->keys ? "; q leaves and reports" : "; Ctrl-C leaves and reports");
    put_line(live, line);
}

static void put_findings(struct watch_live *live)
{
    enum { SHOWN = 10 };
    const struct detect_view *const view = &live->found.view;
    char line[2 * FINDING_TEXT], title[FINDING_TEXT], share[CELL_TEXT];
    for (size_t i = 0; i < view->findings.count && i < SHOWN; i++) {
        const struct finding_view *const f = &view->findings.at[i];
        snprintf(line, sizeof line, "%5s of a thread's time, proved %" PRIu64 " times: %s",
            share_text(f->share, share), f->proofs.separate + f->proofs.common,
            title_text(f, title));
        put_line(live, line);
    }
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
    if (has_findings(&s->proved) && now_s >= live->names_s)
        find_names(live, s);
    remove_lines(live);
    put_state(live, s);
    put_findings(live);
    return wants_to_leave(live);
}

void watch_live_close(struct watch_live *live)
{
    if (live->shown)
        remove_lines(live);
    if (live->keys)
        tcsetattr(STDIN_FILENO, TCSANOW, &live->before);
    watch_found_fini(&live->found);
}
