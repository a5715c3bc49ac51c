/* SPDX-License-Identifier: MIT
 * What was found, as text: the worst finding first, and what could not be seen. */
#include "cli/watch/watch.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "cli/finding_print.h"

#include <inttypes.h>

static void print_threads(const struct finding_view *f, FILE *out)
{
    enum { SHOWN = 8 };
    putc('\n', out);
    for (size_t i = 0; i < f->threads.count && i < SHOWN; i++)
        fprintf(out, "   %c  thread %" PRIu64 " %s\n", line_map_letter(i), f->threads.at[i].tid,
            f->threads.at[i].name);
    if (f->threads.count > SHOWN)
        fprintf(out, "   and %zu more threads\n", f->threads.count - SHOWN);
}

static void print_finding(
    const struct detect_view *view, const struct finding_view *f, size_t number, FILE *out)
{
    char text[FINDING_TEXT];
    putc('\n', out);
    cmd_warn(out, "%zu. %s", number, title_text(f, text));
    cmd_warn(out, "   %s.", amount_text(f, text));
    if (view->processes.count > 1)
        cmd_warn(out, "   in process %" PRIu64 ", %s", f->pid, f->program);
    finding_print_objects(f, out);
    finding_print_picture(f, out);
    print_threads(f, out);
    finding_print_sites(f, out);
    if (!finding_view_is_false(f))
        return;
    putc('\n', out);
    cmd_warn(out, "   Suggestion: %s.", f->suggestion.text);
    if (*relief_text(f, text))
        cmd_warn(out, "   Gain: %s.", text);
}

void watch_print_cost(const struct watch_session *s, FILE *out)
{
    char share[CELL_TEXT], sample[CELL_TEXT];
    const struct watch_budget *const b = &s->budget;
    if (b->threads_s > 0)
        cmd_warn(out,
            "Watching took some %s of the threads' time: %s us for a sample, and what numaprobe "
            "itself ran.",
            share_text(b->taken_s / b->threads_s, share), number_text(b->sample_s * 1e6, sample));
}

enum { NOTICED_PART = 20 };

void watch_print_unseen(const struct watch_session *s, FILE *out)
{
    char text[CELL_TEXT];
    if (s->watched.ran_ns == 0)
        cmd_warn(out, "No thread ran, and of what sleeps nothing can be seen.");
    if (s->undecoded * 10 > s->samples)
        cmd_warn(out, "Of %s samples the code could not be read.",
            count_text((double)s->undecoded, text));
    if (s->watched.lost)
        cmd_warn(out, "%s samples were lost: this machine was too busy.",
            count_text((double)s->watched.lost, text));
    if (s->watched.refused)
        cmd_warn(
            out, "%zu threads could not be watched: %s.", s->watched.refused, s->watched.why.text);
    if (s->watched.blind_ns * NOTICED_PART > s->watched.ran_ns)
        cmd_warn(out,
            "%s of the threads' time was not looked at: of those that hardly ran, had just begun "
            "or "
            "could not be watched.",
            share_text((double)s->watched.blind_ns / (double)s->watched.ran_ns, text));
    if (s->late * 2 > s->tries)
        cmd_warn(out,
            "%" PRIu64 " of %" PRIu64 " questions to watchpoints were answered too late to count: "
            "this machine is too busy, or too slow.",
            s->late, s->tries);
    if (s->occupied)
        cmd_warn(out,
            "%" PRIu64 " times a thread had no debug register left: a debugger, or another "
            "numaprobe, has them.",
            s->occupied);
}

void watch_print_text(const struct watch_session *s, const struct detect_view *view, FILE *out)
{
    char text[FINDING_TEXT];
    for (size_t i = 0; i < view->processes.count; i++) {
        const struct view_process *const p = &view->processes.at[i];
        cmd_warn(out, "%" PRIu64 " %s: %s", p->pid, p->command.count ? p->command.at[0] : "",
            coverage_text(p, text));
    }
    for (size_t i = 0; i < view->findings.count; i++)
        print_finding(view, &view->findings.at[i], i + 1, out);
    putc('\n', out);
    if (view->findings.count == 0)
        cmd_warn(out,
            "No sharing was proved; %" PRIu64 " pairs of accesses were put to watchpoints.",
            s->tries);
    watch_print_cost(s, out);
    watch_print_unseen(s, out);
    cmd_warn(out, "Not seen: what the kernel does for a thread, what takes less than some 0.1%% of "
                  "a thread's time, and what happened before.");
}
