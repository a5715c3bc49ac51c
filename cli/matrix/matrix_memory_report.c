/* SPDX-License-Identifier: MIT
 * The latencies of memory as text and as JSON, and the plan. */
#include "cli/matrix/matrix_memory.h"

#include "analysis/format/format.h"
#include "analysis/format/format_json.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/sample_notes.h"
#include "cli/widest.h"
#include "machine/signal_name.h"
#include "machine/system/sysfile.h"
#include "probes/costs/costs_walk.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>

static const struct topology_cpu *cpu_of(
    const struct memory_plan *plan, const struct memory_point *point)
{
    return topology_cpu(plan->topology, plan->cpus.cpu[point->cpu]);
}

static const char *home_of(const struct memory_plan *plan, const struct memory_point *point)
{
    const char *const home = plan->target[point->target].home;
    return *home ? home : "(no node is known)";
}

/* The requester's columns: cpu, its node, and its kind on a hybrid processor. */
static void add_cpu(struct table *t, const struct topology_cpu *cpu, bool kinds)
{
    table_row(t);
    table_cell(t, PAINT_NONE, "%u", cpu->cpu);
    table_cell(t, PAINT_NONE, cpu->node < 0 ? NULL : "%d", cpu->node);
    if (kinds)
        table_cell(t, PAINT_NONE, "%s", cpu->kind ? cpu->kind : "");
}

static void add_stated(
    struct table *t, const struct memory_plan *plan, const struct memory_point *point)
{
    const unsigned stated = memory_plan_stated(plan, point);
    if (plan->topology->latency_ns)
        table_cell(t, PAINT_NONE, stated ? "%u" : NULL, stated);
}

static struct table *new_table(const struct memory_plan *plan)
{
    struct table *const t = table_with("cpu>|its node>");
    if (plan->topology->kinds > 0)
        table_column(t, "kind", TABLE_LEFT);
    table_column(t, "memory of", TABLE_LEFT);
    return t;
}

static void print_targets(const struct memory_plan *plan, FILE *out)
{
    for (size_t i = 0; i < plan->targets; i++)
        if (*plan->target[i].why)
            cmd_warn(out, "%s: %s.", plan->target[i].home, plan->target[i].why);
}

/* What the times are of, for whoever compares them with another tool's. */
static void print_buffer(const struct memory_plan *plan, FILE *out)
{
    const size_t bytes = walk_area_bytes(plan->line_bytes);
    const uint64_t l3 = plan->topology->l3_bytes;
    char part[CELL_TEXT] = "an unknown part", text[CELL_TEXT];
    if (l3 > 0)
        snprintf(part, sizeof part, "%s", percent_text((double)bytes / (double)l3, text));
    cmd_warn(out,
        "A walk loads %d lines of %zu KiB in random order, each waiting for the one before; that "
        "is "
        "%s of an L3, but each line is flushed to memory just before.",
        WALK_LINES, bytes >> 10, part);
}

/* AMD's kernels state the second level's entries; no other file has any. */
static void print_tlb(const struct memory_plan *plan, const char *pages, FILE *out)
{
    char entries[64];
    if (!plan->topology->is_this_machine ||
        !sysfile_value("", "/proc/cpuinfo", "TLB size", entries, sizeof entries))
        snprintf(entries, sizeof entries, "unknown");
    cmd_warn(out,
        "TLB: a walk lies in %zu KiB of %s pages, each touched just before, so the TLB reaches all "
        "of it (its entries: %s).",
        walk_area_bytes(plan->line_bytes) >> 10, pages, entries);
}

int matrix_memory_list(const struct memory_plan *plan)
{
    struct table *const t = new_table(plan);
    if (plan->topology->latency_ns)
        table_column(t, "stated ns", TABLE_RIGHT);
    for (size_t i = 0; i < plan->points; i++) {
        add_cpu(t, cpu_of(plan, &plan->point[i]), plan->topology->kinds > 0);
        table_cell(t, PAINT_NONE, "%s", home_of(plan, &plan->point[i]));
        add_stated(t, plan, &plan->point[i]);
    }
    text_print(stdout, "on       %s\n", plan->topology->source);
    printf("measures the load latency of memory, by %zu cpu%s\n\n", plan->cpus.count,
        plan->cpus.count == 1 ? "" : "s");
    cmd_print_table(t, stdout);
    putchar('\n');
    print_targets(plan, stdout);
    print_buffer(plan, stdout);
    return cmd_done(EXIT_DONE);
}

static void add_point(
    struct table *t, const struct matrix_memory_report *r, const struct memory_point *point)
{
    const struct estimate *const e = matrix_memory_estimate(r->summary, r->plan, point);
    add_cpu(t, cpu_of(r->plan, point), r->plan->topology->kinds > 0);
    table_cell(t, PAINT_NONE, "%s", home_of(r->plan, point));
    table_cell(t, PAINT_NONE, "%zu", e ? e->ns.n : 0);
    if (e && e->ns.n > 0)
        cell_number(t, e->ns.mid);
    else
        table_cell(t, PAINT_DIM, "–");
    if (e && !isnan(e->ns.low))
        cell_range(t, e->ns);
    else
        table_cell(t, PAINT_DIM, "–");
    add_stated(t, r->plan, point);
}

static void print_latencies(const struct matrix_memory_report *r, FILE *out)
{
    struct table *const t = new_table(r->plan);
    table_column(t, "n", TABLE_RIGHT);
    table_column(t, "ns", TABLE_RIGHT);
    table_column(t, "95%", TABLE_RIGHT);
    if (r->plan->topology->latency_ns)
        table_column(t, "firmware states", TABLE_RIGHT);
    for (size_t i = 0; i < r->plan->points; i++)
        if (!*r->plan->target[r->plan->point[i].target].why)
            add_point(t, r, &r->plan->point[i]);
    fprintf(out, "ns a load takes whose line is in memory\n\n");
    table_text(t, out, cmd_look(out));
    table_free(t);
    fputc('\n', out);
}

static void print_ending(const struct matrix_memory_report *r, FILE *out)
{
    const struct regime *const regime = r->summary->regimes ? &r->summary->regime[0] : NULL;
    const struct widest widest = widest_of(r->summary, false);
    cmd_warn(out, "%.1f s, %zu block%s.", r->seconds, regime ? regime->blocks : 0,
        regime && regime->blocks == 1 ? "" : "s");
    for (size_t i = 1; i < r->summary->regimes; i++)
        cmd_warn(out, "Regime %" PRId64 ": %zu more, canary %.0f ns a round trip; not above.",
            r->summary->regime[i].regime, r->summary->regime[i].blocks,
            r->summary->regime[i].canary_ns);
    if (!r->precise && r->limit)
        widest_report(&widest, r->limit, r->precision, out);
}

static const char *pages_of(const struct samples *samples)
{
    const struct sample *const s = samples->count ? &samples->row[0] : NULL;
    return !s ? "unknown" : s->pages_got && *s->pages_got ? s->pages_got : s->pages;
}

int matrix_memory_text(const struct matrix_memory_report *r, FILE *out)
{
    print_latencies(r, out);
    print_targets(r->plan, out);
    print_buffer(r->plan, out);
    print_tlb(r->plan, pages_of(r->samples), out);
    if (r->samples->count && r->samples->row[0].mem_verified)
        cmd_warn(out, "Placement: %s.", r->samples->row[0].mem_verified);
    print_ending(r, out);
    sample_notes_print(r->samples, out);
    if (r->interrupted)
        fprintf(out, "PARTIAL: interrupted by SIG%s.\n", signal_name(r->interrupted));
    return ferror(out) ? -EIO : 0;
}

static json_t *point_json(const struct matrix_memory_report *r, const struct memory_point *point)
{
    const struct memory_target *const target = &r->plan->target[point->target];
    const struct topology_cpu *const cpu = cpu_of(r->plan, point);
    const struct estimate *const e = matrix_memory_estimate(r->summary, r->plan, point);
    const unsigned stated = memory_plan_stated(r->plan, point);
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "cpu", (int)cpu->cpu, "node",
        json_index(cpu->node, -1), "kind", json_text(cpu->kind), "mem_node",
        json_index(target->policy.node, MEMORY_ANY_NODE), "ns",
        e && e->ns.n > 0 ? json_interval(e->ns) : json_null(), "stated_ns", json_index(stated, 0),
        "reason", json_text(target->why));
}

static json_t *missing_json(const struct memory_plan *plan)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < plan->targets; i++)
        if (*plan->target[i].why)
            json_array_append_new(
                list, json_pack("{s:i, s:s}", "mem_node", plan->target[i].policy.node, "reason",
                          plan->target[i].why));
    return list;
}

static json_t *origin_json(const struct matrix_memory_report *r)
{
    const struct sample *const s = r->samples->count ? &r->samples->row[0] : NULL;
    if (!s)
        return json_object();
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:f, s:s, s:s, s:s}", "run_id",
        s->run_id, "started_at", s->started_at, "host", s->host, "cpu_model", s->cpu_model, "arch",
        s->arch, "kernel", s->kernel, "hypervisor", s->hypervisor, "version", s->version, "seed",
        (json_int_t)s->seed, "seconds", r->seconds, "pages", s->pages, "pages_got",
        pages_of(r->samples), "mem_verified", s->mem_verified);
}

int matrix_memory_json(const struct matrix_memory_report *r, FILE *out)
{
    json_t *const points = json_array();
    for (size_t i = 0; i < r->plan->points; i++)
        json_array_append_new(points, point_json(r, &r->plan->point[i]));
    return json_print(
        json_pack("{s:i, s:s, s:o, s:f, s:b, s:b, s:o, s:o, s:o, s:o, s:o}", "schema",
            SAMPLE_SCHEMA, "command", "matrix --memory", "run", origin_json(r), "precision",
            r->precision, "precision_reached", r->precise, "partial", r->interrupted != 0,
            "walk_bytes", json_count(walk_area_bytes(r->plan->line_bytes)), "walk_lines",
            json_count(WALK_LINES), "l3_bytes", json_index((int64_t)r->plan->topology->l3_bytes, 0),
            "memory", points, "missing", missing_json(r->plan)),
        out);
}
