/* SPDX-License-Identifier: MIT
 * Text for a terminal of 80 columns. */
#include "cli/maps/maps_report.h"

#include "analysis/format/format.h"
#include "analysis/maps/map_count.h"
#include "analysis/maps/map_pauses.h"
#include "analysis/maps/map_scaling.h"
#include "analysis/maps/map_verdict.h"
#include "analysis/maps/map_witness.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/sample_notes.h"
#include "machine/signal_name.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An estimate that was not made is a dash. */
static void add_number(struct table *t, double value)
{
    char text[CELL_TEXT];
    if (isfinite(value))
        table_cell(t, PAINT_NONE, "%s", number_text(value, text));
    else
        table_cell(t, PAINT_DIM, "–");
}

/* Half of the interval; a dash with fewer blocks than it takes. */
static void add_width(struct table *t, struct interval i)
{
    enum { PERCENT = 100 };
    if (isnan(i.low))
        table_cell(t, PAINT_DIM, "–");
    else
        table_cell(t, PAINT_NONE, "±%.2g%%", interval_width(i) * PERCENT);
}

static void add_kib(struct table *t, double bytes)
{
    enum { KIB = 1024 };
    if (isfinite(bytes))
        table_cell(t, PAINT_NONE, "%.0f", fmax(bytes, 0) / KIB);
    else
        table_cell(t, PAINT_DIM, "–");
}

static void add_entry(struct table *t, const struct map_entry *entry, bool iterates)
{
    const struct estimate *const e = entry->estimate;
    char name[MAP_ENTRY_NAME];
    TABLE_ROW(t, map_entry_name(entry, name));
    add_number(t, e->ns.mid);
    add_width(t, e->ns);
    cell_ratio(t, entry->ratio);
    if (!iterates) /* where they iterate, the column would be the one too many for 80 */
        add_number(t, e->p50_ns);
    add_number(t, e->p99_ns);
    add_number(t, e->map.p999_ns);
    if (iterates)
        add_number(t, e->map.iterate_ns / 1e3);
    if (!map_entry_is_map(entry))
        return;
    add_kib(t, e->map.full_bytes);
    add_kib(t, e->map.emptied_bytes);
    if (!iterates)
        add_number(t, e->map.allocations);
}

/* One number of threads: all estimates. */
static void print_group(const struct map_group *g, FILE *out)
{
    bool iterates = false;
    for (size_t i = 0; i < g->entries; i++)
        iterates = iterates || isfinite(g->entry[i].estimate->map.iterate_ns);
    struct table *t =
        table_with(iterates ? "strategy|ns/op>|95%>|ratio>|p99>|p99.9>|iter us>|KiB>|empty>"
                            : "strategy|ns/op>|95%>|ratio>|p50>|p99>|p99.9>|KiB>|empty>|allocs>");
    for (size_t i = 0; i < g->entries; i++)
        add_entry(t, &g->entry[i], iterates);
    table_text(t, out, cmd_look(out));
    table_free(t);
}

/* Several numbers of threads or clients: how far each strategy scales. */
static void print_scaling(const struct map_group *group, size_t groups, FILE *out)
{
    char name[MAP_ENTRY_NAME], size[MAP_GROUP_NAME];
    snprintf(size, sizeof size, "Mop/s by %s", map_group_units(group));
    struct table *t = table_with(size);
    for (size_t i = 0; i < groups; i++)
        table_column(t, map_size_text((double)map_group_size(&group[i]), size), TABLE_RIGHT);
    table_column(t, groups < KNEE_SIZES ? "" : "bends at", TABLE_LEFT);
    const struct map_group *const last = &group[groups - 1];
    for (size_t i = 0; i < last->entries; i++) {
        const struct estimate *const e = last->entry[i].estimate;
        TABLE_ROW(t, map_entry_name(&last->entry[i], name));
        for (size_t g = 0; g < groups; g++) {
            const struct map_entry *const at = map_group_find(&group[g], e->layout, e->align_bytes);
            add_number(t, at ? map_throughput(&group[g], at->estimate->ns.mid) : NAN);
        }
        char bend[MAP_SCALING_TEXT];
        map_scaling_text(group, groups, e->layout, e->align_bytes, bend);
        table_cell(t, PAINT_NONE, "%s", bend);
    }
    table_text(t, out, cmd_look(out));
    table_free(t);
}

/* With the most threads; a dash where they are in another process. */
static void print_events(const struct maps_report *r, const struct map_group *g, FILE *out)
{
    const struct event_shown shown = event_view_shown(&r->events, r->summary);
    char name[MAP_ENTRY_NAME];
    if (!shown.count)
        return;
    struct table *t = table_with("strategy");
    event_view_columns(&r->events, &shown, t);
    for (size_t i = 0; i < g->entries; i++) {
        TABLE_ROW(t, map_entry_name(&g->entry[i], name));
        for (size_t k = 0; k < shown.count; k++)
            add_number(t, g->entry[i].estimate->per_op[shown.role[k]].mid);
    }
    fputc('\n', out);
    table_text(t, out, cmd_look(out));
    table_free(t);
}

static const struct load *load_of(const struct maps_report *r, const char *name)
{
    const struct load *load = r->plan->load;
    while (load < r->plan->load + r->plan->loads && strcmp(load->name, name) != 0)
        load++;
    return load;
}

/* "Go's collections of garbage: go-cow 31 in 0.21 s, 45.1 us at most." */
static void print_pauses(const struct maps_report *r, const struct map_group *g, FILE *out)
{
    enum { PAUSES_TEXT = 400 };
    char line[PAUSES_TEXT] = "", number[CELL_TEXT];
    struct map_pauses p;
    for (size_t i = 0; i < g->entries; i++)
        if (map_pauses_sum(r->samples, g, &g->entry[i], &p))
            text_append_item(line, sizeof line, "; ",
                p.pauses > 0 ? "%s %.0f in %.2g s, %s us at most" : "%s %.0f in %.2g s",
                g->entry[i].estimate->layout, p.pauses, p.seconds,
                number_text(p.most_ns / 1e3, number));
    if (*line)
        cmd_warn(out, "Go's collections, and for how long one stopped all threads: %s.", line);
}

static void print_witness(const struct map_group *g, FILE *out)
{
    char text[MAP_WITNESS_TEXT];
    const struct map_witness witness = map_witness_of(g);
    map_witness_text(&witness, text);
    if (*text)
        cmd_warn(out, "%s.", text);
}

/* Why a reader lock's curve is as it is. */
static void print_count(const struct maps_report *r, const struct map_group *g, FILE *out)
{
    char text[MAP_COUNT_TEXT];
    map_count_text(r->summary, g, text);
    if (*text)
        cmd_warn(out, "%s.", text);
    else if (*r->no_price && map_count_matters(g))
        cmd_warn(out, "What its reader count costs rwlock is not known: %s.", r->no_price);
}

/* Which load it is, and what the table is of: never of two regimes. */
static void print_load_heading(const struct map_group *g, const struct load *load, FILE *out)
{
    char blocks[CELL_TEXT], places[MAP_GROUP_NAME];
    fprintf(out, "\n%s%s%s\n", load->name, *load->summary ? ": " : "", load->summary);
    if (isfinite(g->canary_ns))
        snprintf(blocks, sizeof blocks, "; blocks: %zu, canary %.0f ns", g->blocks, g->canary_ns);
    else
        snprintf(blocks, sizeof blocks, "; blocks: %zu", g->blocks);
    cmd_warn(out, "%s; %s%s%s.", g->what, g->client_threads == 1 ? "client threads on " : "",
        map_group_places(g, places), blocks);
}

/* Points of the plan that the groups lack. */
static void print_uncounted(const struct maps_report *r, const struct map_group *group,
    size_t groups, const struct load *load, FILE *out)
{
    enum { NAMES = 300 };
    char names[NAMES] = "", name[MAPS_NAME];
    for (size_t i = 0; i < r->plan->points; i++) {
        const struct maps_point *const p = &r->plan->point[i];
        const int64_t align = p->strategy->align ? p->strategy->align : SAMPLE_NONE;
        bool counted = p->load != load;
        maps_point_name(p, name);
        for (size_t g = 0; g < groups && !counted; g++)
            counted = map_group_find(&group[g], name, align) != NULL;
        if (!counted)
            text_append_item(names, sizeof names, ", ", "%s", name);
    }
    if (*names)
        cmd_warn(out, "No trial of these counted, in this regime: %s.", names);
}

static void print_load(
    const struct maps_report *r, const struct map_group *group, size_t groups, FILE *out)
{
    char text[MAP_VERDICT_TEXT];
    const struct load *const load = load_of(r, group->load);
    map_verdict_text(group, groups, text);
    print_load_heading(group, load, out);
    cmd_warn(out, "%s.", text);
    map_verdict_padding(&group[groups - 1], text);
    if (*text)
        cmd_warn(out, "%s.", text);
    print_witness(&group[groups - 1], out);
    print_count(r, &group[groups - 1], out);
    fputc('\n', out);
    if (groups > 1)
        print_scaling(group, groups, out);
    else
        print_group(group, out);
    print_events(r, &group[groups - 1], out);
    print_uncounted(r, group, groups, load, out);
    print_pauses(r, &group[groups - 1], out);
}

static void print_loads(const struct maps_report *r, FILE *out)
{
    const struct map_table *const t = r->table;
    for (size_t i = 0, groups; i < t->groups; i += groups) {
        groups = map_table_series(t, i);
        print_load(r, &t->group[i], groups, out);
    }
}

static void print_owners(const struct maps_plan *plan, FILE *out)
{
    char nodes[MAPS_OWNERS];
    if (!plan->owner_node)
        return;
    maps_plan_owners(plan, nodes);
    fprintf(out, ", shards with their owners (node%s %s)", strchr(nodes, ',') ? "s" : "",
        *nodes ? nodes : "?");
}

static void print_heading(const struct maps_report *r, FILE *out)
{
    const struct maps_plan *const plan = r->plan;
    char *const cpus = cpuset_format(plan->cpus.cpu, plan->cpus.count);
    fprintf(out, "cpus %s", cpus ? cpus : "?");
    if (plan->cpus.count > 1)
        fprintf(out, " (%s)", plan->apart);
    fprintf(out, ", memory on node %s", *plan->mem_node ? plan->mem_node : "?");
    print_owners(plan, out);
    fprintf(out, ", a report of quiescence every %u ops\n", plan->quiesce);
    if (plan->has_go)
        fprintf(out, "go-*: %s, goroutines that %s threads\n", plan->go.version,
            plan->go_free ? "may change" : "are locked to");
    free(cpus);
}

static void print_ending(const struct maps_report *r, FILE *out)
{
    const unsigned most = r->plan->threads[r->plan->counts - 1];
    fputc('\n', out);
    cmd_warn(out, "%.1f s; in %zu of %zu loads all times are within ±%g%%%s.", r->seconds,
        r->precise, r->plan->loads, r->precision * 100,
        r->precise < r->plan->loads && !r->interrupted ? "; the others ended with their --max-time"
                                                       : "");
    if (r->plan->counts == 1 && r->plan->client_counts + r->plan->client_thread_counts == 1)
        cmd_warn(out,
            "ratio: time against that of %s. KiB: what the map takes after the load; empty: after "
            "deleting every key. –: fewer than %d blocks, too short for the clock, or not tried.",
            r->plan->self_test ? "twin a" : "rwlock, else mutex, else brlock", STATS_BLOCKS_MIN);
    else
        cmd_warn(out,
            "bends at: two lines fitted to log(Mop/s), where they meet; it takes %d "
            "numbers of %d blocks each.",
            KNEE_SIZES, STATS_BLOCKS_MIN);
    if (most == 1)
        cmd_warn(out, "One thread shares nothing: this is what the lock or the copy costs alone.");
    if (most == 2)
        cmd_warn(out, "2 threads show what sharing costs, and nothing about how far it scales.");
}

int maps_report_text(const struct maps_report *r, FILE *out)
{
    print_heading(r, out);
    if (r->table->groups)
        print_loads(r, out);
    else
        fprintf(out, "\nNo block could be counted in %.1f s.\n", r->seconds);
    print_ending(r, out);
    maps_print_missing(r->plan, out);
    sample_notes_print(r->samples, out);
    event_view_report(&r->events, out);
    if (r->interrupted)
        fprintf(out, "PARTIAL: interrupted by SIG%s.\n", signal_name(r->interrupted));
    return ferror(out) ? -EIO : 0;
}
