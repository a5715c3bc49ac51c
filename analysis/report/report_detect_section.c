/* SPDX-License-Identifier: MIT
 * What `detect` found in programs: the section. */
#include "analysis/report/report_detect.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <inttypes.h>

enum { PROCESSES_SHOWN = 20, FINDINGS_SHOWN = 40, TRUE_SHOWN = 20 };

static void print_command(const struct view_words *command, FILE *out)
{
    if (command->count == 0)
        html_text(out, "a program of an unknown name");
    for (size_t i = 0; i < command->count; i++)
        html_print_text(out, "%s%s", i ? " " : "", command->at[i]);
}

static void print_process(const struct view_process *process, bool alone, FILE *out)
{
    char text[FINDING_TEXT];
    fputs("<p class=\"note\">", out);
    if (!alone) {
        html_print_text(out, "%" PRIu64 " ", process->pid);
        print_command(&process->command, out);
        fputs(": ", out);
    }
    html_print_text(out, "%s.", coverage_text(process, text));
    if (process->ended.how != ENDED_EXIT)
        html_print_text(out, " How it ended: %s.", ended_text(&process->ended, text));
    for (size_t i = 0; i < process->notes.count; i++)
        html_print_text(out, " Note: %s.", process->notes.at[i]);
    fputs("</p>\n", out);
}

static void print_processes(const struct detect_view *view, FILE *out)
{
    static const char *const how[] = {
        [RECORD_SAMPLED] = "Accesses were seen in bursts; numaprobe detect --full sees all.",
        [RECORD_FULL] = "Every access was seen.",
        [RECORD_WATCHED] = "A running program was watched from outside."};
    const size_t count = view->processes.count;
    for (size_t i = 0; i < count && i < PROCESSES_SHOWN; i++)
        print_process(&view->processes.at[i], count == 1, out);
    if (count > PROCESSES_SHOWN)
        report_detect_print_more(count - PROCESSES_SHOWN, " processes", out);
    html_print(out, "p", "note", "%s", how[view->mode]);
    if (view->unwatched)
        fprintf(out,
            "<ul class=\"warnings\"><li class=\"warn\"><strong>Not recorded:</strong> "
            "%" PRIu64 " process%s, no space for the recording.</li></ul>\n",
            view->unwatched, view->unwatched == 1 ? "" : "es");
}

static void print_uninstrumented(const struct detect_view *view, FILE *out)
{
    if (view->uninstrumented.count == 0)
        return;
    fputs("<p class=\"note\">Not built by numaprobe cc, so nothing of it is seen: ", out);
    for (size_t i = 0; i < view->uninstrumented.count; i++)
        html_print_text(out, "%s%s", i ? ", " : "", view->uninstrumented.at[i]);
    fputs(".</p>\n", out);
}

static int print_findings(const struct detect_view *view, FILE *out)
{
    const size_t count = detect_view_count(view);
    size_t shown = 0;
    int code = 0;
    for (size_t i = 0; i < view->findings.count && shown < FINDINGS_SHOWN && !code; i++)
        if (finding_view_is_false(&view->findings.at[i]))
            code = report_detect_print_finding(
                &view->findings.at[i], ++shown, view->processes.count == 1, out);
    char text[FINDING_TEXT];
    if (count == 0)
        html_print(out, "p", NULL, "%s.", nothing_text(view, text));
    report_detect_print_more(count - shown, " findings", out);
    return code;
}

static void print_true(const struct detect_view *view, FILE *out)
{
    const size_t count = view->findings.count - detect_view_count(view);
    size_t shown = 0;
    if (count == 0)
        return;
    fputs("<p>Truly shared, which no layout changes:</p>\n<ul>\n", out);
    for (size_t i = 0; i < view->findings.count && shown < TRUE_SHOWN; i++) {
        const struct finding_view *const f = &view->findings.at[i];
        char hands[CELL_TEXT];
        if (finding_view_is_false(f))
            continue;
        shown++;
        fputs("<li>", out);
        report_detect_print_object(f->object, out);
        html_print_text(
            out, ": %s hand-overs", count_text((double)f->handovers.true_sharing, hands));
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
    report_detect_print_more(count - shown, "", out);
}

static void print_rest(const struct detect_view *view, FILE *out)
{
    char gain[FINDING_TEXT];
    if (detect_view_count(view) > 1 && report_detect_gain_of_all(view, gain))
        html_print(out, "p", NULL, "%s.", gain);
    if (view->below)
        html_print(out, "p", "note", "%" PRIu64 " shared place%s stayed below the threshold.",
            view->below, view->below == 1 ? "" : "s");
    for (size_t i = 0; i < view->suppressed.count; i++)
        html_print(out, "p", "note", "Suppressed by ‘%s’: %" PRIu64 ".",
            view->suppressed.at[i].pattern, view->suppressed.at[i].count);
}

static int print_view(const struct detect_view *view, FILE *out)
{
    fputs("<h3>", out);
    print_command(detect_view_command(view), out);
    fputs("</h3>\n", out);
    if (view->file)
        html_print(out, "p", "note", "From %s.", view->file);
    print_processes(view, out);
    print_uninstrumented(view, out);
    const int code = print_findings(view, out);
    print_true(view, out);
    print_rest(view, out);
    return code;
}

int report_print_detect(const struct report *report, FILE *out)
{
    const struct detect_file *const d = report->detected;
    int code = 0;
    html_print(out, "p", "lead", "%s",
        "Cache lines that threads took from each other though none needed the other’s bytes. A "
        "hand-over is an access by another thread than the last one on that line, where one of the "
        "two writes. Nothing found means: nothing in what was seen.");
    for (size_t i = 0; i < d->files && !code; i++)
        code = print_view(&d->file[i], out);
    return code;
}
