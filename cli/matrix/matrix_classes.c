/* SPDX-License-Identifier: MIT
 * Pairs summed up by hwloc's distance. */
#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "cli/matrix/matrix_report.h"

#include <math.h>
#include <stdlib.h>

struct class
{
    double *ns; /* medians of its pairs that have one */
    size_t count;
    const struct matrix_result *least, *most; /* NULL for none */
    double width;                             /* the widest interval */
};

/* Pairs of one distance and, on a hybrid processor, of the same two kinds of cores. */
struct group {
    enum distance distance;
    const char *kind[2]; /* as in struct topology_cpu */
};

static bool is_of(
    const struct group *group, const struct topology_cpu *a, const struct topology_cpu *b)
{
    return topology_distance(a, b) == group->distance &&
           ((a->kind == group->kind[0] && b->kind == group->kind[1]) ||
               (a->kind == group->kind[1] && b->kind == group->kind[0]));
}

void matrix_pair_apart(
    const struct matrix_plan *plan, const struct matrix_slot *slot, char out[TOPOLOGY_APART])
{
    const unsigned cpu[] = {plan->cpu[slot->first]->cpu, plan->cpu[slot->second]->cpu};
    topology_apart(plan->topology, cpu, 2, out);
}

/* Those that were chosen, measured or not. Quadratic, on a hybrid processor only: those are small.
 */
static size_t count_pairs(const struct matrix_plan *plan, const struct group *group)
{
    size_t count = 0;
    if (plan->topology->kinds == 0)
        return plan->pairs[group->distance];
    for (size_t i = 0; i < plan->cpus.count; i++)
        for (size_t k = 0; k < i; k++)
            count += is_of(group, plan->cpu[i], plan->cpu[k]);
    return count;
}

static struct class class_of(
    const struct matrix_report *report, size_t series, const struct group *group, double *room)
{
    const struct matrix_results *r = &report->run->results;
    struct class c = {.ns = room};
    for (size_t i = 0; i < r->pairs; i++) {
        const struct matrix_result *one = &r->result[series * r->pairs + i];
        const double ns = one->figure.ns.mid;
        const struct matrix_slot *slot = &r->plan->slot[one->slot];
        if (isnan(ns) || !is_of(group, r->plan->cpu[slot->first], r->plan->cpu[slot->second]))
            continue;
        c.ns[c.count++] = ns;
        c.width = fmax(c.width, interval_width(one->figure.ns));
        c.least = !c.least || ns < c.least->figure.ns.mid ? one : c.least;
        c.most = !c.most || ns > c.most->figure.ns.mid ? one : c.most;
    }
    return c;
}

static void add_end(
    struct table *t, const struct matrix_plan *plan, const struct matrix_result *result)
{
    const struct matrix_slot *slot = &plan->slot[result->slot];
    char text[CELL_TEXT];
    table_cell(t, PAINT_NONE, "%s (%u-%u)", number_text(result->figure.ns.mid, text),
        plan->cpu[slot->first]->cpu, plan->cpu[slot->second]->cpu);
}

static void add_class(struct table *t, const struct matrix_report *report, size_t series,
    const struct group *group, double *room)
{
    const struct matrix_plan *plan = report->run->plan;
    const struct class c = class_of(report, series, group, room);
    char apart[TOPOLOGY_APART];
    if (c.count == 0)
        return;
    matrix_pair_apart(plan, &plan->slot[c.least->slot], apart);
    TABLE_ROW(t, apart);
    table_cell(t, PAINT_NONE, "%zu", c.count);
    table_cell(t, PAINT_NONE, "%zu", count_pairs(plan, group));
    cell_number(t, stats_median(c.ns, c.count));
    add_end(t, plan, c.least);
    add_end(t, plan, c.most);
    char text[CELL_TEXT];
    if (isfinite(c.width))
        table_cell(t, PAINT_NONE, "±%s", percent_text(c.width, text));
}

/* The rows of one distance: one, or on a hybrid processor one for each two kinds of cores. */
static void add_distance(struct table *t, const struct matrix_report *report, size_t series,
    enum distance distance, double *room)
{
    const struct topology *topology = report->run->plan->topology;
    if (topology->kinds == 0)
        add_class(t, report, series, &(struct group){.distance = distance}, room);
    for (size_t a = 0; a < topology->kinds; a++)
        for (size_t b = a; b < topology->kinds; b++)
            add_class(t, report, series,
                &(struct group){distance, {topology->kind[a], topology->kind[b]}}, room);
}

void matrix_print_classes(const struct matrix_report *report, size_t series, FILE *out)
{
    double *room = malloc((report->run->results.pairs + 1) * sizeof *room);
    struct table *t = table_with("distance|pairs>|of>|median ns>|nearest>|farthest>|widest>");
    for (enum distance d = 0; room && d < DISTANCE_COUNT; d++)
        add_distance(t, report, series, d, room);
    if (table_rows(t))
        table_text(t, out, cmd_look(out));
    table_free(t);
    free(room);
}
