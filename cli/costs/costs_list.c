/* SPDX-License-Identifier: MIT
 * The plan of a price list: who measures what, and what this machine has no place for. */
#include "base/cpuset.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/costs/costs_report.h"

#include <stdlib.h>
#include <string.h>

const char *costs_place_name(enum distance distance)
{
    static const char *const names[DISTANCE_COUNT + 1] = {[DISTANCE_SAME] = "here",
        [DISTANCE_SMT] = "sibling",
        [DISTANCE_L3] = "same L3",
        [DISTANCE_PACKAGE] = "other L3",
        [DISTANCE_REMOTE] = "other pkg",
        [DISTANCE_COUNT] = "memory"};
    return names[distance];
}

void costs_print_heading(const struct costs_plan *plan, const struct topology *topology, FILE *out)
{
    char *const all = cpuset_format(plan->cpus.cpu, plan->cpus.count);
    text_print(out, "price list, on %s; cpu %u requests, of cpu%s ", topology->source,
        plan->cpus.cpu[0], plan->cpus.count > 1 ? "s" : "");
    fprintf(out, "%s\n", all && strlen(all) < 32 ? all : "chosen");
    free(all);
    const char *before = "memory:";
    for (int h = 0; h < COSTS_HOMES; h++) {
        const struct costs_node *const n = &plan->node[h];
        if (!n->asked || *n->why)
            continue;
        fprintf(out, "%s %s %s%s", before, costs_home_name[h], *n->name ? "node " : "",
            *n->name ? n->name : "(no node is known)");
        before = ",";
    }
    fputc('\n', out);
}

static void add_missing(struct table *t, const char *what, const char *why)
{
    table_row(t);
    table_cell(t, PAINT_DIM, "%s", what);
    table_cell(t, PAINT_DIM, "%s", why);
}

static bool any_price(const struct costs_plan *plan, enum line_state state, enum distance distance)
{
    for (size_t i = 0; i < plan->prices; i++)
        if (plan->price[i].state == state && plan->price[i].distance == distance)
            return true;
    return false;
}

static bool any_owned(const struct costs_plan *plan)
{
    for (size_t i = 0; i < plan->prices; i++)
        if (plan->price[i].distance != DISTANCE_COUNT)
            return true;
    return false;
}

/* A reason that applies to a whole place or home is printed once. */
static void add_missing_places(const struct costs_plan *plan, struct table *t)
{
    char what[64];
    for (int d = 0; d < DISTANCE_COUNT && any_owned(plan); d++)
        if (*plan->place[d].why)
            add_missing(t, costs_place_name((enum distance)d), plan->place[d].why);
    for (int d = 0; d < DISTANCE_COUNT; d++) {
        if (!*plan->place[d].why_third || !any_price(plan, LINE_SHARED, (enum distance)d))
            continue;
        snprintf(what, sizeof what, "shared, %s", costs_place_name((enum distance)d));
        add_missing(t, what, plan->place[d].why_third);
    }
    for (int h = 0; h < COSTS_HOMES; h++)
        if (plan->node[h].asked && *plan->node[h].why) {
            snprintf(what, sizeof what, "%s memory", costs_home_name[h]);
            add_missing(t, what, plan->node[h].why);
        }
    if (!arch_can_flush())
        add_missing(t, "exclusive, shared, invalid",
            "no instruction known here takes a line out of the caches");
    if (*plan->why_no_hold)
        add_missing(t, "holding curve", plan->why_no_hold);
    for (size_t g = 0; g < plan->groups; g++) {
        snprintf(what, sizeof what, "contenders: %s", plan->group[g].name);
        if (*plan->group[g].why && !*plan->why_no_hold)
            add_missing(t, what, plan->group[g].why);
    }
}

/* Prints the table below a blank line, unless it is empty, and frees it. */
static void print_table(struct table *t, FILE *out)
{
    if (table_rows(t)) {
        fputc('\n', out);
        table_text(t, out, cmd_look(out));
    }
    table_free(t);
}

void costs_print_missing(const struct costs_plan *plan, FILE *out)
{
    struct table *t = table_with("not here|because");
    add_missing_places(plan, t);
    print_table(t, out);
}

static void add_cpu(struct table *t, const struct costs_plan *plan, int index)
{
    if (index == COSTS_NOBODY)
        table_cell(t, PAINT_NONE, NULL);
    else
        table_cell(t, PAINT_NONE, "%u", plan->cpus.cpu[index]);
}

static void add_price(struct table *t, const struct costs_plan *plan, const struct price_point *p)
{
    TABLE_ROW(t, p->op->name, line_state_name[p->state], costs_place_name(p->distance),
        costs_home_name[p->home]);
    add_cpu(t, plan, 0);
    add_cpu(t, plan, p->distance == DISTANCE_COUNT ? COSTS_NOBODY : (int)costs_owner(plan, p));
    add_cpu(t, plan, costs_third(plan, p));
}

static void print_prices(const struct costs_plan *plan)
{
    struct table *t = table_with("op|state|owner|memory|by cpu>|owner's>|shared with>");
    for (size_t i = 0; i < plan->prices; i++)
        if (!*costs_why_not(plan, &plan->price[i]))
            add_price(t, plan, &plan->price[i]);
    print_table(t, stdout);
}

static void add_group(struct table *t, const struct costs_plan *plan, const struct hold_group *g)
{
    char gaps[512] = "";
    unsigned *const cpu = calloc(g->threads, sizeof *cpu);
    for (size_t i = 0; i < plan->gaps; i++)
        text_append_item(gaps, sizeof gaps, ",", "%g", plan->gap_ns[i]);
    for (unsigned i = 0; cpu && i < g->threads; i++)
        cpu[i] = plan->cpus.cpu[g->member[i]];
    char *const cpus = cpu ? cpuset_format(cpu, g->threads) : NULL;
    table_row(t);
    table_cell(t, PAINT_NONE, "%u", g->threads);
    TABLE_TEXTS(t, cpus ? cpus : "?", gaps);
    free(cpus);
    free(cpu);
}

static void print_holds(const struct costs_plan *plan)
{
    struct table *t = table_with("contenders>|cpus|gaps (ns)");
    for (size_t g = 0; g < plan->groups; g++)
        if (!*plan->group[g].why)
            add_group(t, plan, &plan->group[g]);
    print_table(t, stdout);
}

int costs_list(const struct costs_plan *plan, const struct topology *topology)
{
    costs_print_heading(plan, topology, stdout);
    print_prices(plan);
    print_holds(plan);
    costs_print_missing(plan, stdout);
    return cmd_done(EXIT_DONE);
}
