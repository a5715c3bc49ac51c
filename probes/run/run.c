/* SPDX-License-Identifier: MIT
 * Blocks of interleaved trials between canaries. What a row says of a trial is in run_rows.c. */
#include "probes/run/run.h"

#include "probes/run/run_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW_NS = 1000000, /* long against a batch and an interrupt, short against a regime; twice as
                          * long took twice the time to the same precision */
    AREA_BYTES = 4096,   /* an area begins on this boundary, as layouts expect */
    ARENA_BYTES = 256 << 10, /* lines to take in turn: some 64 pages of a small layout ... */
    AREAS_MIN = 4            /* ... and a few of a large one */
};

double run_window_ns(void)
{
    return WINDOW_NS;
}

const struct clock *run_clock(const struct run *run)
{
    return &run->clock;
}

const char *run_id(const struct run *run)
{
    return run->origin.id;
}

/* Things that must happen on a pinned thread. */
struct errand {
    struct run *run;
    unsigned thread;
    int code;
    struct err *err;
};

static int new_arena(
    struct run *run, struct arena *arena, const struct shape *shape, struct err *err)
{
    arena->area_bytes = (shape->object_bytes + AREA_BYTES - 1) / AREA_BYTES * AREA_BYTES;
    const size_t fit = ARENA_BYTES / arena->area_bytes;
    arena->areas = fit > AREAS_MIN ? (unsigned)fit : AREAS_MIN;
    const size_t bytes = arena->area_bytes * arena->areas;
    int code = memory_new(bytes, run->plan->memory, (void **)&arena->memory, err);
    if (!code)
        code = memory_verify(arena->memory, bytes, run->plan->memory, &arena->verified, err);
    return code;
}

static void prepare_memory(void *context, unsigned thread)
{
    struct errand *e = context;
    struct run *run = e->run;
    if (thread != e->thread)
        return;
    e->code = canary_init(
        &run->canary, run->topology, run->plan->cpus.cpu, run->threads, run->plan->memory, e->err);
    for (size_t i = 0; i < run->plan->points && !e->code; i++)
        e->code = new_arena(run, &run->arena[i], run->plan->point[i].shape, e->err);
}

/* Each thread its own gap, since cores may differ in speed. */
static void prepare_thread(void *context, unsigned thread)
{
    struct run *run = context;
    run->gap[thread] = trial_gap_steps(&run->clock, run->plan->gap_ns);
}

static void prepare_clock(void *context, unsigned thread)
{
    struct run *run = context;
    if (thread == 0)
        clock_calibrate(&run->clock);
}

/* First touch should come from the node itself: where binding is forbidden nothing else decides. */
static unsigned thread_near(const struct run *run)
{
    for (unsigned i = 0; i < run->threads; i++)
        if (topology_cpu(run->topology, run->plan->cpus.cpu[i])->node == run->plan->memory.node)
            return i;
    return 0;
}

static int check_strict(const struct run *run, struct err *err)
{
    for (size_t i = 0; run->options.strict && i < run->plan->points; i++)
        if (strcmp(run->arena[i].verified, "unverified") == 0)
            return err_set(err, -EPERM,
                "--strict: the kernel does not tell where the memory lies (move_pages and "
                "numa_maps are "
                "refused); run without --strict, or with CAP_SYS_PTRACE");
    return 0;
}

static int prepare(struct run *run, struct machine *machine, struct err *err)
{
    int code = crew_new(machine, run->plan->cpus.cpu, run->threads, &run->crew, err);
    if (code)
        return code;
    crew_run(run->crew, prepare_clock, run);
    crew_run(run->crew, prepare_thread, run);
    struct errand errand = {.run = run, .thread = thread_near(run), .err = err};
    crew_run(run->crew, prepare_memory, &errand);
    if (!errand.code)
        errand.code = check_strict(run, err);
    return errand.code ? errand.code : run_prepare_counters(run, err);
}

static int allocate(struct run *run, struct err *err)
{
    run->threads = (unsigned)run->plan->cpus.count;
    run->arena = calloc(run->plan->points, sizeof *run->arena);
    run->order = calloc(run->plan->points, sizeof *run->order);
    run->left_out = calloc(run->plan->points, sizeof *run->left_out);
    run->gap = calloc(run->threads, sizeof *run->gap);
    run->result = calloc(run->threads, sizeof *run->result);
    run->all = calloc(run->plan->shards, sizeof *run->all);
    run->counters_err = calloc(run->threads, sizeof *run->counters_err);
    run->trial.thread =
        aligned_alloc(_Alignof(struct trial_thread), run->threads * sizeof *run->trial.thread);
    if (!run->arena || !run->order || !run->left_out || !run->gap || !run->result || !run->all ||
        !run->counters_err || !run->trial.thread)
        return err_set(err, -ENOMEM, "out of memory for %u threads", run->threads);
    memset(run->trial.thread, 0, run->threads * sizeof *run->trial.thread);
    for (unsigned i = 0; i < run->plan->points; i++)
        run->order[i] = i;
    return 0;
}

int run_new(struct machine *machine, const struct topology *topology, const struct plan *plan,
    struct run_options options, struct run **out, struct err *err)
{
    /* Its gate has lines of its own. */
    struct run *run = aligned_alloc(_Alignof(struct run), sizeof *run);
    if (!run)
        return err_set(err, -ENOMEM, "out of memory");
    memset(run, 0, sizeof *run);
    run->topology = topology;
    run->plan = plan;
    run->options = options;
    provenance_init(&run->origin, options.version, options.seed);
    rng_seed(&run->rng, options.seed);
    int code = allocate(run, err);
    if (!code)
        code = prepare(run, machine, err);
    if (code) {
        run_free(run);
        return code;
    }
    run->trial.threads = run->threads;
    run->trial.clock = &run->clock;
    run->trial.latency = plan->mode == MODE_LATENCY;
    run->trial.window_ns = WINDOW_NS;
    *out = run;
    return 0;
}

void run_free(struct run *run)
{
    if (!run)
        return;
    run_close_counters(run);
    crew_free(run->crew);
    canary_fini(&run->canary);
    for (size_t i = 0; run->arena && i < run->plan->points; i++)
        memory_free(run->arena[i].memory, run->arena[i].area_bytes * run->arena[i].areas,
            run->plan->memory);
    free(run->arena);
    free(run->order);
    free(run->left_out);
    free(run->gap);
    free(run->result);
    free(run->all);
    free(run->counters_err);
    free(run->trial.thread);
    free(run);
}

static word *word_at(char *array, const struct shape *shape, unsigned shard, enum layout_word w)
{
    const uint32_t offset = shape->offset[shard][w];
    return offset == SHAPE_NONE ? NULL : (word *)(void *)(array + offset);
}

/* The adders of a split op share the shards: adder k of n takes k, k + n, k + 2n ..., as many as a
 * power of two allows, so that the loop can mask instead of divide. */
static void set_turns(
    const struct run *run, const struct point *point, unsigned thread, struct worker *lane)
{
    if (!point->op->splits || thread == 0)
        return;
    lane->step = run->threads - 1;
    lane->first = thread - 1;
    lane->turns = 1;
    while (lane->turns * 2 <= point->shape->shards / lane->step)
        lane->turns *= 2;
    lane->turns--;
}

static void set_lane(struct run *run, const struct point *point, char *array, unsigned thread)
{
    const struct shape *shape = point->shape;
    const unsigned role = plan_role(point, thread), shard = plan_shard(point, thread);
    word *const writer = word_at(array, shape, shard, WORD_WRITER);
    word *const reader = word_at(array, shape, shard, WORD_READER);
    struct trial_thread *me = &run->trial.thread[thread];
    me->cpu = run->plan->cpus.cpu[thread];
    me->loops = op_role(point->op, role);
    me->lane = (struct worker){
        .own = role && reader ? reader : writer,
        .peer = role ? writer : reader,
        .lock = word_at(array, shape, shard, WORD_LOCK),
        .data = word_at(array, shape, shard, WORD_DATA),
        .all = run->all,
        .shards = shape->shards,
        .gap = run->gap[thread],
        .clock = &run->clock,
        .histogram = &me->histogram,
    };
    set_turns(run, point, thread, &me->lane);
}

static void measure_point(struct run *run, unsigned index)
{
    const struct point *point = &run->plan->point[index];
    const struct arena *arena = &run->arena[index];
    char *array = arena->memory + run->block % arena->areas * arena->area_bytes;
    assert((uintptr_t)array % AREA_BYTES == 0);
    for (unsigned i = 0; i < point->shape->shards; i++)
        run->all[i] = word_at(array, point->shape, i, WORD_WRITER);
    for (unsigned i = 0; i < run->threads; i++)
        set_lane(run, point, array, i);
    trial_run(&run->trial, run->crew);
    run->overlap_ns = trial_results(&run->trial, run->result);
}

/* Measures a point until a trial is undisturbed, a few times at most. */
static int measure_retrying(struct run *run, unsigned index, struct samples *samples)
{
    for (int i = 0; i <= RUN_RETRIES && !run_stopped(run); i++) {
        measure_point(run, index);
        const char *reason = run_disturbance(run);
        const int code = run_append_rows(run, index, reason, samples);
        run->trials++;
        if (code || !*reason)
            return code;
    }
    return 0;
}

/* Pages may have moved while they were measured. */
static int verify_again(struct run *run, struct err *err)
{
    for (size_t i = 0; i < run->plan->points; i++) {
        const struct arena *a = &run->arena[i];
        const char *how;
        const int code = memory_verify(a->memory + run->block % a->areas * a->area_bytes,
            a->area_bytes, run->plan->memory, &how, err);
        if (code)
            return code;
    }
    return 0;
}

void run_want(struct run *run, size_t point, bool wanted)
{
    run->left_out[point] = !wanted;
}

/* A thread that was found elsewhere may have lost its cpu. */
static int check_cpus(const struct run *run, struct err *err)
{
    int code = 0;
    for (unsigned i = 0; i < run->threads && !code; i++)
        if (run->trial.thread[i].count[EVENT_MIGRATIONS] > 0)
            code = block_check_online(run->trial.thread[i].cpu, err);
    return code;
}

static int measure_block(struct run *run, struct samples *samples, struct err *err)
{
    rng_shuffle(&run->rng, run->order, run->plan->points);
    for (size_t i = 0; i < run->plan->points; i++)
        if (!run->left_out[run->order[i]] && measure_retrying(run, run->order[i], samples))
            return err_set(err, -ENOMEM, "out of memory for the rows; use a shorter --max-time");
    const int code = check_cpus(run, err);
    return code ? code : verify_again(run, err);
}

int run_block(struct run *run, struct samples *samples, struct err *err)
{
    const size_t first = samples->count;
    struct canary_reading before = run->last_canary, after;
    if (run->block == 0)
        canary_read(&run->canary, run->crew, &run->clock, &before);
    const double stolen_before = block_stolen_ns(run->plan->cpus.cpu, run->threads);
    int code = measure_block(run, samples, err);
    canary_read(&run->canary, run->crew, &run->clock, &after);
    const double stolen = block_stolen_ns(run->plan->cpus.cpu, run->threads) - stolen_before;
    run_close_block(run, samples, first, &before, &after, stolen);
    run->last_canary = after;
    run->block++;
    if (!code && run_stopped(run))
        code = err_set(err, -EINTR, "interrupted");
    return code;
}
