/* SPDX-License-Identifier: MIT
 * When "nothing found" is not an answer: what was not seen may be falsely shared. */
#include "analysis/finding/finding_view.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

/* Why some of the process's accesses went unseen, appended to the text; false: none did that should
 * not. */
static bool append_reason(const struct view_process *p, char *text, size_t size)
{
    if (p->partly)
        text_append(text, size, "not all of it was recorded");
    else if (p->threads > 1 && p->accesses.seen == 0)
        text_append(
            text, size, "%" PRIu64 " threads ran, and none of their accesses was seen", p->threads);
    else if (p->foreign && p->accesses.seen == 0)
        text_append(
            text, size, "the program is not built by numaprobe cc, so its threads are not known");
    else
        return false;
    return true;
}

void detect_view_judge(struct detect_view *view)
{
    char text[1024] = "";
    view->unseen = !view->processes.count ? "no process was recorded"
                   : view->unwatched      ? "there was no space to record a process"
                                          : NULL;
    for (size_t i = 0; i < view->processes.count && !view->unseen; i++) {
        const struct view_process *const p = &view->processes.at[i];
        snprintf(text, sizeof text, "process %" PRIu64 "%s%s: ", p->pid,
            p->command.count ? ", " : "", p->command.count ? p->command.at[0] : "");
        if (append_reason(p, text, sizeof text))
            view->unseen = view_pool_text(&view->pool, text);
    }
}

/* Bursts of a second's default tenth. What is latent needs neighbours that are noticed, sites, and
 * counts of a thousand. */
static const double enough_seconds = 0.1;

static bool is_little(const struct view_process *p)
{
    const double share = p->accesses.share;
    return p->threads > 1 && share < 0.9 && p->seconds * share < enough_seconds;
}

bool detect_view_is_little(const struct detect_view *view)
{
    for (size_t i = 0; i < view->processes.count; i++)
        if (is_little(&view->processes.at[i]))
            return true;
    return false;
}
