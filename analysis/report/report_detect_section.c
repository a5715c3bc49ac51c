/* SPDX-License-Identifier: MIT
 * What `detect` found in programs: the section. */
#include "analysis/report/report_detect.h"

#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { PROCESSES_SHOWN = 20, FINDINGS_SHOWN = 40, TRUE_SHOWN = 20 };

static void put_process(const json_t *process, bool alone, FILE *out)
{
    const json_t *const notes = json_object_get(process, "notes");
    const char *const ended = detect_file_text(process, "ended");
    fputs("<p class=\"note\">", out);
    if (!alone) {
        html_print_text(out, "%" PRId64 " ", detect_file_count(process, "pid"));
        report_detect_print_command(json_object_get(process, "command"), out);
        fputs(": ", out);
    }
    report_detect_print_coverage(process, out);
    fputs(".", out);
    if (strcmp(ended, "exit") != 0)
        html_print_text(out, " How it ended: %s.", ended);
    for (size_t i = 0; i < json_array_size(notes); i++)
        html_print_text(out, " Note: %s.", json_string_value(json_array_get(notes, i)));
    fputs("</p>\n", out);
}

static void put_processes(const json_t *root, FILE *out)
{
    const json_t *const processes = json_object_get(root, "processes");
    const size_t count = json_array_size(processes);
    const int64_t unwatched = detect_file_count(root, "unwatched");
    for (size_t i = 0; i < count && i < PROCESSES_SHOWN; i++)
        put_process(json_array_get(processes, i), count == 1, out);
    if (count > PROCESSES_SHOWN)
        html_print(out, "p", "note", "%zu processes more are in the JSON and not shown here.",
            count - PROCESSES_SHOWN);
    html_print(out, "p", "note", "%s",
        strcmp(detect_file_text(root, "mode"), "full") == 0
            ? "Every access was seen."
            : "Accesses were seen in bursts; numaprobe detect --full sees all.");
    if (unwatched)
        fprintf(out,
            "<ul class=\"warnings\"><li class=\"warn\"><strong>Not watched:</strong> "
            "%" PRId64 " process%s, for want of space for the record.</li></ul>\n",
            unwatched, unwatched == 1 ? "" : "es");
}

static int put_findings(const json_t *root, FILE *out)
{
    const json_t *const findings = json_object_get(root, "findings");
    const bool alone = json_array_size(json_object_get(root, "processes")) == 1;
    const size_t count = report_detect_count(root);
    size_t shown = 0;
    int code = 0;
    for (size_t i = 0; i < json_array_size(findings) && shown < FINDINGS_SHOWN && !code; i++)
        if (report_detect_is_false(json_array_get(findings, i)))
            code = report_detect_print_finding(json_array_get(findings, i), ++shown, alone, out);
    if (count == 0)
        html_print(out, "p", NULL, "No false sharing found in what was seen.");
    if (count > shown)
        html_print(out, "p", "note", "%zu findings more are in the JSON and not shown here.",
            count - shown);
    return code;
}

static void put_true(const json_t *root, FILE *out)
{
    const json_t *const findings = json_object_get(root, "findings");
    const size_t count = json_array_size(findings) - report_detect_count(root);
    size_t shown = 0;
    if (count == 0)
        return;
    fputs("<p>Truly shared, which no layout changes:</p>\n<ul>\n", out);
    for (size_t i = 0; i < json_array_size(findings) && shown < TRUE_SHOWN; i++) {
        const json_t *const finding = json_array_get(findings, i);
        char hands[CELL_TEXT];
        if (report_detect_is_false(finding))
            continue;
        shown++;
        fputs("<li>", out);
        report_detect_print_object(json_object_get(finding, "object"), out);
        html_print_text(out, ": %s hand-overs",
            count_text(
                (double)detect_file_count(json_object_get(finding, "handovers"), "true"), hands));
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
    if (count > shown)
        html_print(out, "p", "note", "%zu more are in the JSON and not shown here.", count - shown);
}

static void put_rest(const json_t *root, FILE *out)
{
    const json_t *const suppressed = json_object_get(root, "suppressed");
    const json_t *const all = json_object_get(root, "speedup_of_all");
    const int64_t below = detect_file_count(root, "below");
    if (json_is_object(all) && report_detect_count(root) > 1) {
        fputs("<p>", out);
        html_print_text(out,
            "All that happens fixed together, the program would be %.3g times as fast",
            detect_file_real(all, "mid"));
        if (isfinite(detect_file_real(all, "low")))
            html_print_text(out, " (%.3g to %.3g)", detect_file_real(all, "low"),
                detect_file_real(all, "high"));
        fputs(".</p>\n", out);
    }
    if (below)
        html_print(out, "p", "note", "%" PRId64 " shared place%s stayed below the threshold.",
            below, below == 1 ? "" : "s");
    for (size_t i = 0; i < json_array_size(suppressed); i++)
        html_print(out, "p", "note", "Suppressed by ‘%s’: %" PRId64 ".",
            detect_file_text(json_array_get(suppressed, i), "pattern"),
            detect_file_count(json_array_get(suppressed, i), "count"));
}

static int put_file(const json_t *root, FILE *out)
{
    fputs("<h3>", out);
    report_detect_print_command(report_detect_command(root), out);
    fputs("</h3>\n", out);
    put_processes(root, out);
    const int code = put_findings(root, out);
    put_true(root, out);
    put_rest(root, out);
    return code;
}

int report_print_detect(const struct report *report, FILE *out)
{
    const struct detect_file *const d = report->detected;
    int code = 0;
    fputs("<section id=\"found\">\n<h2>False sharing in programs</h2>\n", out);
    html_print(out, "p", "lead", "%s",
        d->files ? "Cache lines that threads took from each other though none needed the other’s "
                   "bytes. A hand-over is an access by another thread than the last one on that "
                   "line, where one of the two writes. Nothing found means: nothing in what was "
                   "seen."
                 : "No program was watched (numaprobe detect --json FILE -- COMMAND).");
    for (size_t i = 0; i < d->files && !code; i++)
        code = put_file(d->file[i], out);
    fputs("</section>\n", out);
    return code;
}
