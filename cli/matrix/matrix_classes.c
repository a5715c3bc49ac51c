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

static struct class class_of(
    const struct matrix_report *report, size_t series, enum distance distance, double *room)
{
    const struct matrix_results *r = &report->run->results;
    struct class c = {.ns = room};
    for (size_t i = 0; i < r->pairs; i++) {
        const struct matrix_result *one = &r->result[series * r->pairs + i];
        const double ns = one->figure.ns.mid;
        if (r->plan->slot[one->slot].distance != distance || isnan(ns))
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
    enum distance distance, double *room)
{
    const struct matrix_plan *plan = report->run->plan;
    const struct class c = class_of(report, series, distance, room);
    if (c.count == 0)
        return;
    TABLE_ROW(t, distance_name(distance));
    table_cell(t, PAINT_NONE, "%zu", c.count);
    table_cell(t, PAINT_NONE, "%zu", plan->pairs[distance]);
    cell_number(t, stats_median(c.ns, c.count));
    add_end(t, plan, c.least);
    add_end(t, plan, c.most);
    char text[CELL_TEXT];
    if (isfinite(c.width))
        table_cell(t, PAINT_NONE, "±%s", percent_text(c.width, text));
}

void matrix_print_classes(const struct matrix_report *report, size_t series, FILE *out)
{
    double *room = malloc((report->run->results.pairs + 1) * sizeof *room);
    struct table *t = table_with("distance|pairs>|of>|median ns>|nearest>|farthest>|widest>");
    for (enum distance d = 0; room && d < DISTANCE_COUNT; d++)
        add_class(t, report, series, d, room);
    if (table_rows(t))
        table_text(t, out, cmd_look(out));
    table_free(t);
    free(room);
}
