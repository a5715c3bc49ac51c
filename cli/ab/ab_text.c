/* SPDX-License-Identifier: MIT
 * The report as text. */
#include "analysis/format/format.h"
#include "base/text.h"
#include "cli/ab/ab_measure.h"
#include "cli/ab/ab_report.h"
#include "cli/cmd.h"

#include <errno.h>
#include <math.h>
#include <string.h>

void ab_report_verdict(const struct ab_report *r, unsigned slot, char out[AB_VERDICT_TEXT])
{
    ab_verdict_text(r->verdicts, r->rule->judged, slot, r->joined ? "sessions" : "blocks",
        r->joined ? AB_SESSIONS_MIN : STATS_BLOCKS_MIN, out);
}

/* What a value is divided by for the table. */
struct unit {
    double size;
    const char *name;
};

static struct unit unit_of(enum ab_measure measure, double value)
{
    static const struct unit second = {1, "s"}, milli = {1e-3, "ms"}, micro = {1e-6, "µs"},
                             mib = {1 << 20, "MiB"}, none = {1, ""};
    if (measure == AB_MEMORY)
        return mib;
    if (measure != AB_WALL && measure != AB_CPU)
        return none;
    return value < 1e-3 ? micro : value < 1 ? milli : second;
}

static struct interval scaled(struct interval value, double size)
{
    return (struct interval){value.low / size, value.mid / size, value.high / size, value.n};
}

static void add_program(struct table *t, const struct ab_report *r, enum ab_measure measure,
    unsigned slot, struct unit unit)
{
    char text[CELL_TEXT];
    const struct ab_estimate *const e = &r->summary->of[slot];
    const struct interval value = scaled(e->value[measure], unit.size);
    TABLE_ROW(t, slot ? "" : ab_measure_names[measure], slot ? "" : unit.name,
        ab_slot_name(slot, r->summary->programs));
    table_cell(t, PAINT_NONE, "%zu", value.n);
    cell_number(t, value.mid);
    cell_range(t, value);
    TABLE_TEXTS(t, ab_ratio_text(e->ratio[measure], text));
    TABLE_TEXTS(t, ab_range_text(e->ratio[measure], text));
}

static void print_estimates(const struct ab_report *r, FILE *out)
{
    struct table *t = table_with("measure|unit|program|n>|median>|95%>|ratio>|95%>");
    for (int measure = 0; measure < AB_MEASURES; measure++) {
        const double value = r->summary->of[0].value[measure].mid;
        for (unsigned slot = 0; !isnan(value) && slot <= r->summary->programs; slot++)
            add_program(t, r, measure, slot, unit_of(measure, value));
    }
    if (table_rows(t)) {
        fputc('\n', out);
        table_text(t, out, cmd_look(out));
    }
    table_free(t);
}

static void print_programs(const struct ab_report *r, FILE *out)
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

static void print_verdicts(const struct ab_report *r, FILE *out)
{
    char text[AB_VERDICT_TEXT];
    for (unsigned slot = 1; slot < r->summary->programs; slot++) {
        ab_report_verdict(r, slot, text);
        cmd_warn(out, "%s.", text);
        if (r->verdicts->cannot_tell)
            break;
    }
}

static void print_sessions(const struct ab_report *r, FILE *out)
{
    struct table *t = table_with("session|host|begun|program|n>|ratio>|95%>");
    char text[CELL_TEXT];
    for (size_t i = 0; i < r->sessions; i++)
        for (unsigned slot = 1; slot <= r->summary->programs; slot++) {
            const struct interval ratio = r->each[i].of[slot].ratio[r->rule->judged];
            const bool first = slot == 1;
            TABLE_ROW(t, first ? r->session[i].id : "", first ? r->session[i].host : "",
                first ? r->session[i].started_at : "", ab_slot_name(slot, r->summary->programs));
            table_cell(t, PAINT_NONE, "%zu", ratio.n);
            TABLE_TEXTS(t, ab_ratio_text(ratio, text));
            TABLE_TEXTS(t, ab_range_text(ratio, text));
        }
    fputc('\n', out);
    cmd_print_table(t, out);
    fprintf(out, "\n%zu sessions of %zu blocks in all. Values above are means over sessions.\n",
        r->sessions, r->summary->blocks);
}

static void print_session(const struct ab_report *r, FILE *out)
{
    char canary[80] = "";
    if (r->summary->canary_ns > 0 && r->canary_best_ns > 0)
        snprintf(canary, sizeof canary, " The canary's loop took %.2f of its shortest time.",
            r->summary->canary_ns / r->canary_best_ns);
    putc('\n', out);
    cmd_warn(out, "%.1f s, %zu block%s counted, %zu disturbed.%s Ratios are to a.", r->seconds,
        r->summary->blocks, r->summary->blocks == 1 ? "" : "s", r->summary->rejected, canary);
    const struct widest widest = ab_widest(r->verdicts);
    if (!r->precise && r->limit && !r->interrupted && strcmp(r->limit, "--blocks") != 0)
        widest_report(&widest, r->limit, r->rule->precision, out);
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
    print_programs(report, out);
    print_verdicts(report, out);
    print_estimates(report, out);
    if (report->joined)
        print_sessions(report, out);
    else
        print_session(report, out);
    if (report->interrupted)
        fprintf(out, "PARTIAL: interrupted by SIG%s.\n", sigabbrev_np(report->interrupted));
    return ferror(out) ? -EIO : 0;
}

int ab_report_status(const struct ab_report *r)
{
    struct err err;
    char text[AB_VERDICT_TEXT];
    const struct ab_verdicts *const v = r->verdicts;
    unsigned worst = 1;
    for (unsigned slot = 2; slot < v->programs; slot++)
        if (v->ratio[slot].low > v->ratio[worst].low)
            worst = slot;
    ab_report_verdict(r, worst, text);
    if (v->gate_failed) {
        err_set(&err, -EDOM, "--gate %g%%: %s", 100 * r->rule->gate, text);
        return cmd_fail(&err, EXIT_FOUND);
    }
    if (!v->gate_unknown)
        return EXIT_DONE;
    err_set(&err, -ENODATA, "ab: %s", text);
    return cmd_fail(&err, EXIT_UNKNOWN);
}
