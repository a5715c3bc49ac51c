/* SPDX-License-Identifier: MIT
 * The same figures as JSON, unrounded. */
#include "cli/maps/maps_report.h"

#include "analysis/format/format_json.h"
#include "analysis/maps/map_count.h"
#include "analysis/maps/map_pauses.h"
#include "analysis/maps/map_scaling.h"
#include "analysis/maps/map_verdict.h"
#include "analysis/maps/map_witness.h"
#include "cli/cmd.h"

static json_t *figures_json(const struct map_figures *m)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "full_bytes",
        json_number(m->full_bytes), "emptied_bytes", json_number(m->emptied_bytes), "iterate_ns",
        json_number(m->iterate_ns), "allocations_a_write", json_number(m->allocations),
        "freed_after_ns", json_number(m->freed_after_ns), "promotions", json_number(m->promotions),
        "promoting_most_ns", json_number(m->promoting_most_ns));
}

static json_t *pauses_json(
    const struct maps_report *r, const struct map_group *g, const struct map_entry *entry)
{
    struct map_pauses p;
    if (!map_pauses_sum(r->samples, g, entry, &p))
        return json_null();
    return json_pack("{s:f, s:I, s:f, s:f}", "seconds", p.seconds, "pauses", (json_int_t)p.pauses,
        "paused_ns", p.paused_ns, "paused_most_ns", p.most_ns);
}

static json_t *entry_json(
    const struct maps_report *r, const struct map_group *g, const struct map_entry *entry)
{
    const struct estimate *const e = entry->estimate;
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "strategy", e->layout, "twin", e->twin, "align_bytes",
        json_index(e->align_bytes, SAMPLE_NONE), "ns", json_interval(e->ns), "ratio",
        entry->ratio.n ? json_interval(entry->ratio) : json_null(), "ops_a_second",
        json_number(map_throughput(g, e->ns.mid) * 1e6), "p50_ns", json_number(e->p50_ns), "p99_ns",
        json_number(e->p99_ns), "p999_ns", json_number(e->map.p999_ns), "fairness",
        json_number(e->fairness), "map", figures_json(&e->map), "collections",
        pauses_json(r, g, entry), "per_op", event_view_json(&r->events, e));
}

static json_t *group_json(const struct maps_report *r, const struct map_group *g)
{
    json_t *entries = json_array();
    for (size_t i = 0; i < g->entries; i++)
        json_array_append_new(entries, entry_json(r, g, &g->entry[i]));
    return json_pack("{s:I, s:o, s:o, s:o}", "threads", (json_int_t)g->threads, "clients",
        json_index(g->clients, SAMPLE_NONE), "strategies", entries, "client_threads",
        g->clients == SAMPLE_NONE ? json_null() : json_boolean(g->client_threads == 1));
}

static json_t *bend_json(const struct map_group *group, size_t groups, const struct estimate *e)
{
    struct knee knee;
    if (map_scaling_find(group, groups, e->layout, e->align_bytes, &knee))
        return NULL;
    return json_pack("{s:s, s:o, s:b, s:o, s:f, s:f}", "strategy", e->layout, "align_bytes",
        json_index(e->align_bytes, SAMPLE_NONE), "bends", knee.found, "at",
        knee.found ? json_interval(knee.at) : json_null(), "slope_before", knee.before,
        "slope_after", knee.after);
}

/* Where enough sizes were measured. */
static json_t *scaling_json(const struct map_group *group, size_t groups)
{
    json_t *bends = json_array();
    for (size_t i = 0; i < group[groups - 1].entries; i++) {
        json_t *const bend = bend_json(group, groups, group[groups - 1].entry[i].estimate);
        if (bend)
            json_array_append_new(bends, bend);
    }
    return bends;
}

static json_t *witness_json(const struct map_group *g)
{
    char text[MAP_WITNESS_TEXT];
    const struct map_witness w = map_witness_of(g);
    if (w.agreement == WITNESS_NONE)
        return json_null();
    map_witness_text(&w, text);
    return json_pack("{s:s, s:o, s:o, s:o}", "text", text, "c", json_interval(w.c), "go",
        json_interval(w.go), "mutex", w.mutex.n > 0 ? json_interval(w.mutex) : json_null());
}

/* Of the most threads. */
static json_t *count_json(const struct maps_report *r, const struct map_group *g)
{
    char text[MAP_COUNT_TEXT];
    struct map_count c;
    if (!map_count_find(r->summary, g, &c))
        return json_null();
    return json_pack("{s:s, s:b, s:o, s:o, s:i, s:o}", "text", map_count_text(r->summary, g, text),
        "queued", c.queued, "contended_ns", json_interval(c.contended), "alone_ns",
        json_interval(c.alone), "adds_a_read", MAP_COUNT_ADDS, "added_ns", json_interval(c.added));
}

static json_t *load_json(const struct maps_report *r, const struct map_group *group, size_t groups)
{
    char verdict[MAP_VERDICT_TEXT], padding[MAP_VERDICT_TEXT];
    json_t *threads = json_array();
    map_verdict_text(group, groups, verdict);
    map_verdict_padding(&group[groups - 1], padding);
    for (size_t i = 0; i < groups; i++)
        json_array_append_new(threads, group_json(r, &group[i]));
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "load", group->load, "what",
        group->what, "verdict", verdict, "padding", padding, "by_threads", threads, "scaling",
        scaling_json(group, groups), "witness", witness_json(&group[groups - 1]), "reader_count",
        count_json(r, &group[groups - 1]));
}

enum { COUNTERS_TEXT = 1024 };

/* Of each thread, -1 where it is not known; null where no part has an owner. */
static json_t *owners_json(const struct maps_plan *plan)
{
    if (!plan->owner_node)
        return json_null();
    json_t *nodes = json_array();
    for (size_t i = 0; i < plan->cpus.count; i++)
        json_array_append_new(nodes, json_integer(plan->owner_node[i]));
    return nodes;
}

int maps_report_json(const struct maps_report *r, FILE *out)
{
    char counters[COUNTERS_TEXT], reasons[COUNTERS_TEXT];
    json_t *loads = json_array();
    counters_describe(r->events.counters, counters, sizeof counters);
    counters_reasons(r->events.counters, reasons, sizeof reasons);
    for (size_t i = 0, groups; i < r->table->groups; i += groups) {
        groups = map_table_series(r->table, i);
        json_array_append_new(loads, load_json(r, &r->table->group[i], groups));
    }
    json_t *root =
        json_pack("{s:i, s:s, s:f, s:f, s:I, s:b, s:I, s:o, s:o, s:o, s:s, s:s, s:s, s:o}",
            "schema", SAMPLE_SCHEMA, "command", "maps", "seconds", r->seconds, "precision",
            r->precision, "loads_precise", (json_int_t)r->precise, "partial", r->interrupted != 0,
            "quiesce", (json_int_t)r->plan->quiesce, "loads", loads, "go_version",
            r->plan->has_go ? json_string(r->plan->go.version) : json_null(), "go_locked",
            r->plan->has_go ? json_boolean(!r->plan->go_free) : json_null(), "counters", counters,
            "counters_reason", reasons, "mem_node", r->plan->mem_node, "owner_nodes",
            owners_json(r->plan));
    return json_print(root, out);
}
