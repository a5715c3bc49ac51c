/* SPDX-License-Identifier: MIT
 * Prices and points of the holding curve as trials. Memory and canary are prepared in
 * costs_prepare.c, one price is measured in costs_walk.c, a contended point in trial.c, and rows
 * are described in costs_rows.c. */
#include "probes/costs/costs.h"

#include "probes/costs/costs_internal.h"

#include <errno.h>
#include <stdlib.h>

static int measure_price(
    struct costs_run *run, const struct price_point *price, bool *counts, struct samples *samples)
{
    struct walk_trial *const t = &run->walk;
    t->base = arena_area(&run->home[price->home], run->series.block);
    t->line_bytes = run->plan->line_bytes;
    t->op = price->op;
    t->state = price->state;
    t->owner = costs_owner(run->plan, price);
    t->third = costs_third(run->plan, price);
    t->rng = &run->lines;
    const struct walk_result result = walk_stage_run(t, &run->stage);
    *counts = !*result.disturb;
    return costs_append_price(run, price, &result, samples);
}

static void set_contender(struct costs_run *run, const struct hold_point *hold, unsigned thread)
{
    struct trial_thread *const me = &run->stage.trial.thread[thread];
    char *const area = arena_area(&run->contended, run->series.block);
    me->loops = hold->op->contend;
    me->worker = (struct worker){
        .own =
            (word *)(void *)(area + (hold->alone ? (size_t)COSTS_APART_BYTES * (thread + 1) : 0)),
        .gap = trial_gap_steps(run->stage.steps_a_ns[thread], hold->gap_ns),
        .clock = &run->stage.clock,
        .histogram = &me->histogram,
        .seen = &me->seen};
}

static int measure_hold(
    struct costs_run *run, const struct hold_point *hold, bool *counts, struct samples *samples)
{
    const struct hold_group *const group = hold->group;
    run->stage.trial.threads = group->threads;
    run->stage.trial.member = group->member;
    for (unsigned i = 0; i < group->threads; i++)
        set_contender(run, hold, group->member[i]);
    const char *const reason = stage_run(&run->stage);
    *counts = !*reason;
    return costs_append_hold(run, hold, reason, samples);
}

static int measure_point(void *context, unsigned point, bool *counts, struct samples *samples)
{
    struct costs_run *const run = context;
    const struct costs_plan *const plan = run->plan;
    return point < plan->prices
               ? measure_price(run, &plan->price[point], counts, samples)
               : measure_hold(run, &plan->hold[point - plan->prices], counts, samples);
}

/* Pages may have moved while they were measured. */
static int check_places(void *context, struct err *err)
{
    const struct costs_run *const run = context;
    const unsigned turn = run->series.block;
    int code = arena_verify_area(&run->contended, turn, err);
    for (int i = 0; i < COSTS_HOMES && !code; i++)
        code = arena_verify_area(&run->home[i], turn, err);
    return code;
}

static int prepare_run(struct costs_run *run, struct machine *machine,
    const struct topology *topology, struct err *err)
{
    const struct costs_plan *const plan = run->plan;
    const struct block_begin begin = {.machine = machine,
        .topology = topology,
        .cpus = &plan->cpus,
        .points = plan->prices + plan->holds,
        .version = run->options.version,
        .seed = run->options.seed,
        .stop = run->options.stop};
    const int code = block_begin(&run->series, &run->stage, &begin, err);
    rng_seed(&run->lines, ~run->options.seed);
    for (size_t i = 0; i < plan->prices && !code; i++)
        costs_want_price(run, i, true);
    return code ? code : costs_prepare(run, err);
}

int costs_new(struct machine *machine, const struct topology *topology,
    const struct costs_plan *plan, struct costs_options options, struct costs_run **out,
    struct err *err)
{
    struct costs_run *const run = block_allocate(_Alignof(struct costs_run), sizeof *run, err);
    if (!run)
        return -ENOMEM;
    run->plan = plan;
    run->options = options;
    run->series = (struct block_series){
        .measure = measure_point, .check_places = check_places, .context = run};
    const int code = prepare_run(run, machine, topology, err);
    if (code) {
        costs_free(run);
        return code;
    }
    *out = run;
    return 0;
}

void costs_free(struct costs_run *run)
{
    if (!run)
        return;
    stage_fini(&run->stage);
    for (int i = 0; i < COSTS_HOMES; i++)
        arena_fini(&run->home[i]);
    arena_fini(&run->contended);
    block_series_fini(&run->series);
    free(run);
}

void costs_want_price(struct costs_run *run, size_t i, bool wanted)
{
    run->series.left_out[i] = !wanted || *costs_why_not(run->plan, &run->plan->price[i]);
}

void costs_want_hold(struct costs_run *run, size_t i, bool wanted)
{
    run->series.left_out[run->plan->prices + i] = !wanted;
}

int costs_block(struct costs_run *run, struct samples *samples, struct err *err)
{
    return block_run(&run->series, &run->stage, samples, err);
}
