/* SPDX-License-Identifier: MIT
 * From a trial of a price list to its rows. */
#include "probes/costs/costs_internal.h"

#include <math.h>

static void describe_run(const struct costs_run *run, const char *reason, struct sample *s)
{
    block_describe(&run->series, &run->stage, "costs", reason, s);
    s->pages = memory_pages_name[PAGES_4K];
    s->counters = "none";
    s->counters_reason = "costs counts no events";
}

static void describe_memory(
    const struct costs_run *run, enum costs_home home, const struct arena *arena, struct sample *s)
{
    s->home = costs_home_name[home];
    s->mem_node = run->plan->node[home].name;
    walk_describe_memory(arena, run->series.block, s);
}

static unsigned cpus_of(const struct costs_plan *plan, const struct price_point *price)
{
    const unsigned owner = costs_owner(plan, price);
    return 1 + (owner != 0) + (costs_third(plan, price) != COSTS_NOBODY);
}

int costs_append_price(struct costs_run *run, const struct price_point *price,
    const struct walk_result *result, struct samples *samples)
{
    struct sample s;
    const struct costs_plan *const plan = run->plan;
    const bool owned = price->distance != DISTANCE_COUNT;
    describe_run(run, result->disturb, &s);
    provenance_describe_cpu(topology_cpu(run->stage.topology, run->stage.cpu[0]), &s);
    describe_memory(run, price->home, &run->home[price->home], &s);
    walk_describe(result, &s);
    s.op = price->op->name;
    s.state = line_state_name[price->state];
    s.peer = owned ? plan->cpus.cpu[costs_owner(plan, price)] : SAMPLE_NONE;
    s.distance = owned ? distance_name(price->distance) : "";
    s.threads = cpus_of(plan, price);
    return samples_push(samples, &s);
}

/* The reference is the same layout with each thread's word on separate lines, as in `run`. */
static void describe_hold(
    const struct costs_run *run, const struct hold_point *hold, struct sample *s)
{
    describe_memory(run, HOME_LOCAL, &run->contended, s);
    s->home = ""; /* several cpus contend; mem_node has the node */
    s->layout = hold->alone ? "isolated" : "hold";
    s->reference_for = hold->alone ? "hold" : "";
    s->align_bytes = hold->alone ? SAMPLE_NONE : (int64_t)sizeof(word);
    s->op = hold->op->name;
    s->role = "contender";
    s->mode = "throughput";
    s->gap_ns = hold->gap_ns;
    s->shards = hold->alone ? hold->group->threads : 1;
    s->distance = distance_name(hold->group->distance);
    s->threads = hold->group->threads;
    s->lat_reason = "throughput mode";
}

int costs_append_hold(struct costs_run *run, const struct hold_point *hold, const char *reason,
    struct samples *samples)
{
    struct sample row;
    int code = 0;
    describe_run(run, reason, &row);
    describe_hold(run, hold, &row);
    for (unsigned i = 0; i < hold->group->threads && !code; i++) {
        const struct trial_result *const r = &run->stage.result[i];
        const unsigned member = hold->group->member[i];
        struct sample s = row;
        provenance_describe_cpu(topology_cpu(run->stage.topology, run->stage.cpu[member]), &s);
        s.thread = i;
        s.ops = (int64_t)r->ops;
        s.transfers = hold->op->blind ? SAMPLE_NONE : (int64_t)r->transfers;
        s.seconds = r->seconds;
        s.ns_per_op = r->ops ? r->seconds * 1e9 / (double)r->ops : NAN;
        for (int e = EVENT_HARDWARE; e < EVENT_ROLES; e++)
            s.count[e] = run->stage.trial.thread[member].count[e];
        code = samples_push(samples, &s);
    }
    return code;
}
