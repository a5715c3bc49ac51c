/* SPDX-License-Identifier: MIT
 * Pairs summed up by hwloc's distance. */
#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "cli/matrix/matrix_report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

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

/* Unlike fmin: where one is not known, neither is the least. */
static double least_of(double a, double b)
{
    return isnan(a) || isnan(b) ? (double)NAN : fmin(a, b);
}

static void add_result(struct matrix_class *c, const struct matrix_result *one, double *room)
{
    const struct interval i = one->figure.ns;
    room[c->count] = i.mid;
    c->low = c->count ? least_of(c->low, i.low) : i.low;
    c->high = c->count ? -least_of(-c->high, -i.high) : i.high;
    c->blocks = c->count == 0 || i.n < c->blocks ? i.n : c->blocks;
    c->width = fmax(c->width, interval_width(i));
    c->least = !c->least || i.mid < c->least->figure.ns.mid ? one : c->least;
    c->most = !c->most || i.mid > c->most->figure.ns.mid ? one : c->most;
    c->count++;
}

static struct matrix_class class_of(
    const struct matrix_results *r, size_t series, const struct group *group, double *room)
{
    struct matrix_class c = {.pairs = count_pairs(r->plan, group)};
    for (size_t i = 0; i < r->pairs; i++) {
        const struct matrix_result *one = &r->result[series * r->pairs + i];
        const struct matrix_slot *slot = &r->plan->slot[one->slot];
        if (!isnan(one->figure.ns.mid) &&
            is_of(group, r->plan->cpu[slot->first], r->plan->cpu[slot->second]))
            add_result(&c, one, room);
    }
    if (c.count) {
        c.ns = stats_median(room, c.count);
        matrix_pair_apart(r->plan, &r->plan->slot[c.least->slot], c.apart);
    }
    return c;
}

/* What goes over all classes. */
struct walk_classes {
    const struct matrix_results *results;
    size_t series;
    double *room;
    void (*see)(void *context, const struct matrix_class *class);
    void *context;
};

static void see_class(const struct walk_classes *w, const struct group *group)
{
    const struct matrix_class class = class_of(w->results, w->series, group, w->room);
    if (class.count)
        w->see(w->context, &class);
}

/* One class, or on a hybrid processor one for each two kinds of cores. */
static void see_distance(const struct walk_classes *w, enum distance distance)
{
    const struct topology *topology = w->results->plan->topology;
    if (topology->kinds == 0)
        see_class(w, &(struct group){.distance = distance});
    for (size_t a = 0; a < topology->kinds; a++)
        for (size_t b = a; b < topology->kinds; b++)
            see_class(w, &(struct group){distance, {topology->kind[a], topology->kind[b]}});
}

int matrix_classes_each(const struct matrix_results *results, size_t series,
    void (*see)(void *context, const struct matrix_class *class), void *context)
{
    double *const room = malloc((results->pairs + 1) * sizeof *room);
    const struct walk_classes walk = {results, series, room, see, context};
    if (!room)
        return -ENOMEM;
    for (enum distance d = 0; d < DISTANCE_COUNT; d++)
        see_distance(&walk, d);
    free(room);
    return 0;
}

static void add_end(
    struct table *t, const struct matrix_plan *plan, const struct matrix_result *result)
{
    const struct matrix_slot *slot = &plan->slot[result->slot];
    char text[CELL_TEXT];
    table_cell(t, PAINT_NONE, "%s (%u-%u)", number_text(result->figure.ns.mid, text),
        plan->cpu[slot->first]->cpu, plan->cpu[slot->second]->cpu);
}

/* Where its rows go. */
struct printing {
    struct table *table;
    const struct matrix_plan *plan;
};

static void add_class(void *context, const struct matrix_class *c)
{
    const struct printing *p = context;
    char text[CELL_TEXT];
    TABLE_ROW(p->table, c->apart);
    table_cell(p->table, PAINT_NONE, "%zu", c->count);
    table_cell(p->table, PAINT_NONE, "%zu", c->pairs);
    cell_number(p->table, c->ns);
    add_end(p->table, p->plan, c->least);
    add_end(p->table, p->plan, c->most);
    if (isfinite(c->width))
        table_cell(p->table, PAINT_NONE, "±%s", percent_text(c->width, text));
}

void matrix_print_classes(const struct matrix_report *report, size_t series, FILE *out)
{
    struct table *t = table_with("distance|pairs>|of>|median ns>|nearest>|farthest>|widest>");
    struct printing printing = {t, report->run->plan};
    if (!matrix_classes_each(&report->run->results, series, add_class, &printing) && table_rows(t))
        table_text(t, out, cmd_look(out));
    table_free(t);
}
