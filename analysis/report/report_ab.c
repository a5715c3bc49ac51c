/* SPDX-License-Identifier: MIT
 * Programs that `ab` compared. */
#include "analysis/ab/ab_table.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

enum { AB_SESSIONS_SHOWN = 8 };

static const struct {
    const char *class, *word;
} marks[] = {[VERDICT_SLOWER] = {"bad", "slower"},
    [VERDICT_FASTER] = {"good", "faster"},
    [VERDICT_SAME] = {"good", "no difference"},
    [VERDICT_OPEN] = {"warn", "undecided"},
    [VERDICT_NONE] = {"warn", "too few runs"}};

/* Where the control differs, of the first program only: the verdict is about the machine. */
static unsigned count_verdicts(const struct ab_result *r)
{
    return r->verdicts.cannot_tell ? 2 : r->summary.programs;
}

static void print_verdict(const struct ab_result *r, unsigned slot, FILE *out)
{
    const bool unsure = r->verdicts.cannot_tell;
    const enum verdict_kind kind = r->verdicts.kind[slot];
    char text[AB_VERDICT_TEXT];
    ab_result_verdict(r, slot, text);
    fputs("<li><div class=\"what\">", out);
    html_print(out, "strong", NULL, "%s", r->session->command[slot]);
    html_print(out, "small", NULL, "against %s", r->session->command[0]);
    fputs("</div>\n", out);
    html_print(out, "span", unsure ? "warn" : marks[kind].class, "%s",
        unsure ? "cannot decide" : marks[kind].word);
    html_print(out, "div", "text", "%s.", text);
    fputs("</li>\n", out);
}

void report_print_compared_summary(const struct report *report, FILE *out)
{
    fputs("<ul class=\"verdicts programs\">\n", out);
    for (size_t i = 0; i < report->compared_count; i++)
        for (unsigned slot = 1; slot < count_verdicts(&report->compared[i]); slot++)
            print_verdict(&report->compared[i], slot, out);
    fputs("</ul>\n", out);
}

static void print_session(const struct ab_session *s, const struct ab_summary *of, FILE *out)
{
    html_print(out, "p", "note",
        "Session %s: host %s, %s, kernel %s, %s%s, begun %s, by version %s; %zu blocks counted, "
        "%zu disturbed, %zu of another regime.",
        s->id, s->host, s->cpu_model, s->kernel, *s->cpus ? "cpus " : "not bound to cpus", s->cpus,
        s->started_at, s->version, of->blocks, of->rejected, of->other_regimes);
}

static int print_result(const struct ab_result *r, FILE *out)
{
    fputs("<h3>", out);
    for (unsigned i = 0; i < r->summary.programs; i++)
        html_print_text(out, "%s%s: %s", i ? ", " : "", ab_slot_name(i, r->summary.programs),
            r->session->command[i]);
    fputs("</h3>\n", out);
    int code = report_print_table(out, ab_table_estimates(r), "Programs compared");
    if (!code && r->sessions > 1)
        code = report_print_table(out, ab_table_sessions(r), "Wall time by session");
    for (size_t i = 0; i < r->sessions && i < AB_SESSIONS_SHOWN; i++)
        print_session(&r->session[i], &r->each[i], out);
    if (r->sessions > AB_SESSIONS_SHOWN)
        html_print(out, "p", "note", "%zu more sessions are not described here.",
            r->sessions - AB_SESSIONS_SHOWN);
    return code;
}

int report_print_compared(const struct report *report, FILE *out)
{
    static const struct report_section charts[] = {
        {.panels = PANELS_AB_DISTRIBUTION,
            .lead = "What share of the runs took at most so long; the control is program a again."},
        {.panels = PANELS_AB_RATIOS,
            .lead = "Wall time over that of a in the same block, in the order of time. A step that "
                    "all programs make at once, the control too, is the machine’s."},
    };
    int code = 0;
    html_print(out, "p", "lead",
        "Verdicts are of wall time. Ratios are to a in the same block; those of several sessions "
        "are means over sessions, with their spread in the interval. The control has to be 1.");
    for (size_t i = 0; i < report->compared_count && !code; i++)
        code = print_result(&report->compared[i], out);
    for (size_t i = 0; i < sizeof charts / sizeof *charts && !code; i++)
        if (report->panels[charts[i].panels].count)
            code = report_print_panels(report, &charts[i], out);
    return code;
}
