/* SPDX-License-Identifier: MIT
 * The report as text: the worst finding first, each with a picture of its line, the accesses, and
 * what to change. */
#include "cli/detect/detect.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "base/compare.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/finding_print.h"
#include "machine/signal_name.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_SHOWN = 8, TRUE_SHOWN = 5, PROCESSES_SHOWN = 16 };

static void print_threads(const struct finding_view *f, FILE *out)
{
    struct table *const t = table_new();
    for (size_t i = 0; i < 2; i++)
        table_column(t, "", TABLE_LEFT);
    for (size_t i = 0; i < f->threads.count && i < THREADS_SHOWN; i++) {
        const struct sharing_thread *const thread = &f->threads.at[i];
        char place[FINDING_TEXT] = "", a[CELL_TEXT], b[CELL_TEXT];
        if (thread->started)
            frame_text(thread->started, place);
        table_row(t);
        table_cell(t, PAINT_NONE, "   %c", line_map_letter(i));
        table_cell(t, PAINT_NONE, "%s %" PRIu64 " %s: %s reads, %s writes%s%s",
            thread->coroutine ? "goroutine" : "thread", thread->tid, thread->name,
            count_text((double)thread->reads, a), count_text((double)thread->writes, b),
            *place ? "; started in " : "", place);
    }
    putc('\n', out);
    table_text(t, out, cmd_look(out));
    table_free(t);
    if (f->threads.count > THREADS_SHOWN)
        fprintf(out, "   and %zu more threads\n", f->threads.count - THREADS_SHOWN);
}

static void print_price(const struct price *price, FILE *out)
{
    char text[FINDING_TEXT];
    price_text(price, text, sizeof text);
    cmd_warn(out, "   Gain: %s.", text);
    if (*access_time_text(price, text))
        cmd_warn(out, "   Price: %s.", text);
}

static void print_finding(
    const struct detect_view *view, const struct finding_view *f, size_t number, FILE *out)
{
    char text[FINDING_TEXT];
    putc('\n', out);
    cmd_warn(out, "%zu. %s", number, title_text(f, text));
    if (view->priced)
        print_price(&f->price, out);
    cmd_warn(out, "   %s.", amount_text(f, text));
    if (view->processes.count > 1)
        cmd_warn(out, "   in process %" PRIu64 "%s, %s", f->pid,
            f->latent == LATENT_PROCESSES ? " and others" : "", f->program);
    finding_print_objects(f, out);
    finding_print_picture(f, out);
    print_threads(f, out);
    finding_print_sites(f, out);
    putc('\n', out);
    cmd_warn(out, "   Suggestion: %s.", f->suggestion.text);
    if (*suppression_text(f, text)) /* not wrapped, to be copied */
        text_print(out, "   Suppression, to accept it as it is: %s\n", text);
}

static void print_findings(const struct detect_view *view, FILE *out)
{
    size_t number = 0;
    for (size_t i = 0; i < view->findings.count; i++)
        if (finding_view_is_false(&view->findings.at[i]))
            print_finding(view, &view->findings.at[i], ++number, out);
}

static void print_true(const struct detect_view *view, FILE *out)
{
    size_t shown = 0;
    for (size_t i = 0; i < view->findings.count; i++) {
        const struct finding_view *const f = &view->findings.at[i];
        char text[FINDING_TEXT], count[CELL_TEXT];
        if (finding_view_is_false(f))
            continue;
        if (shown == 0)
            fprintf(out, "\nTruly shared, which no layout changes:\n");
        if (shown++ == TRUE_SHOWN) {
            fprintf(out, "  and more (--json has all)\n");
            return;
        }
        cmd_warn(out, "  %s: %s hand-overs", made_text(f->object, text),
            count_text((double)f->handovers.true_sharing, count));
    }
}

static void print_process(const struct view_process *p, FILE *out)
{
    static const char *const ends[] = {[ENDED_EXEC] = "It ended by exec: this is what it did",
        [ENDED_KILLED] = "It did not end by exit: this is what it did",
        [ENDED_RUNNING] = "It still runs: this is what it did"};
    char text[FINDING_TEXT];
    cmd_warn(out, "%" PRIu64 " %s: %s", p->pid, p->command.count ? p->command.at[0] : "",
        coverage_text(p, text));
    if (p->ended.how == ENDED_SIGNAL)
        cmd_warn(out, "  It ended by %s, %s: this is what it did until then.",
            ended_text(&p->ended, text), strsignal(p->ended.signal));
    else if (p->ended.how != ENDED_EXIT)
        cmd_warn(out, "  %s %s.", ends[p->ended.how],
            p->ended.how == ENDED_RUNNING ? "so far" : "until then");
    if (p->note)
        cmd_warn(out, "  Not recorded to the end: %s.", p->note);
    for (size_t i = p->note ? 1 : 0; i < p->notes.count; i++)
        cmd_warn(out, "  Not all was recorded: %s.", p->notes.at[i]);
}

static int by_accesses(const void *a, const void *b)
{
    const struct view_process *const x = *(const struct view_process *const *)a,
                                     *const y = *(const struct view_process *const *)b;
    const int order = compare_u64(y->accesses.seen, x->accesses.seen);
    return order ? order : compare_u64(x->pid, y->pid);
}

static void print_other_processes(const struct view_process *const *p, size_t count, FILE *out)
{
    uint64_t accesses = 0;
    size_t partly = 0;
    char number[CELL_TEXT];
    for (size_t i = 0; i < count; i++) {
        accesses += p[i]->accesses.seen;
        partly += p[i]->note || p[i]->notes.count;
    }
    cmd_warn(out,
        "and %zu more processes with %s accesses, of %zu of which not all was recorded "
        "(--json has all).",
        count, count_text((double)accesses, number), partly);
}

/* A test suite may start thousands. */
static void print_processes(const struct detect_view *view, FILE *out)
{
    const size_t count = view->processes.count;
    const struct view_process **const all = calloc(count + 1, sizeof(struct view_process *));
    for (size_t i = 0; all && i < count; i++)
        all[i] = &view->processes.at[i];
    if (all && count > PROCESSES_SHOWN)
        qsort(all, count, sizeof(struct view_process *), by_accesses);
    for (size_t i = 0; all && i < count && i < PROCESSES_SHOWN; i++)
        print_process(all[i], out);
    if (all && count > PROCESSES_SHOWN)
        print_other_processes(&all[PROCESSES_SHOWN], count - PROCESSES_SHOWN, out);
    free(all);
}

/* Why a module names nothing, once each. */
static void print_reasons(const struct detect_view *view, FILE *out)
{
    const char *reported[16];
    size_t count = 0;
    for (size_t i = 0; i < view->findings.count; i++) {
        const struct finding_view *const f = &view->findings.at[i];
        for (size_t j = 0; j < f->sites.count && count < 16; j++) {
            const struct sharing_site *const site = &f->sites.at[j];
            bool again = !site->reason || !site->frame.module;
            for (size_t k = 0; k < count && !again; k++)
                again = strcmp(reported[k], site->frame.module) == 0;
            if (again)
                continue;
            reported[count++] = site->frame.module;
            cmd_warn(out, "Places in %s are offsets: %s.", site->frame.module, site->reason);
        }
    }
}

static void print_gain(const struct detect_view *view, FILE *out)
{
    const bool unpriced = detect_view_count(view) && !view->priced;
    size_t happen = 0;
    char text[FINDING_TEXT];
    for (size_t i = 0; i < view->findings.count; i++)
        happen += view->findings.at[i].price.known && view->findings.at[i].price.happens;
    if (happen > 1 || unpriced)
        putc('\n', out);
    price_text(&view->all, text, sizeof text);
    if (happen > 1)
        cmd_warn(out, "All of them together: %s.", text);
    if (unpriced)
        cmd_warn(out, "What a fix wins is not known: %s.", view->findings.at[0].price.why.text);
}

/* Of whose code nothing is seen. */
static void print_uninstrumented(const struct detect_view *view, FILE *out)
{
    enum { SHOWN = 8 };
    char text[FINDING_TEXT] = "";
    const size_t count = view->uninstrumented.count;
    for (size_t i = 0; i < count && i < SHOWN; i++)
        text_append_item(text, sizeof text, ", ", "%s", view->uninstrumented.at[i]);
    if (count > SHOWN)
        text_append(text, sizeof text, " and %zu more (--json has all)", count - SHOWN);
    if (count)
        cmd_warn(out, "Not built by numaprobe cc, so nothing of it is seen: %s.", text);
}

static void print_nothing(const struct detect_view *view, FILE *out)
{
    if (detect_view_count(view))
        return;
    if (view->findings.count)
        putc('\n', out);
    char text[FINDING_TEXT];
    cmd_warn(out, "%s.", nothing_text(view, text));
}

static void print_suppressed(const struct detect_view *view, FILE *out)
{
    for (size_t i = 0; i < view->suppressed.count; i++) {
        const struct view_suppression *const s = &view->suppressed.at[i];
        if (s->count)
            cmd_warn(out, "Suppressed by '%s': %" PRIu64 ".", s->pattern, s->count);
        else
            cmd_warn(
                out, "%s line %u: '%s' matched nothing.", view->suppressions, s->line, s->pattern);
    }
}

/* Not wrapped, to be copied. A program with the word "--" cannot be named so. */
static void print_proof(const struct detect_session *session, FILE *out)
{
    char *const *const words = session->args.command;
    bool possible = session->args.plain && detect_view_count(&session->view);
    for (size_t i = 1; possible && words[i]; i++)
        possible = strcmp(words[i], "--") != 0;
    if (!possible)
        return;
    fputs("\nTo prove a fix, build it as FIXED and type:\n  numaprobe ab -- ", out);
    text_put_word(session->args.plain, out);
    for (int fixed = 0; fixed < 2; fixed++) {
        for (size_t i = 1; words[i]; i++) {
            putc(' ', out);
            text_put_word(words[i], out);
        }
        fputs(fixed ? "\n" : " -- FIXED", out);
    }
}

void detect_print_text(const struct detect_session *session, FILE *out)
{
    const struct detect_view *const view = &session->view;
    print_processes(view, out);
    if (view->unwatched)
        cmd_warn(out,
            "%" PRIu64 " process%s could not be recorded: no space for the recording. "
            "Limits on files (ulimit -f, ulimit -n) have the same effect.",
            view->unwatched, view->unwatched == 1 ? "" : "es");
    print_uninstrumented(view, out);
    print_reasons(view, out);
    print_findings(view, out);
    print_true(view, out);
    detect_print_by(view, session->args.by, out);
    print_gain(view, out);
    print_nothing(view, out);
    if (view->below)
        cmd_warn(out,
            "%" PRIu64
            " shared place%s stayed below the threshold (%.0f false hand-overs a second).",
            view->below, view->below == 1 ? "" : "s", view->per_second);
    print_suppressed(view, out);
    print_proof(session, out);
    if (view->interrupted)
        cmd_warn(out, "PARTIAL: interrupted by SIG%s while gains were measured.",
            signal_name((int)view->interrupted));
}
