/* SPDX-License-Identifier: MIT
 * Checks first, then blocks of all rounds in random order, until each pair is precise. */
#include "cli/matrix/matrix_measure.h"

#include "base/rng.h"
#include "cli/progress.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { BLOCKS_MOST = UINT16_MAX - STATS_BLOCKS_MIN /* a batch keeps its block in 16 bits */ };

/* Checks end early where they would take more of --max-time than this. */
static const double CHECKS_SHARE = 0.25;

/* Two cpus have 20 blocks within 10 ms: a moment, in which what changes over seconds does not show.
 * Half of --max-time where that is less. */
static const double LEAST_NS = 1e9;

/* A round in one series. It goes on as long as one of its pairs is not precise, and then whole, so
 * that each pair is always in the same company. */
struct turn {
    uint32_t round, series;
};

struct turns {
    struct turn *turn;
    size_t count;
    unsigned *order; /* shuffled indices of those that go on */
    size_t going;
    double width; /* the widest interval at the last look */
};

double matrix_elapsed_ns(const struct matrix_run *run)
{
    return (double)(clock_raw_ns() - run->began_ns);
}

static bool out_of_time(struct matrix_run *run)
{
    if (matrix_elapsed_ns(run) < run->args->common.max_time_ns)
        return false;
    run->limit = "--max-time";
    return true;
}

static int play_check(
    struct matrix_run *run, const struct matrix_check *check, unsigned block, struct err *err)
{
    int code = 0;
    for (size_t s = 0; !code && s < run->plan->serieses; s++) {
        /* Each goes first half of the time, so that drift meets both alike. */
        const bool shared_first = (block + s) % 2 == 0;
        code = matrix_play(
            run->matrix, shared_first ? check->shared_round : check->alone_round, s, block, err);
        if (!code)
            code = matrix_play(run->matrix, shared_first ? check->alone_round : check->shared_round,
                s, block, err);
    }
    return code;
}

static bool is_beyond(const struct matrix_deviation *deviation, double tolerance)
{
    return deviation->checks && fabs(log(deviation->worst)) > log1p(tolerance);
}

static bool may_check(const struct matrix_run *run)
{
    return matrix_elapsed_ns(run) < run->args->common.max_time_ns * CHECKS_SHARE;
}

/* Side by side or alone? Of a few pairs both are played, before anything is decided. */
static int check_company(struct matrix_run *run, struct err *err)
{
    struct matrix_plan *plan = run->plan;
    int code = 0;
    for (unsigned block = 0; block < STATS_BLOCKS_MIN && plan->checks && !code; block++) {
        for (size_t i = 0; !code && i < plan->checks && may_check(run); i++)
            code = play_check(run, &plan->check[i], block, err);
        if (!code)
            code = matrix_end_block(run->matrix, err);
    }
    if (code)
        return code;
    struct matrix_deviation *deviation = run->results.deviation;
    if (matrix_deviations(run->matrix, plan, deviation))
        return err_set(err, -ENOMEM, "out of memory for the deviations");
    for (enum distance d = 0; d < DISTANCE_COUNT; d++)
        if (is_beyond(&deviation[d], run->args->tolerance) && matrix_plan_alone(plan, d))
            return err_set(err, -ENOMEM, "out of memory for pairs alone");
    return 0;
}

static int turns_init(const struct matrix_plan *plan, struct turns *turns)
{
    const size_t most = plan->rounds * plan->serieses;
    *turns = (struct turns){.turn = calloc(most + 1, sizeof *turns->turn),
        .order = calloc(most + 1, sizeof *turns->order)};
    if (!turns->turn || !turns->order)
        return -ENOMEM;
    for (uint32_t r = 0; r < plan->rounds; r++)
        for (uint32_t s = 0; matrix_round_counts(plan, r) && s < plan->serieses; s++)
            turns->turn[turns->count++] = (struct turn){.round = r, .series = s};
    for (unsigned i = 0; i < turns->count; i++)
        turns->order[turns->going++] = i;
    return 0;
}

static int play_block(
    struct matrix_run *run, const struct turns *turns, struct rng *rng, struct err *err)
{
    const unsigned block = (unsigned)matrix_blocks(run->matrix);
    rng_shuffle(rng, turns->order, turns->going);
    int code = 0;
    for (size_t i = 0; !code && i < turns->going; i++) {
        const struct turn *turn = &turns->turn[turns->order[i]];
        if (out_of_time(run))
            break;
        code = matrix_play(run->matrix, turn->round, turn->series, block, err);
    }
    return code ? code : matrix_end_block(run->matrix, err);
}

/* What a look works on, with all threads. */
struct look {
    const struct matrix_run *run;
    const struct turns *turns;
    double *width; /* of each turn: its widest pair's */
    _Atomic int code;
};

static double turn_width(const struct matrix_run *run, const struct turn *turn, int *code)
{
    const struct matrix_round *round = &run->plan->round[turn->round];
    double width = 0;
    for (uint32_t s = round->slot; s < round->slot + round->slots && !*code; s++) {
        struct matrix_result result;
        if (!run->plan->slot[s].counts)
            continue;
        *code = matrix_result_fold(run->matrix, s, turn->series, &result);
        width = fmax(width, interval_width(result.figure.ns));
    }
    return width;
}

static void look_at_share(void *context, unsigned thread)
{
    struct look *look = context;
    int code = 0;
    for (size_t i = thread; i < look->turns->count; i += look->run->plan->cpus.count)
        look->width[i] = turn_width(look->run, &look->turns->turn[i], &code);
    if (code) /* crew_run orders it before the caller's reading */
        atomic_store_explicit(&look->code, code, memory_order_relaxed);
}

/* Goes on with the turns that are not precise in the regime with the most blocks, which may be
 * another one than at the last look. */
static int look_at(struct matrix_run *run, struct turns *turns)
{
    struct look look = {.run = run, .turns = turns};
    look.width = malloc((turns->count + 1) * sizeof *look.width);
    if (!look.width)
        return -ENOMEM;
    crew_run(matrix_crew(run->matrix), look_at_share, &look);
    turns->going = 0;
    turns->width = 0;
    for (size_t i = 0; i < turns->count; i++) {
        turns->width = fmax(turns->width, look.width[i]);
        if (!(look.width[i] <= run->args->common.precision))
            turns->order[turns->going++] = (unsigned)i;
    }
    free(look.width);
    return atomic_load_explicit(&look.code, memory_order_relaxed);
}

static bool is_long_enough(const struct matrix_run *run, double began_ns)
{
    return matrix_elapsed_ns(run) - began_ns >= fmin(LEAST_NS, run->args->common.max_time_ns / 2);
}

static int sample_turns(struct matrix_run *run, struct turns *turns, struct err *err)
{
    struct progress progress;
    struct rng rng;
    const double began_ns = matrix_elapsed_ns(run);
    size_t next_look = STATS_BLOCKS_MIN + matrix_blocks(run->matrix);
    int code = 0;
    rng_seed(&rng, run->args->common.seed);
    progress_begin(&progress, run->args->common.quiet, run->args->common.precision,
        run->args->common.max_time_ns);
    while (!code && !run->precise && !run->limit) {
        code = play_block(run, turns, &rng, err);
        run->blocks++;
        const size_t most = matrix_regime_blocks(run->matrix, matrix_main_regime(run->matrix));
        if (!code && most >= next_look && is_long_enough(run, began_ns)) {
            if (look_at(run, turns))
                code = err_set(err, -ENOMEM, "out of memory for the estimates");
            run->precise = !code && turns->going == 0;
            next_look = stats_next_look(most);
            progress_width(
                &progress, &(struct widest){.width = turns->width, .name = "the widest pair"});
        }
        progress_show(&progress, run->blocks, matrix_elapsed_ns(run));
        if (!run->precise && run->blocks == BLOCKS_MOST)
            run->limit = "the limit of blocks";
    }
    progress_end(&progress);
    return code;
}

int matrix_measure(struct matrix_run *run, struct err *err)
{
    struct turns turns = {0};
    int code = check_company(run, err);
    if (!code && turns_init(run->plan, &turns))
        code = err_set(err, -ENOMEM, "out of memory for the rounds");
    if (!code)
        code = sample_turns(run, &turns, err);
    free(turns.turn);
    free(turns.order);
    return code;
}
