/* SPDX-License-Identifier: MIT
 * Blocks of interleaved prices and points of the holding curve. Threads, memory and canary are
 * made in costs_prepare.c, one price is measured in costs_walk.c, a contended point in trial.c, and
 * what a row says is in costs_rows.c. */
#include "probes/costs/costs.h"

#include "probes/costs/costs_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW_NS = 1000000 /* of the holding curve, as of `run` */ };

static size_t points(const struct costs_plan *plan)
{
    return plan->prices + plan->holds;
}

static int allocate(struct costs_run *run, struct err *err)
{
    const size_t all = points(run->plan), threads = run->plan->cpus.count;
    run->threads = (unsigned)threads;
    run->order = calloc(all + 1, sizeof *run->order);
    run->left_out = calloc(all + 1, sizeof *run->left_out);
    run->software = calloc(threads, sizeof *run->software);
    run->steps_a_ns = calloc(threads, sizeof *run->steps_a_ns);
    run->result = calloc(threads, sizeof *run->result);
    run->trial.thread =
        aligned_alloc(_Alignof(struct trial_thread), threads * sizeof *run->trial.thread);
    if (!run->order || !run->left_out || !run->software || !run->steps_a_ns || !run->result ||
        !run->trial.thread)
        return err_set(err, -ENOMEM, "out of memory for %zu threads", threads);
    memset(run->trial.thread, 0, threads * sizeof *run->trial.thread);
    for (unsigned i = 0; i < all; i++)
        run->order[i] = i;
    for (size_t i = 0; i < run->plan->prices; i++)
        run->left_out[i] = *costs_why_not(run->plan, &run->plan->price[i]);
    return 0;
}

int costs_new(struct machine *machine, const struct topology *topology,
    const struct costs_plan *plan, struct costs_options options, struct costs_run **out,
    struct err *err)
{
    /* Its parts have lines of their own. */
    struct costs_run *run = aligned_alloc(_Alignof(struct costs_run), sizeof *run);
    if (!run)
        return err_set(err, -ENOMEM, "out of memory");
    memset(run, 0, sizeof *run);
    run->topology = topology;
    run->plan = plan;
    run->options = options;
    provenance_init(&run->origin, options.version, options.seed);
    rng_seed(&run->rng, options.seed);
    rng_seed(&run->lines, ~options.seed);
    int code = allocate(run, err);
    if (!code)
        code = costs_prepare(run, machine, err);
    if (code) {
        costs_free(run);
        return code;
    }
    run->trial.clock = &run->clock;
    run->trial.window_ns = WINDOW_NS;
    *out = run;
    return 0;
}

void costs_free(struct costs_run *run)
{
    if (!run)
        return;
    for (unsigned i = 0; run->software && i < run->threads; i++)
        counters_close(run->software[i]);
    crew_free(run->crew);
    canary_fini(&run->canary);
    struct costs_arena *const arenas[] = {
        &run->home[HOME_LOCAL], &run->home[HOME_REMOTE], &run->contended};
    for (size_t i = 0; i < sizeof arenas / sizeof *arenas; i++)
        memory_free(arenas[i]->memory, arenas[i]->area_bytes * COSTS_AREAS, arenas[i]->policy);
    free(run->order);
    free(run->left_out);
    free(run->software);
    free(run->steps_a_ns);
    free(run->result);
    free(run->trial.thread);
    free(run);
}

void costs_want_price(struct costs_run *run, size_t i, bool wanted)
{
    run->left_out[i] = !wanted || *costs_why_not(run->plan, &run->plan->price[i]);
}

void costs_want_hold(struct costs_run *run, size_t i, bool wanted)
{
    run->left_out[run->plan->prices + i] = !wanted;
}

static char *area_now(const struct costs_run *run, const struct costs_arena *arena)
{
    return arena->memory + run->block % COSTS_AREAS * arena->area_bytes;
}

static int measure_price(
    struct costs_run *run, const struct price_point *price, bool *counts, struct samples *samples)
{
    struct walk_trial *const t = &run->walk;
    t->base = area_now(run, &run->home[price->home]);
    t->line_bytes = run->plan->line_bytes;
    t->op = price->op;
    t->state = price->state;
    t->owner = costs_owner(run->plan, price);
    t->third = costs_third(run->plan, price);
    t->clock = &run->clock;
    t->software = run->software;
    t->rng = &run->lines;
    walk_trial_run(t, run->crew);
    const struct walk_result result = walk_trial_result(t);
    const char *const reason = costs_stopped(run) ? block_interrupted : result.disturb;
    *counts = !*reason;
    return costs_append_price(run, price, &result, reason, samples);
}

static void set_contender(struct costs_run *run, const struct hold_point *hold, unsigned thread)
{
    struct trial_thread *const me = &run->trial.thread[thread];
    char *const area = area_now(run, &run->contended);
    const double steps = hold->gap_ns * run->steps_a_ns[thread];
    me->cpu = run->plan->cpus.cpu[thread];
    me->loops = walk_find("add")->contend;
    me->software = run->software[thread];
    me->lane = (struct worker){
        .own =
            (word *)(void *)(area + (hold->alone ? (size_t)COSTS_APART_BYTES * (thread + 1) : 0)),
        .gap = hold->gap_ns > 0 ? (uint64_t)fmax(1, steps + 0.5) : 0,
        .clock = &run->clock,
        .histogram = &me->histogram,
        .seen = &me->seen};
}

static int measure_hold(
    struct costs_run *run, const struct hold_point *hold, bool *counts, struct samples *samples)
{
    run->trial.threads = hold->threads;
    for (unsigned i = 0; i < hold->threads; i++)
        set_contender(run, hold, i);
    trial_run(&run->trial, run->crew);
    const double overlap_ns = trial_results(&run->trial, run->result);
    const char *const reason = costs_stopped(run)
                                   ? block_interrupted
                                   : trial_disturbance(&run->trial, run->result, overlap_ns);
    *counts = !*reason;
    return costs_append_hold(run, hold, reason, samples);
}

/* Measures a point until a trial is undisturbed, a few times at most. */
static int measure_retrying(struct costs_run *run, size_t point, struct samples *samples)
{
    const struct costs_plan *const plan = run->plan;
    bool counts = false;
    int code = 0;
    for (int i = 0; i <= COSTS_RETRIES && !counts && !code && !costs_stopped(run); i++) {
        code = point < plan->prices
                   ? measure_price(run, &plan->price[point], &counts, samples)
                   : measure_hold(run, &plan->hold[point - plan->prices], &counts, samples);
        run->trials++;
    }
    return code;
}

/* Pages may have moved, and cpus may have gone, while they were measured. */
static int check_places(const struct costs_run *run, struct err *err)
{
    const struct costs_arena *const arenas[] = {
        &run->home[HOME_LOCAL], &run->home[HOME_REMOTE], &run->contended};
    int code = 0;
    for (size_t i = 0; i < sizeof arenas / sizeof *arenas && !code; i++) {
        const struct costs_arena *const a = arenas[i];
        const char *how;
        if (a->memory)
            code = memory_verify(area_now(run, a), a->area_bytes, a->policy, &how, err);
    }
    for (unsigned i = 0; i < run->threads && !code; i++)
        code = block_check_online(run->plan->cpus.cpu[i], err);
    return code;
}

static int measure_block(struct costs_run *run, struct samples *samples, struct err *err)
{
    const size_t all = points(run->plan);
    rng_shuffle(&run->rng, run->order, all);
    for (size_t i = 0; i < all; i++)
        if (!run->left_out[run->order[i]] && measure_retrying(run, run->order[i], samples))
            return err_set(err, -ENOMEM, "out of memory for the rows; use a shorter --max-time");
    return check_places(run, err);
}

int costs_block(struct costs_run *run, struct samples *samples, struct err *err)
{
    const size_t first = samples->count;
    struct canary_reading before = run->last_canary, after;
    if (run->block == 0)
        canary_read(&run->canary, run->crew, &run->clock, &before);
    const double stolen = block_stolen_ns(run->plan->cpus.cpu, run->threads);
    int code = measure_block(run, samples, err);
    canary_read(&run->canary, run->crew, &run->clock, &after);
    const struct block_end end = {.before = &before,
        .after = &after,
        .steal_ns = block_stolen_ns(run->plan->cpus.cpu, run->threads) - stolen,
        .interrupted = costs_stopped(run)};
    block_close(&run->canary, samples, first, &end);
    run->last_canary = after;
    run->block++;
    if (!code && costs_stopped(run))
        code = err_set(err, -EINTR, "interrupted");
    return code;
}
