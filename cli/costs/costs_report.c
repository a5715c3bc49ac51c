/* SPDX-License-Identifier: MIT
 * The report of a price list as text for a terminal. */
#include "cli/costs/costs_report.h"

#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "cli/sample_notes.h"
#include "cli/widest.h"
#include "machine/signal_name.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* A price that was planned but not measured is a dash. */
static void add_ns(struct table *t, double ns)
{
    if (isfinite(ns))
        cell_number(t, ns);
    else
        table_cell(t, PAINT_DIM, "–");
}

static void add_width(struct table *t, double width)
{
    char text[CELL_TEXT];
    if (width < 0)
        table_cell(t, PAINT_NONE, NULL);
    else if (isfinite(width))
        table_cell(t, PAINT_NONE, "%s", percent_text(width, text));
    else
        table_cell(t, PAINT_DIM, "none");
}

const struct price_entry *costs_price(const struct price_table *costs, const struct price_point *p)
{
    return price_table_price(costs, p->op->name, line_state_name[p->state],
        p->distance == DISTANCE_COUNT ? "" : distance_name(p->distance), costs_home_name[p->home]);
}

const struct hold_curve *costs_hold(const struct price_table *costs, const struct hold_point *point)
{
    return price_table_hold(costs, &(struct hold_key){.op = point->op->name,
                                       .distance = distance_name(point->group->distance),
                                       .threads = point->group->threads,
                                       .gap_ns = point->gap_ns});
}

/* The first of the prices from `first` to `end` that can be measured at this home and distance. */
static const struct price_point *find_point(
    const struct costs_plan *plan, size_t first, size_t end, enum costs_home home, int distance)
{
    for (const struct price_point *p = plan->price + first; p < plan->price + end; p++)
        if (!*costs_why_not(plan, p) && p->home == home && (int)p->distance == distance)
            return p;
    return NULL;
}

static bool place_used(const struct costs_plan *plan, enum costs_home home, int distance)
{
    return find_point(plan, 0, plan->prices, home, distance) != NULL;
}

/* From `first` on: how many prices share its row, which are those of one op, state and home. */
static size_t row_end(const struct costs_plan *plan, size_t first)
{
    const struct price_point *const p = &plan->price[first];
    size_t i = first;
    while (i < plan->prices && plan->price[i].op == p->op && plan->price[i].state == p->state &&
           plan->price[i].home == p->home)
        i++;
    return i;
}

static void add_row(const struct costs_report *r, struct table *t, size_t first, size_t end)
{
    double widest = -1;
    const struct price_point *p = &r->plan->price[first];
    const enum costs_home home = p->home;
    TABLE_ROW(t, p->op->name, line_state_name[p->state]);
    for (int d = 0; d <= DISTANCE_COUNT; d++) {
        if (!place_used(r->plan, home, d))
            continue;
        const struct price_point *const point = find_point(r->plan, first, end, home, d);
        const struct price_entry *const f = point ? costs_price(r->costs, point) : NULL;
        if (f) {
            add_ns(t, f->ns.mid);
            widest = fmax(widest, interval_width(f->ns));
        } else {
            table_cell(t, PAINT_NONE, NULL);
        }
    }
    add_width(t, widest);
}

static void print_home(const struct costs_report *r, enum costs_home home, FILE *out)
{
    struct table *t = table_with("op|state");
    for (int d = 0; d <= DISTANCE_COUNT; d++)
        if (place_used(r->plan, home, d))
            table_column(t, costs_place_name((enum distance)d), TABLE_RIGHT);
    table_column(t, "widest ±", TABLE_RIGHT);
    for (size_t from = 0, to; from < r->plan->prices; from = to) {
        to = row_end(r->plan, from);
        bool any = false;
        for (size_t i = from; i < to; i++)
            any = any ||
                  (r->plan->price[i].home == home && !*costs_why_not(r->plan, &r->plan->price[i]));
        if (any)
            add_row(r, t, from, to);
    }
    if (table_rows(t)) {
        fprintf(out, "\nns an op takes on a line of %s memory, by its state and owner\n",
            costs_home_name[home]);
        table_text(t, out, cmd_look(out));
    }
    table_free(t);
}

/* A share is meaningless for an interval around 0: the price is printed with its ends. */
static void add_range(struct table *t, struct interval i)
{
    if (isnan(i.low))
        table_cell(t, PAINT_DIM, "–");
    else
        cell_range(t, i);
}

static void add_point(struct table *t, const struct hold_curve *c)
{
    table_row(t);
    table_cell(t, PAINT_NONE, "%g", c->key.gap_ns);
    add_ns(t, c->alone.mid);
    add_ns(t, c->contended.mid);
    add_ns(t, c->price.mid);
    add_range(t, c->price);
    add_ns(t, c->hold_ns.mid);
    add_ns(t, c->ops_a_hold.mid);
}

/* "add" and "store" are words; the third is not. */
static const char *op_phrase(const struct walk *op)
{
    return strcmp(op->name, "rmw") == 0   ? "a plain ++"
           : strcmp(op->name, "add") == 0 ? "an add"
                                          : "a store";
}

static void print_group(
    const struct costs_report *r, const struct walk *op, const struct hold_group *group, FILE *out)
{
    struct table *t = table_with("gap>|alone>|contended>|price>|95%>|held ns>|ops a hold>");
    for (size_t i = 0; i < r->plan->holds; i++) {
        const struct hold_point *const p = &r->plan->hold[i];
        const struct hold_curve *const c =
            p->group == group && p->op == op && !p->alone ? costs_hold(r->costs, p) : NULL;
        if (c)
            add_point(t, c);
    }
    if (table_rows(t)) {
        fprintf(out, "\n%u contenders on one word (%s): ns %s and its gap take\n", group->threads,
            distance_name(group->distance), op_phrase(op));
        table_text(t, out, cmd_look(out));
    }
    table_free(t);
}

static void print_groups(const struct costs_report *r, FILE *out)
{
    for (size_t o = 0; o < r->plan->hold_ops; o++)
        for (size_t g = 0; g < r->plan->groups; g++)
            print_group(r, r->plan->hold_op[o], &r->plan->group[g], out);
}

/* Prices that are in the plan and have no figure, with the reason of their last trial. */
static void print_unmeasured(const struct costs_report *r, FILE *out)
{
    for (size_t i = 0; i < r->plan->prices; i++) {
        const struct price_point *const p = &r->plan->price[i];
        if (*costs_why_not(r->plan, p))
            continue;
        const struct price_entry *const f = costs_price(r->costs, p);
        if (!f || f->ns.n == 0)
            cmd_warn(out, "%s, %s, %s, %s memory: no trial counted (%s).", p->op->name,
                line_state_name[p->state], costs_place_name(p->distance), costs_home_name[p->home],
                f && *f->reason ? f->reason : "not reached");
    }
}

static void print_regimes(const struct costs_report *r, FILE *out)
{
    for (size_t i = 0; i < r->summary->regimes && r->summary->regimes > 1; i++) {
        const struct regime *const g = &r->summary->regime[i];
        cmd_warn(out, "Regime %lld: %zu block%s, canary %.0f ns a round trip%s.",
            (long long)g->regime, g->blocks, g->blocks == 1 ? "" : "s", g->canary_ns,
            g->regime == r->costs->regime ? "; the prices above" : "");
    }
}

static void print_ending(const struct costs_report *r, FILE *out)
{
    fprintf(out, "\n%.1f s, %zu block%s", r->seconds, r->costs->blocks,
        r->costs->blocks == 1 ? "" : "s");
    if (isfinite(r->costs->canary_ns))
        fprintf(out, ", canary %.0f ns a round trip", r->costs->canary_ns);
    fprintf(out, ".\n");
    print_regimes(r, out);
    const struct widest widest = widest_of(r->summary, false);
    if (!r->precise && r->limit)
        widest_report(&widest, r->limit, r->precision, out);
}

int costs_report_text(const struct costs_report *r, FILE *out)
{
    costs_print_heading(r->plan, r->topology, out);
    if (r->costs->blocks == 0) {
        fprintf(out, "\nNo block could be counted in %.1f s.\n", r->seconds);
    } else {
        for (int h = 0; h < COSTS_HOMES; h++)
            print_home(r, (enum costs_home)h, out);
        print_groups(r, out);
    }
    costs_print_missing(r->plan, out);
    if (r->costs->blocks > 0) {
        print_ending(r, out);
        print_unmeasured(r, out);
    }
    sample_notes_print(r->samples, out);
    if (r->interrupted)
        fprintf(out, "PARTIAL: interrupted by SIG%s.\n", signal_name(r->interrupted));
    return ferror(out) ? -EIO : 0;
}
