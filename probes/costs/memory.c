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
    block_describe(&run->series, &run->stage, "memory", reason, s);
    provenance_describe_cpu(topology_cpu(run->stage.topology, run->plan->cpus.cpu[point->cpu]), s);
    s->pages = memory_pages_name[target->policy.pages];
    walk_describe_memory(&run->arena[point->target], run->series.block, s);
    s->home = target->home;
    s->mem_node = target->name;
}

static int append_row(struct memory_run *run, const struct memory_point *point,
    const struct walk_result *result, struct samples *samples)
{
    struct sample s;
    describe_point(run, point, result->disturb, &s);
    walk_describe(result, &s);
    s.counters = "none";
    s.counters_reason = "matrix --memory counts no events";
    s.op = "load";
    s.state = line_state_name[LINE_INVALID];
    s.distance = "";
    s.threads = 1;
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
    t->rng = &run->lines;
    const struct walk_result result = walk_stage_run(t, &run->stage);
    *counts = !*result.disturb;
    return append_row(run, point, &result, samples);
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

static int prepare_run(struct memory_run *run, struct machine *machine, struct err *err)
{
    struct memory_plan *const plan = run->plan;
    if (!arch_can_flush())
        return err_set(
            err, -ENOTSUP, "no instruction known here takes a line out of the caches to memory");
    const struct block_begin begin = {.machine = machine,
        .topology = plan->topology,
        .cpus = &plan->cpus,
        .points = plan->points,
        .version = run->options.version,
        .seed = run->options.seed,
        .stop = run->options.stop};
    int code = block_begin(&run->series, &run->stage, &begin, err);
    run->arena = calloc(plan->targets + 1, sizeof *run->arena);
    rng_seed(&run->lines, ~run->options.seed);
    if (!code && !run->arena)
        code = err_set(err, -ENOMEM, "out of memory for the memory of %zu nodes", plan->targets);
    if (!code) /* its word lies where there is memory */
        code =
            canary_map(&run->stage.canary, run->stage.crew, plan->topology, MEMORY_ANY_NODE, err);
    return code ? code : map_targets(run, err);
}

int memory_run_new(struct machine *machine, struct memory_plan *plan, struct costs_options options,
    struct memory_run **out, struct err *err)
{
    struct memory_run *const run = block_allocate(_Alignof(struct memory_run), sizeof *run, err);
    if (!run)
        return -ENOMEM;
    run->plan = plan;
    run->options = options;
    run->series = (struct block_series){
        .measure = measure_point, .check_places = check_places, .context = run};
    const int code = prepare_run(run, machine, err);
    if (code) {
        memory_run_free(run);
        return code;
    }
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
