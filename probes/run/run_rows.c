/* SPDX-License-Identifier: MIT
 * From a trial to its rows. */
#include "probes/run/run_internal.h"

#include <math.h>
#include <string.h>

static void describe_run(const struct run *run, const char *reason, struct sample *s)
{
    const struct plan *plan = run->plan;
    block_describe(&run->series, &run->stage, "run", reason, s);
    s->mode = mode_names[plan->mode];
    s->gap_ns = plan->gap_ns;
    s->pages = memory_pages_name[plan->memory.pages];
    s->mem_node = plan->mem_node;
    s->threads = run->stage.threads;
    s->distance = run->stage.threads > 1 ? plan->apart : "";
    s->counters = run->counted.text;
    s->counters_reason = run->counted.reason;
}

static void describe_point(const struct run *run, unsigned index, struct sample *s)
{
    const struct point *point = &run->plan->point[index];
    const bool reference = point->shape->align_bytes == 0;
    s->layout = reference ? "isolated" : point->shape->name;
    s->reference_for = reference ? point->shape->name : "";
    s->align_bytes = reference ? SAMPLE_NONE : point->shape->align_bytes;
    s->op = point->op->name;
    s->shards = point->shape->shards;
    s->layout_file = point->shape->file;
    s->twin = point->twin;
    s->mem_verified = run->arena[index].verified;
    s->place = arena_place(&run->arena[index], run->series.block);
    s->pages_got = run->arena[index].pages_got;
}

static double ns_of(const struct run *run, const struct histogram *h, uint64_t ticks)
{
    const double ns = clock_ns(&run->stage.clock, ticks) - run->stage.clock.overhead_ns;
    return h->count == 0 ? NAN : ns > 0 ? ns : 0;
}

static void describe_latency(const struct run *run, const struct trial_thread *t, struct sample *s)
{
    const struct histogram *h = &t->histogram;
    s->lat_reason = !run->stage.trial.latency ? "throughput mode"
                    : !t->timed               ? "below the clock's resolution"
                                              : "";
    if (*s->lat_reason)
        return;
    s->lat_min_ns = ns_of(run, h, h->min);
    s->lat_p50_ns = ns_of(run, h, histogram_quantile(h, 0.5));
    s->lat_p90_ns = ns_of(run, h, histogram_quantile(h, 0.9));
    s->lat_p99_ns = ns_of(run, h, histogram_quantile(h, 0.99));
    s->lat_p999_ns = ns_of(run, h, histogram_quantile(h, 0.999));
    s->lat_max_ns = ns_of(run, h, h->max);
}

static void describe_thread(struct run *run, unsigned index, unsigned thread, struct sample *s)
{
    const struct point *point = &run->plan->point[index];
    const struct trial_thread *t = &run->stage.trial.thread[thread];
    const struct trial_result *r = &run->stage.result[thread];
    s->role = point->shape->role[plan_role(point, thread)];
    s->thread = thread;
    provenance_describe_cpu(topology_cpu(run->stage.topology, run->stage.cpu[thread]), s);
    s->ops = (int64_t)r->ops;
    s->seconds = r->seconds;
    s->ns_per_op = r->ops ? r->seconds * 1e9 / (double)r->ops : NAN;
    memcpy(s->count, t->count, sizeof s->count);
    memcpy(s->share, t->share, sizeof s->share);
    counters_trust_zeros(&run->counted.counters, s->count);
    s->counted_ops = t->hardware ? (int64_t)t->counted_ops : SAMPLE_NONE;
    describe_latency(run, t, s);
}

int run_append_rows(struct run *run, unsigned point, const char *reason, struct samples *samples)
{
    struct sample row;
    describe_run(run, reason, &row);
    describe_point(run, point, &row);
    for (unsigned i = 0; i < run->stage.threads; i++) {
        struct sample thread = row;
        describe_thread(run, point, i, &thread);
        const int code = samples_push(samples, &thread);
        if (code)
            return code;
    }
    return 0;
}
