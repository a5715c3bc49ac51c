/* SPDX-License-Identifier: MIT
 * The points of a plan as trials: their memory, and what each thread works on. Rows are described
 * in run_rows.c. */
#include "probes/run/run.h"

#include "probes/run/run_internal.h"

#include <errno.h>
#include <stdlib.h>

enum {
    ARENA_BYTES = 4 << 20, /* of a point: an area for each page, or a few of a large layout. Where
                            * pages differ by a tenth (33.8 to 42.4 ns an add at 8 B by 64 of them,
                            * on a mesh), 64 do not give 2%, however often they are measured */
    AREAS_MIN = 4
};

/* All points have equally many, so that value and reference of a block change places together:
 * their ratio belongs to one place. */
static size_t count_areas(const struct plan *plan)
{
    size_t areas = ARENA_BYTES / ARENA_PAGE;
    for (size_t i = 0; i < plan->points; i++) {
        const size_t fit = ARENA_BYTES / arena_pages(plan->point[i].shape->object_bytes);
        areas = fit < areas ? fit : areas;
    }
    return areas > AREAS_MIN ? areas : AREAS_MIN;
}

static int map_arena(struct run *run, size_t areas, size_t point, struct err *err)
{
    struct arena *const arena = &run->arena[point];
    arena->area_bytes = arena_pages(run->plan->point[point].shape->object_bytes);
    arena->areas = areas;
    arena->policy = run->plan->memory;
    const int code = arena_map(arena, run->stage.crew, run->stage.topology, err);
    return code || !run->options.strict ? code : arena_check_strict(arena, err);
}

static int prepare_memory(struct run *run, struct err *err)
{
    struct stage *const stage = &run->stage;
    int code =
        canary_map(&stage->canary, stage->crew, stage->topology, run->plan->memory.node, err);
    const size_t areas = count_areas(run->plan);
    for (size_t i = 0; i < run->plan->points && !code; i++)
        code = map_arena(run, areas, i, err);
    return code;
}

static word *word_at(char *array, const struct shape *shape, unsigned shard, enum layout_word w)
{
    const uint32_t offset = shape->offset[shard][w];
    return offset == SHAPE_NONE ? NULL : (word *)(void *)(array + offset);
}

/* The adders of a split op share the shards: adder k of n takes k, k + n, k + 2n ..., as many as a
 * power of two allows, so that the loop can mask instead of divide. */
static void set_turns(
    const struct run *run, const struct point *point, unsigned thread, struct worker *worker)
{
    if (!point->op->splits || thread == 0)
        return;
    worker->step = run->stage.threads - 1;
    worker->first = thread - 1;
    worker->turns = 1;
    while (worker->turns * 2 <= point->shape->shards / worker->step)
        worker->turns *= 2;
    worker->turns--;
}

static void set_lane(struct run *run, const struct point *point, char *array, unsigned thread)
{
    const struct shape *shape = point->shape;
    const unsigned role = plan_role(point, thread), shard = plan_shard(point, thread);
    word *const writer = word_at(array, shape, shard, WORD_WRITER);
    word *const reader = word_at(array, shape, shard, WORD_READER);
    struct trial_thread *me = &run->stage.trial.thread[thread];
    me->loops = op_role(point->op, role);
    me->worker = (struct worker){
        .own = role && reader ? reader : writer,
        .peer = role ? writer : reader,
        .lock = word_at(array, shape, shard, WORD_LOCK),
        .data = word_at(array, shape, shard, WORD_DATA),
        .all = run->all,
        .shards = shape->shards,
        .gap = trial_gap_steps(run->stage.steps_a_ns[thread], run->plan->gap_ns),
        .clock = &run->stage.clock,
        .histogram = &me->histogram,
    };
    set_turns(run, point, thread, &me->worker);
}

static int measure_point(void *context, unsigned index, bool *counts, struct samples *samples)
{
    struct run *const run = context;
    const struct point *point = &run->plan->point[index];
    char *array = arena_area(&run->arena[index], run->series.block);
    for (unsigned i = 0; i < point->shape->shards; i++)
        run->all[i] = word_at(array, point->shape, i, WORD_WRITER);
    for (unsigned i = 0; i < run->stage.threads; i++)
        set_lane(run, point, array, i);
    const char *const reason = stage_run(&run->stage);
    *counts = !*reason;
    return run_append_rows(run, index, reason, samples);
}

/* Pages may have moved while they were measured. */
static int check_places(void *context, struct err *err)
{
    const struct run *const run = context;
    int code = 0;
    for (size_t i = 0; i < run->plan->points && !code; i++)
        code = arena_verify_area(&run->arena[i], run->series.block, err);
    return code;
}

static int allocate_points(struct run *run)
{
    run->arena = calloc(run->plan->points, sizeof *run->arena);
    run->all = calloc(run->plan->shards, sizeof *run->all);
    return run->arena && run->all ? 0 : -ENOMEM;
}

static int prepare_run(
    struct run *run, struct machine *machine, const struct topology *topology, struct err *err)
{
    const struct counters_request request = {
        .backend = run->options.counters, .events = run->options.events};
    const struct block_begin begin = {.machine = machine,
        .topology = topology,
        .cpus = &run->plan->cpus,
        .points = run->plan->points,
        .version = run->options.version,
        .seed = run->options.seed,
        .stop = run->options.stop};
    int code = block_begin(&run->series, &run->stage, &begin, err);
    if (!code && allocate_points(run))
        code = err_set(err, -ENOMEM, "out of memory for %zu points", run->plan->points);
    if (!code)
        code = prepare_memory(run, err);
    return code ? code : stage_counters_open(&run->stage, &request, &run->counted, err);
}

int run_new(struct machine *machine, const struct topology *topology, const struct plan *plan,
    struct run_options options, struct run **out, struct err *err)
{
    struct run *const run = block_allocate(_Alignof(struct run), sizeof *run, err);
    if (!run)
        return -ENOMEM;
    run->plan = plan;
    run->options = options;
    run->series = (struct block_series){
        .measure = measure_point, .check_places = check_places, .context = run};
    const int code = prepare_run(run, machine, topology, err);
    if (code) {
        run_free(run);
        return code;
    }
    run->stage.trial.latency = plan->mode == MODE_LATENCY;
    *out = run;
    return 0;
}

void run_free(struct run *run)
{
    if (!run)
        return;
    stage_counters_close(&run->stage, &run->counted);
    stage_fini(&run->stage);
    for (size_t i = 0; run->arena && i < run->plan->points; i++)
        arena_fini(&run->arena[i]);
    block_series_fini(&run->series);
    free(run->arena);
    free(run->all);
    free(run);
}

const struct counters *run_counters(const struct run *run)
{
    return &run->counted.counters;
}

const char *run_counters_how(const struct run *run)
{
    return stage_counters_how(&run->stage);
}

void run_want(struct run *run, size_t point, bool wanted)
{
    run->series.left_out[point] = !wanted;
}

int run_block(struct run *run, struct samples *samples, struct err *err)
{
    return block_run(&run->series, &run->stage, samples, err);
}
