/* SPDX-License-Identifier: MIT
 * From a trial of a map to its rows. */
#include "probes/maps/go_strategy.h"
#include "probes/maps/maps_internal.h"

#include <math.h>
#include <string.h>

/* Events of threads in another process are not counted, which is not zero. */
static void describe_counters(
    const struct maps_run *run, const struct maps_point *p, struct sample *s)
{
    const bool elsewhere = go_is_strategy(p->strategy) || map_is_user(p->strategy);
    s->counters = elsewhere ? "none" : run->counted.text;
    s->counters_reason =
        elsewhere ? "not counted: its threads are in another process" : run->counted.reason;
}

static void describe_point(const struct maps_run *run, unsigned index, struct sample *s)
{
    const struct maps_plan *const plan = run->plan;
    const struct maps_point *const p = &plan->point[index];
    const struct load *const load = p->load;
    block_describe(&run->series, &run->stage, "maps", run->outcome.reason, s);
    s->layout = run->name[index];
    s->align_bytes = p->strategy->align ? p->strategy->align : SAMPLE_NONE;
    s->op = load->name;
    s->twin = p->twin;
    s->role = "worker";
    s->mode = "throughput";
    s->gap_ns = plan->think_ns;
    s->clients = p->clients ? p->clients : SAMPLE_NONE;
    s->client_threads = p->clients ? p->client_threads : SAMPLE_NONE;
    s->shards = p->strategy->align ? MAP_SHARDS : 1;
    s->threads = p->threads;
    s->distance = p->threads > 1 ? plan->apart : "";
    s->mem_node = maps_point_node(plan, p);
    s->mem_verified = run->outcome.verified;
    describe_counters(run, p, s);
    s->load_file = load->file;
    s->load = run->load[index];
    s->keys = (int64_t)load_keys(load, p->threads);
    s->value_bytes = (int64_t)load->words * 8;
    s->snapshot = p->strategy->snapshot;
    s->go_version = go_is_strategy(p->strategy) ? plan->go.version : "";
    s->go_locked = go_is_strategy(p->strategy) ? !plan->go_free : SAMPLE_NONE;
}

/* Of the map: in the first thread's row only. */
static void describe_map(const struct map_outcome *o, const struct maps_point *p, struct sample *s)
{
    const struct map_facts *const f = &o->facts;
    s->full_bytes = o->full_bytes;
    s->emptied_bytes = o->emptied_bytes;
    if (go_is_strategy(p->strategy)) {
        s->gc_pauses = (int64_t)o->pauses;
        s->gc_paused_ns = o->paused_ns;
        s->gc_paused_most_ns = o->paused_most_ns;
    }
    if (!p->strategy->facts)
        return;
    s->freed_after_ns = f->freed ? f->freed_after_ns : NAN;
    s->freed_after_most_ns = f->freed ? f->freed_after_most_ns : NAN;
    s->promotions = (int64_t)f->promotions;
    s->promoting_ns = f->promoting_ns;
    s->promoting_most_ns = f->promoting_most_ns;
}

/* A user's strategy allocates by other means than maps/memory.c. */
static void describe_thread(
    const struct maps_point *p, const struct map_result *r, struct sample *s)
{
    double *const lat[MAP_QUANTILES] = {[MAP_MIN] = &s->lat_min_ns,
        [MAP_P50] = &s->lat_p50_ns,
        [MAP_P90] = &s->lat_p90_ns,
        [MAP_P99] = &s->lat_p99_ns,
        [MAP_P999] = &s->lat_p999_ns,
        [MAP_MAX] = &s->lat_max_ns};
    s->ops = (int64_t)r->ops;
    s->seconds = r->seconds;
    s->ns_per_op = r->ops ? r->seconds * 1e9 / (double)r->ops : NAN;
    s->writes = (int64_t)r->writes;
    s->allocations = map_is_user(p->strategy) ? SAMPLE_NONE : (int64_t)r->allocations;
    s->iterations = (int64_t)r->iterations;
    s->iterate_ns = r->iterated_ns;
    memcpy(s->count, r->count, sizeof s->count);
    memcpy(s->share, r->share, sizeof s->share);
    s->counted_ops = r->counted_ops;
    for (int q = 0; q < MAP_QUANTILES; q++)
        *lat[q] = r->lat_ns[q];
    s->lat_reason = !isnan(r->lat_ns[MAP_P50]) ? ""
                    : p->client_threads        ? "below the clock's resolution, or no op was timed"
                                               : "below the clock's resolution";
}

int maps_append(struct maps_run *run, unsigned index, struct samples *samples)
{
    const struct maps_point *const p = &run->plan->point[index];
    struct sample row;
    int code = 0;
    describe_point(run, index, &row);
    for (unsigned i = 0; i < p->threads && !code; i++) {
        struct sample s = row;
        s.thread = i;
        provenance_describe_cpu(topology_cpu(run->stage.topology, run->stage.cpu[i]), &s);
        describe_thread(p, &run->result[i], &s);
        counters_trust_zeros(&run->counted.counters, s.count);
        if (i == 0)
            describe_map(&run->outcome, p, &s);
        code = samples_push(samples, &s);
    }
    return code;
}
