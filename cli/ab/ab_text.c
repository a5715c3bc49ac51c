/* SPDX-License-Identifier: MIT
 * The report as text. */
#include "analysis/ab/ab_table.h"
#include "base/text.h"
#include "cli/ab/ab_measure.h"
#include "cli/ab/ab_report.h"
#include "cli/cmd.h"
#include "cli/events/event_reasons.h"
#include "machine/signal_name.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static void print_estimates(const struct ab_result *r, FILE *out)
{
    struct table *const t = ab_table_estimates(r);
    if (table_rows(t) == 0) {
        table_free(t);
        return;
    }
    fputc('\n', out);
    cmd_print_table(t, out);
}

static void print_programs(const struct ab_result *r, FILE *out)
{
    const struct ab_session *const s = r->session;
    for (unsigned i = 0; i < s->programs; i++)
        text_print(out, "%s: %s\n", ab_slot_name(i, s->programs), s->command[i]);
    if (*s->cpus)
        fprintf(out, "on cpu%s %s; ", strpbrk(s->cpus, ",-") ? "s" : "", s->cpus);
    else
        fprintf(out, "not bound to cpus; ");
    fprintf(out, "the control is a again\n\n");
}

static void print_verdicts(const struct ab_result *r, FILE *out)
{
    char text[AB_VERDICT_TEXT];
    for (unsigned slot = 1; slot < r->summary.programs; slot++) {
        ab_result_verdict(r, slot, text);
        cmd_warn(out, "%s.", text);
        if (r->verdicts.cannot_tell)
            break;
    }
}

static void print_sessions(const struct ab_result *r, FILE *out)
{
    fputc('\n', out);
    cmd_print_table(ab_table_sessions(r), out);
    fprintf(out, "\n%zu sessions of %zu blocks in all. Values above are means over sessions.\n",
        r->sessions, r->summary.blocks);
}

/* Why an event that counts here has no value. */
static const char *event_reason(const struct ab_runner *runner, const struct counters_role *role)
{
    return *runner->counting_err.text         ? runner->counting_err.text
           : role->line.scope != EVENT_THREAD ? "counts a whole L3, not a program"
           : role->proven                     ? "ran too small a share of the time"
                                              : "reads 0, and nothing proves that it counts here";
}

static void print_events(const struct ab_report *r, FILE *out)
{
    const struct ab_runner *const runner = ab_series_runner(r->series);
    const struct counters *const c = &runner->counters;
    const struct ab_session *const s = r->result->session;
    if (*s->counters)
        cmd_warn(out, "Events: %s.", s->counters);
    event_reasons_print(c, out);
    for (size_t i = 0; i < c->roles; i++)
        if (c->role[i].counted && r->result->summary.of[0].value[AB_EVENT + c->role[i].role].n == 0)
            cmd_warn(out, "%s: %s.", event_name(&c->role[i]), event_reason(runner, &c->role[i]));
}

static void print_session(const struct ab_report *r, FILE *out)
{
    const struct ab_summary *const summary = &r->result->summary;
    char canary[80] = "";
    const double best_ns = ab_canary_best_ns(r->series);
    if (summary->canary_ns > 0 && best_ns > 0)
        snprintf(canary, sizeof canary, " The canary's loop took %.2f of its shortest time.",
            summary->canary_ns / best_ns);
    putc('\n', out);
    cmd_warn(out, "%.1f s, %zu block%s counted, %zu disturbed.%s Ratios are to a.", r->seconds,
        summary->blocks, summary->blocks == 1 ? "" : "s", summary->rejected, canary);
    if (summary->other_regimes)
        cmd_warn(out,
            "The distance between the cpus changed: blocks of another regime, not counted: %zu.",
            summary->other_regimes);
    print_events(r, out);
    const struct widest widest = ab_widest(&r->result->verdicts);
    if (!r->precise && r->limit && !r->interrupted && strcmp(r->limit, "--blocks") != 0)
        widest_report(&widest, r->limit, r->result->rule.precision, out);
    cmd_warn(out,
        "These programs, this machine, today: %s. Several sessions show more (--sessions).",
        r->shake
            ? "the length of the environment and the starts of stack and heap were varied; "
              "where code lies was not, and that alone can make some percent"
            : "neither the environment (--shake) nor where code lies was varied, and each alone "
              "can make some percent");
}

int ab_report_text(const struct ab_report *report, FILE *out)
{
    const struct ab_result *const result = report->result;
    print_programs(result, out);
    print_verdicts(result, out);
    print_estimates(result, out);
    if (result->sessions > 1)
        print_sessions(result, out);
    else
        print_session(report, out);
    if (report->interrupted)
        fprintf(out, "PARTIAL: interrupted by SIG%s.\n", signal_name(report->interrupted));
    return ferror(out) ? -EIO : 0;
}

int ab_report_status(const struct ab_report *report)
{
    const struct ab_result *const r = report->result;
    struct err err;
    char text[AB_VERDICT_TEXT];
    const struct ab_verdicts *const v = &r->verdicts;
    unsigned worst = 1;
    for (unsigned slot = 2; slot < v->programs; slot++)
        if (v->ratio[slot].low > v->ratio[worst].low)
            worst = slot;
    ab_result_verdict(r, worst, text);
    if (v->gate_failed) {
        err_set(&err, -EDOM, "--gate %g%%: %s", 100 * r->rule.gate, text);
        return cmd_fail(&err, EXIT_FOUND);
    }
    if (!v->gate_unknown)
        return EXIT_DONE;
    err_set(&err, -ENODATA, "ab: %s", text);
    return cmd_fail(&err, EXIT_UNKNOWN);
}
