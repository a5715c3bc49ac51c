/* SPDX-License-Identifier: MIT
 * The report of a run as text for a terminal. */
#include "cli/run/run_report.h"

#include "analysis/format/format.h"
#include "base/cpuset.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/sample_notes.h"
#include "cli/widest.h"
#include "machine/signal_name.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_estimate(
    struct table *t, const struct estimate *f, bool timed, const struct event_shown *roles)
{
    TABLE_ROW(t, f->op);
    cell_variant(t, f);
    table_cell(t, PAINT_NONE, "%s", f->role);
    table_cell(t, PAINT_NONE, "%zu", f->ns.n);
    cell_number(t, f->ns.mid);
    cell_range(t, f->ns);
    if (timed) {
        cell_number(t, f->p50_ns);
        cell_number(t, f->p99_ns);
    }
    event_view_cells(roles, f, t);
    cell_ratio(t, f->ratio);
    cell_ratio_range(t, f->ratio);
}

static struct table *new_columns(
    bool timed, const struct event_view *view, const struct event_shown *roles)
{
    struct table *t = table_with("op|variant|role|n>|ns/op>|95%>");
    if (timed) {
        table_column(t, "p50", TABLE_RIGHT);
        table_column(t, "p99", TABLE_RIGHT);
    }
    event_view_columns(view, roles, t);
    table_column(t, "ratio", TABLE_RIGHT);
    table_column(t, "95%", TABLE_RIGHT);
    return t;
}

static bool is_shown(const struct estimate *f, const char *layout, int64_t regime)
{
    return f->accepted && f->regime == regime && strcmp(f->layout, layout) == 0;
}

/* The figures of one layout in one regime. */
static void print_layout(const struct run_report *r, const char *layout, int64_t regime, FILE *out)
{
    bool timed = false;
    for (size_t i = 0; i < r->summary->count; i++)
        timed = timed || (is_shown(&r->summary->estimate[i], layout, regime) &&
                             !isnan(r->summary->estimate[i].p50_ns));
    const struct event_shown roles = event_view_shown(&r->events, r->summary);
    struct table *t = new_columns(timed, &r->events, &roles);
    for (size_t i = 0; i < r->summary->count; i++)
        if (is_shown(&r->summary->estimate[i], layout, regime))
            add_estimate(t, &r->summary->estimate[i], timed, &roles);
    if (table_rows(t))
        table_text(t, out, cmd_look(out));
    table_free(t);
}

/* The layouts of the plan in its order, each once; NULL after the last. */
static const struct shape *next_layout(const struct run_report *r, size_t *at)
{
    while (*at < r->plan->points) {
        const struct shape *const shape = r->plan->point[(*at)++].shape;
        if (*at == 1 || strcmp(shape->name, r->plan->point[*at - 2].shape->name) != 0)
            return shape;
    }
    return NULL;
}

static void add_verdict(struct table *t, const struct verdict *v)
{
    static const enum table_paint paint[] = {[VERDICT_NONE] = PAINT_DIM,
        [VERDICT_SAME] = PAINT_GOOD,
        [VERDICT_SLOWER] = PAINT_BAD,
        [VERDICT_FASTER] = PAINT_WARN,
        [VERDICT_OPEN] = PAINT_WARN};
    TABLE_ROW(t, v->first->layout, v->first->op, v->first->role);
    table_cell(t, paint[v->worst], "%s", v->text);
}

/* In the order of the tables below them. */
static void print_verdicts(const struct run_report *r, int64_t regime, FILE *out)
{
    struct table *t = table_with("layout|op|role|verdict");
    size_t at = 0;
    for (const struct shape *shape; (shape = next_layout(r, &at));)
        for (size_t i = 0; i < r->verdicts; i++)
            if (is_shown(r->verdict[i].first, shape->name, regime))
                add_verdict(t, &r->verdict[i]);
    cmd_print_table(t, out);
}

static void print_estimates(const struct run_report *r, int64_t regime, FILE *out)
{
    size_t at = 0;
    for (const struct shape *shape; (shape = next_layout(r, &at));) {
        text_print(out, "\n%s: %s\n", shape->name, shape->summary);
        print_layout(r, shape->name, regime, out);
    }
}

/* One that was seen too rarely for an interval is named only; its rows are in the CSV. */
static void print_regime(const struct run_report *r, size_t index, FILE *out)
{
    const struct regime *regime = &r->summary->regime[index];
    const bool brief = index > 0 && regime->blocks < STATS_BLOCKS_MIN;
    if (r->summary->regimes > 1)
        fprintf(out, "\nRegime %lld: %zu block%s, canary %.0f ns a round trip%s\n",
            (long long)regime->regime, regime->blocks, regime->blocks == 1 ? "" : "s",
            regime->canary_ns, brief ? "; too few for estimates" : "");
    if (brief)
        return;
    fputc('\n', out);
    print_verdicts(r, regime->regime, out);
    print_estimates(r, regime->regime, out);
}

static void print_heading(const struct run_report *r, FILE *out)
{
    char *cpus = cpuset_format(r->plan->cpus.cpu, r->plan->cpus.count);
    const bool several = r->plan->cpus.count > 1;
    fprintf(out, "%s, %zu thread%s on cpu%s %s", mode_names[r->plan->mode], r->plan->cpus.count,
        several ? "s" : "", several ? "s" : "", cpus ? cpus : "?");
    if (several)
        fprintf(out, " (%s)", r->plan->apart);
    if (*r->plan->mem_node)
        fprintf(
            out, ", memory %s%s", r->plan->memory.node >= 0 ? "on node " : "", r->plan->mem_node);
    if (r->plan->gap_ns > 0)
        fprintf(out, ", gap %g ns", r->plan->gap_ns);
    fputc('\n', out);
    free(cpus);
}

static void print_ending(const struct run_report *r, FILE *out)
{
    if (r->summary->regimes == 0) {
        fprintf(out, "\nNo block could be counted in %.1f s.\n", r->seconds);
        return;
    }
    const struct regime *most = r->summary->regime;
    fprintf(out, "\n%.1f s, %zu block%s", r->seconds, most->blocks, most->blocks == 1 ? "" : "s");
    if (!isnan(most->canary_ns))
        fprintf(out, ", canary %.0f ns a round trip", most->canary_ns);
    fprintf(out, ". Ratios are %s.\n", *r->plan->point->twin ? "of b to a" : "to 'isolated'");
    const struct widest widest = widest_of(r->summary, true);
    if (!r->enough && r->limit && !r->interrupted)
        widest_report(&widest, r->limit, r->precision, out);
}

int run_report_text(const struct run_report *report, FILE *out)
{
    print_heading(report, out);
    for (size_t i = 0; i < report->summary->regimes; i++)
        print_regime(report, i, out);
    print_ending(report, out);
    sample_notes_print(report->samples, out);
    event_view_report(&report->events, out);
    if (report->interrupted)
        fprintf(out, "PARTIAL: interrupted by SIG%s.\n", signal_name(report->interrupted));
    return ferror(out) ? -EIO : 0;
}
