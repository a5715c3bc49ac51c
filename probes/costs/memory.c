/* SPDX-License-Identifier: MIT
 * Points of a memory plan as trials and rows. */
#include "probes/costs/memory.h"

#include "machine/system/node_room.h"
#include "probes/costs/costs_walk.h"
#include "probes/trial/block.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct memory_run {
    struct walk_trial walk; /* first: aligned */
    struct stage stage;
    struct block_series series; /* by point */
    struct memory_plan *plan;
    struct costs_options options;
    struct rng lines;
    struct arena *arena; /* by target */
};

static void describe_point(const struct memory_run *run, const struct memory_point *point,
    const char *reason, struct sample *s)
{
    const struct memory_target *const target = &run->plan->target[point->target];
    const struct arena *const arena = &run->arena[point->target];
    block_describe(&run->series, &run->stage, "memory", reason, s);
    provenance_describe_cpu(topology_cpu(run->stage.topology, run->plan->cpus.cpu[point->cpu]), s);
    s->pages = memory_pages_name[target->policy.pages];
    s->place = run->series.block % ARENA_PLACES;
    s->home = target->home;
    s->mem_node = target->name;
    s->mem_verified = arena->verified;
    s->pages_got = arena->pages_got;
}

static int append_row(struct memory_run *run, const struct memory_point *point,
    const struct walk_result *result, const char *reason, struct samples *samples)
{
    struct sample s;
    describe_point(run, point, reason, &s);
    s.counters = "none";
    s.counters_reason = "matrix --memory counts no events";
    s.layout = "line";
    s.op = "load";
    s.role = "requester";
    s.mode = "latency";
    s.state = line_state_name[LINE_INVALID];
    s.distance = "";
    s.gap_ns = 0;
    s.shards = WALK_LINES;
    s.threads = 1;
    s.thread = 0;
    s.ops = (int64_t)result->ops;
    s.seconds = result->seconds;
    s.ns_per_op = result->seconds * 1e9 / (double)result->ops;
    s.lat_reason = "timed as a walk over all lines";
    return samples_push(samples, &s);
}

static int measure_point(void *context, unsigned index, bool *counts, struct samples *samples)
{
    struct memory_run *const run = context;
    const struct memory_point *const point = &run->plan->point[index];
    struct walk_trial *const t = &run->walk;
    t->base = arena_area(&run->arena[point->target], run->series.block);
    t->line_bytes = run->plan->line_bytes;
    t->op = walk_find("load");
    t->state = LINE_INVALID;
    t->requester = t->owner = point->cpu; /* it flushes the lines itself */
    t->third = COSTS_NOBODY;
    t->clock = &run->stage.clock;
    t->thread = run->stage.trial.thread;
    t->rng = &run->lines;
    walk_trial_run(t, run->stage.crew);
    const struct walk_result result = walk_trial_result(t);
    const char *const reason = stage_stopped(&run->stage) ? stage_interrupted : result.disturb;
    *counts = !*reason;
    return append_row(run, point, &result, reason, samples);
}

/* Pages may have moved while they were measured. */
static int check_places(void *context, struct err *err)
{
    const struct memory_run *const run = context;
    int code = 0;
    for (size_t i = 0; i < run->plan->targets && !code; i++)
        code = arena_verify_area(&run->arena[i], run->series.block, err);
    return code;
}

static int map_target(struct memory_run *run, size_t i, struct err *err)
{
    struct memory_target *const target = &run->plan->target[i];
    struct arena *const a = &run->arena[i];
    *a = (struct arena){.area_bytes = arena_pages(walk_area_bytes(run->plan->line_bytes)),
        .areas = ARENA_PLACES,
        .policy = target->policy};
    const size_t bytes = a->area_bytes * a->areas;
    const int64_t room =
        target->policy.node < 0 ? -1 : node_room("", (unsigned)target->policy.node);
    if (room >= 0 && room < 2 * (int64_t)bytes) {
        snprintf(target->why, sizeof target->why,
            "is full: room for %" PRId64 " KiB, and %zu KiB are needed", room >> 10, bytes >> 10);
        return 0;
    }
    const int code = arena_map(a, run->stage.crew, run->stage.topology, err);
    return code || !run->options.strict ? code : arena_check_strict(a, err);
}

static int map_targets(struct memory_run *run, struct err *err)
{
    struct memory_plan *const plan = run->plan;
    size_t left = 0;
    int code = 0;
    for (size_t i = 0; i < plan->targets && !code; i++)
        if (!*plan->target[i].why)
            code = map_target(run, i, err);
    for (size_t i = 0; i < plan->points && !code; i++) {
        const bool is_here = !*plan->target[plan->point[i].target].why;
        run->series.left_out[i] = !is_here;
        left += is_here;
    }
    if (code || left)
        return code;
    const struct memory_target *const first = &plan->target[plan->point[0].target];
    return err_set(err, -ENODEV, "no memory can be measured: %s %s", first->home, first->why);
}

/* The word lies where the first requester's threads are, or where there is memory. */
static int prepare_canary(struct memory_run *run, struct err *err)
{
    struct stage *const stage = &run->stage;
    canary_init(&stage->canary, stage->topology, stage->cpu, stage->threads);
    return canary_map(&stage->canary, stage->crew, stage->topology, MEMORY_ANY_NODE, err);
}

static int prepare_run(struct memory_run *run, struct machine *machine, struct err *err)
{
    struct memory_plan *const plan = run->plan;
    if (!arch_can_flush())
        return err_set(
            err, -ENOTSUP, "no instruction known here takes a line out of the caches to memory");
    run->arena = calloc(plan->targets + 1, sizeof *run->arena);
    int code = stage_init(&run->stage, machine, plan->topology, &plan->cpus, err);
    if (!code && (!run->arena || block_series_init(&run->series, plan->points)))
        code = err_set(err, -ENOMEM, "out of memory for %zu points", plan->points);
    if (!code)
        code = prepare_canary(run, err);
    return code ? code : map_targets(run, err);
}

int memory_run_new(struct machine *machine, struct memory_plan *plan, struct costs_options options,
    struct memory_run **out, struct err *err)
{
    /* Its parts have lines that nothing else uses. */
    struct memory_run *run = aligned_alloc(_Alignof(struct memory_run), sizeof *run);
    if (!run)
        return err_set(err, -ENOMEM, "out of memory for a run");
    memset(run, 0, sizeof *run);
    run->plan = plan;
    run->options = options;
    run->series = (struct block_series){
        .measure = measure_point, .check_places = check_places, .context = run};
    provenance_init(&run->series.origin, options.version, options.seed);
    const int code = prepare_run(run, machine, err);
    if (code) {
        memory_run_free(run);
        return code;
    }
    rng_seed(&run->stage.rng, options.seed);
    rng_seed(&run->lines, ~options.seed);
    run->stage.stop = options.stop;
    *out = run;
    return 0;
}

void memory_run_free(struct memory_run *run)
{
    if (!run)
        return;
    stage_fini(&run->stage);
    for (size_t i = 0; run->arena && i < run->plan->targets; i++)
        arena_fini(&run->arena[i]);
    free(run->arena);
    block_series_fini(&run->series);
    free(run);
}

void memory_run_want(struct memory_run *run, size_t i, bool wanted)
{
    run->series.left_out[i] = !wanted || *run->plan->target[run->plan->point[i].target].why;
}

int memory_run_block(struct memory_run *run, struct samples *samples, struct err *err)
{
    return block_run(&run->series, &run->stage, samples, err);
}
