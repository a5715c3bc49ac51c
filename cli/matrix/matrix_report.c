/* SPDX-License-Identifier: MIT
 * The report of a matrix as text for a terminal. */
#include "cli/matrix/matrix_report.h"

#include "analysis/format/format.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/matrix/matrix_heat.h"
#include "cli/widest.h"
#include "machine/signal_name.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS_SHOWN = 28 /* of 8 cpus; more are shown as a heat map and by distance */ };

static void add_regimes(struct table *t, const struct pair_estimate *f)
{
    char text[CELL_TEXT];
    if (f->others > 0)
        table_cell(t, PAINT_WARN, "%s (n %zu)%s", number_text(f->other_ns, text), f->other_n,
            f->others > 1 ? ", ..." : "");
}

static void add_pair(
    struct table *t, const struct matrix_plan *plan, const struct matrix_result *result)
{
    const struct matrix_slot *slot = &plan->slot[result->slot];
    const struct pair_estimate *f = &result->figure;
    table_row(t);
    table_cell(t, PAINT_NONE, "%u", plan->cpu[slot->first]->cpu);
    table_cell(t, PAINT_NONE, "%u", plan->cpu[slot->second]->cpu);
    char apart[TOPOLOGY_APART];
    matrix_pair_apart(plan, slot, apart);
    table_cell(t, PAINT_NONE, "%s", apart);
    table_cell(t, PAINT_NONE, "%zu", f->ns.n);
    if (isnan(f->ns.mid))
        return;
    cell_number(t, f->ns.mid);
    cell_range(t, f->ns);
    cell_range(t, (struct interval){.low = f->p10, .mid = f->ns.mid, .high = f->p90});
    add_regimes(t, f);
}

static void print_pairs(const struct matrix_report *report, size_t series, FILE *out)
{
    const struct matrix_results *r = &report->run->results;
    bool several = false;
    for (size_t i = 0; i < r->pairs; i++)
        several = several || r->result[series * r->pairs + i].figure.others > 0;
    struct table *t = table_with("cpu>|peer>|distance|n>|ns>|95%>|p10–p90>");
    if (several)
        table_column(t, "also at", TABLE_LEFT);
    for (size_t i = 0; i < r->pairs; i++)
        add_pair(t, r->plan, &r->result[series * r->pairs + i]);
    cmd_print_table(t, out);
}

static void print_heading(const struct matrix_series *series, FILE *out)
{
    const struct protocol *p = series->protocol;
    fprintf(out, "%s: %s; ns a %s\n", p->name, p->summary, p->unit);
    if (series->home != HOME_NODE)
        fprintf(out, "memory on the node of the pair's %s cpu\n", matrix_home_name[series->home]);
    else if (series->node >= 0)
        fprintf(out, "memory on node %d\n", series->node);
}

static void print_series(const struct matrix_report *report, size_t series, FILE *out)
{
    const struct matrix_results *r = &report->run->results;
    const struct cpuset *cpus = &r->plan->cpus;
    print_heading(&r->plan->series[series], out);
    fputc('\n', out);
    if (cpus->count > 2 && cpus->count <= HEAT_CPUS && !r->plan->classes) {
        double *square = matrix_results_square(r, series);
        if (square)
            matrix_heat(cpus, square, cmd_look(out).colour, out);
        free(square);
        fputc('\n', out);
    }
    if (r->pairs <= PAIRS_SHOWN) {
        print_pairs(report, series, out);
        fputc('\n', out);
    }
    if (cpus->count <= 2)
        return;
    matrix_print_classes(report, series, out);
    fputc('\n', out);
}

static void print_level(const struct matrix_report *report, size_t level, FILE *out)
{
    const struct clusters_level *l = &report->domains->clusters.level[level];
    const char *const *same = report->domains->same[level];
    char *groups = matrix_groups_format(report->run->plan, l->of, l->count);
    char names[64] = "";
    for (size_t i = 0; i < DOMAIN_KINDS && same[i]; i++)
        text_append_item(names, sizeof names, ", ", "%s", same[i]);
    cmd_warn(out, "%zu clusters, %.0f ns within, %.0f between: %s (hwloc: %s)", l->count, l->within,
        l->between, groups ? groups : "?", *names ? names : "no such domain");
    free(groups);
}

static void print_domains(const struct matrix_report *report, FILE *out)
{
    const struct matrix_domains *d = report->domains;
    if (!d->looked)
        return;
    for (size_t i = 0; i < d->clusters.levels; i++)
        print_level(report, i, out);
    if (d->clusters.levels == 0)
        cmd_warn(out, "The matrix shows no clusters: all cpus are about as far from each other.");
    for (size_t i = 0; i < d->doubts; i++)
        cmd_warn(out, "WARNING: %s.", d->doubt[i]);
    if (d->doubts)
        cmd_warn(out, "Where the two disagree, trust the matrix: virtual machines often report a "
                      "topology that is not theirs.");
}

static void print_deviations(const struct matrix_report *report, FILE *out)
{
    for (enum distance d = 0; d < DISTANCE_COUNT; d++) {
        const struct matrix_deviation *v = &report->run->results.deviation[d];
        if (v->checks)
            cmd_warn(out,
                "%s: side by side took %.3g times as long as alone (worst %.3g, %zu "
                "checks)%s",
                distance_name(d), v->median, v->worst, v->checks,
                report->run->plan->alone[d] ? ": measured one pair at a time." : ".");
    }
}

struct counts {
    size_t accepted, rejected, without;
    struct widest widest;
};

static void widen(
    const struct matrix_results *r, const struct matrix_result *one, struct widest *widest)
{
    const struct matrix_slot *const slot = &r->plan->slot[one->slot];
    const double width = interval_width(one->figure.ns);
    if (width <= widest->width)
        return;
    widest->width = width;
    snprintf(widest->name, sizeof widest->name, "cpus %u and %u", r->plan->cpu[slot->first]->cpu,
        r->plan->cpu[slot->second]->cpu);
}

static struct counts count_all(const struct matrix_results *r)
{
    struct counts c = {0};
    for (size_t i = 0; i < r->pairs * r->serieses; i++) {
        const struct matrix_result *one = &r->result[i];
        c.accepted += one->accepted;
        c.rejected += one->rejected;
        c.without += one->figure.ns.n < STATS_BLOCKS_MIN;
        widen(r, one, &c.widest);
    }
    return c;
}

static void print_regime(const struct matrix *matrix, int regime, const char *note, FILE *out)
{
    const size_t blocks = matrix_regime_blocks(matrix, regime);
    if (blocks > 0)
        cmd_warn(out, "Regime %d: %zu block%s, canary %.0f ns a round trip%s.", regime, blocks,
            blocks == 1 ? "" : "s", matrix_canary(matrix, regime), note);
}

/* The estimates are of one; the others are named, since on another day they may be the ones seen.
 */
static void print_regimes(const struct matrix *matrix, FILE *out)
{
    const int shown = matrix_main_regime(matrix);
    print_regime(matrix, shown, "; estimates are of this one", out);
    for (int r = 0; r < CANARY_REGIMES; r++)
        if (r != shown)
            print_regime(matrix, r, "", out);
}

/* It moves a guest's cpus between cores some of which are nearer to each other, in seconds or
 * hours. The canary, which shows the larger of these moves, does not tell all of them apart. */
static void print_hypervisor(const struct matrix *matrix, FILE *out)
{
    const char *const name = matrix_origin(matrix)->system.hypervisor;
    if (*name)
        cmd_warn(out,
            "Under %s the intervals are of this run: another may find the cpus elsewhere.", name);
}

static void print_ending(const struct matrix_report *report, FILE *out)
{
    const struct matrix_run *run = report->run;
    const struct counts c = count_all(&run->results);
    cmd_warn(out, "%.2f s, %zu block%s, %zu batch%s.", matrix_elapsed_ns(run) / 1e9, run->blocks,
        run->blocks == 1 ? "" : "s", c.accepted, c.accepted == 1 ? "" : "es");
    print_regimes(run->matrix, out);
    print_hypervisor(run->matrix, out);
    if (c.rejected)
        cmd_warn(out, "%zu batch%s disturbed and not counted.", c.rejected,
            c.rejected == 1 ? " was" : "es were");
    if (run->limit && !report->interrupted)
        widest_report(&c.widest, run->limit, run->args->common.precision, out);
    if (c.without)
        cmd_warn(out, "%zu estimate%s fewer than %d batches of one regime, and so no interval%s.",
            c.without, c.without == 1 ? " has" : "s have", STATS_BLOCKS_MIN,
            report->interrupted ? "" : ": use a longer --max-time");
    if (strcmp(matrix_verified(run->matrix), "unverified") == 0)
        cmd_warn(out, "The memory's node could not be verified (see 'numaprobe doctor').");
    if (report->interrupted)
        cmd_warn(out, "PARTIAL: interrupted by SIG%s.", signal_name(report->interrupted));
}

int matrix_report_text(const struct matrix_report *report, FILE *out)
{
    for (size_t i = 0; i < report->run->plan->serieses; i++)
        print_series(report, i, out);
    print_domains(report, out);
    print_deviations(report, out);
    print_ending(report, out);
    return ferror(out) ? -EIO : 0;
}
