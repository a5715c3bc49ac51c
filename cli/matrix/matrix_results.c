/* SPDX-License-Identifier: MIT
 * Folding batches, with all threads where there are many pairs. */
#include "cli/matrix/matrix_results.h"

#include "base/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static void add_batch(
    const struct matrix *matrix, const struct pair_batch *batch, struct pair_batches *out)
{
    /* Which page is the first one of a slot does not matter to what the blocks have in common. */
    out->place[out->count] = matrix_place(matrix, 0, batch->block);
    out->regime[out->count] = (unsigned char)matrix_block(matrix, batch->block)->regime;
    out->ns[out->count++] = (double)batch->ns;
}

int matrix_result_fold(
    const struct matrix *matrix, size_t slot, size_t series, struct matrix_result *out)
{
    const struct matrix_track *track = matrix_track(matrix, slot, series);
    const size_t room = track->count + 1;
    *out = (struct matrix_result){.slot = (uint32_t)slot};
    struct pair_batches batches = {.ns = malloc(room * sizeof *batches.ns),
        .place = malloc(room * sizeof *batches.place),
        .regime = malloc(room)};
    int code = batches.ns && batches.place && batches.regime ? 0 : -ENOMEM;
    for (uint32_t i = 0; !code && i < track->count; i++) {
        if (!*matrix_reason(matrix, &track->batch[i]))
            add_batch(matrix, &track->batch[i], &batches);
        else
            out->rejected += track->batch[i].reason != PAIR_FIRST;
    }
    out->accepted = (uint32_t)batches.count;
    if (!code)
        code = pair_estimates_fold(&batches, matrix_main_regime(matrix), &out->figure);
    free(batches.ns);
    free(batches.place);
    free(batches.regime);
    return code;
}

static int by_pair(const void *a, const void *b, void *context)
{
    const struct matrix_plan *plan = context;
    const struct matrix_slot *x = &plan->slot[*(const uint32_t *)a];
    const struct matrix_slot *y = &plan->slot[*(const uint32_t *)b];
    const int first = compare_u64(x->first, y->first);
    return first ? first : compare_u64(x->second, y->second);
}

/* Indices of the slots that count, in the order of their pairs. */
static uint32_t *counting_slots(const struct matrix_plan *plan, size_t *count)
{
    uint32_t *slot = malloc((plan->slots + 1) * sizeof *slot);
    *count = 0;
    for (size_t i = 0; slot && i < plan->slots; i++)
        if (plan->slot[i].counts)
            slot[(*count)++] = (uint32_t)i;
    if (slot)
        qsort_r(slot, *count, sizeof *slot, by_pair, (void *)plan);
    return slot;
}

struct folding {
    const struct matrix *matrix;
    struct matrix_results *results;
    const uint32_t *slot;
    size_t threads;
    _Atomic int code;
};

static void fold_share(void *context, unsigned thread)
{
    struct folding *f = context;
    const size_t pairs = f->results->pairs;
    for (size_t i = thread; i < pairs * f->results->serieses; i += f->threads) {
        const int code =
            matrix_result_fold(f->matrix, f->slot[i % pairs], i / pairs, &f->results->result[i]);
        if (code) /* crew_run orders it before the caller's reading */
            atomic_store_explicit(&f->code, code, memory_order_relaxed);
    }
}

int matrix_results_build(
    struct matrix *matrix, const struct matrix_plan *plan, struct matrix_results *out)
{
    free(out->result);
    out->plan = plan;
    out->serieses = plan->serieses;
    uint32_t *slot = counting_slots(plan, &out->pairs);
    out->result = calloc(out->pairs * out->serieses + 1, sizeof *out->result);
    struct folding f = {
        .matrix = matrix, .results = out, .slot = slot, .threads = plan->cpus.count};
    int code = slot && out->result ? 0 : -ENOMEM;
    if (!code) {
        crew_run(matrix_crew(matrix), fold_share, &f);
        code = atomic_load_explicit(&f.code, memory_order_relaxed);
    }
    free(slot);
    return code;
}

void matrix_results_fini(struct matrix_results *results)
{
    free(results->result);
    *results = (struct matrix_results){0};
}

/* The figure of each block, NaN where none counts. */
static void by_block(const struct matrix_track *track, double *ns, size_t blocks)
{
    for (size_t i = 0; i < blocks; i++)
        ns[i] = NAN;
    for (uint32_t i = 0; i < track->count; i++) {
        const struct pair_batch *b = &track->batch[i];
        if (b->reason == PAIR_COUNTS && b->block < blocks)
            ns[b->block] = (double)b->ns;
    }
}

static size_t blocks_of(const struct matrix_track *track)
{
    return track->count ? (size_t)track->batch[track->count - 1].block + 1 : 0;
}

static int check_ratio(
    const struct matrix *matrix, const struct matrix_check *check, size_t series, double *out)
{
    const struct matrix_track *shared = matrix_track(matrix, check->shared_slot, series);
    const struct matrix_track *alone = matrix_track(matrix, check->alone_slot, series);
    const size_t blocks = blocks_of(alone);
    double *ns = malloc((2 * blocks + 1) * sizeof *ns);
    if (!ns)
        return -ENOMEM;
    struct interval ratio;
    by_block(shared, ns, blocks);
    by_block(alone, ns + blocks, blocks);
    const int code = stats_ratio(ns, ns + blocks, NULL, blocks, &ratio);
    *out = ratio.mid;
    free(ns);
    return code;
}

static int deviation_of(const struct matrix *matrix, const struct matrix_plan *plan,
    enum distance distance, double *ratio, struct matrix_deviation *out)
{
    *out = (struct matrix_deviation){.median = NAN, .worst = 1};
    for (size_t i = 0; i < plan->checks; i++) {
        const struct matrix_check *check = &plan->check[i];
        for (size_t s = 0; s < plan->serieses; s++) {
            if (plan->slot[check->shared_slot].distance != distance)
                continue;
            double found;
            if (check_ratio(matrix, check, s, &found))
                return -ENOMEM;
            if (isnan(found))
                continue;
            ratio[out->checks++] = found;
            if (fabs(log(found)) > fabs(log(out->worst)))
                out->worst = found;
        }
    }
    out->median = stats_median(ratio, out->checks);
    return 0;
}

int matrix_deviations(const struct matrix *matrix, const struct matrix_plan *plan,
    struct matrix_deviation deviation[DISTANCE_COUNT])
{
    double *ratio = malloc((plan->checks * plan->serieses + 1) * sizeof *ratio);
    int code = ratio ? 0 : -ENOMEM;
    for (enum distance d = 0; !code && d < DISTANCE_COUNT; d++)
        code = deviation_of(matrix, plan, d, ratio, &deviation[d]);
    free(ratio);
    return code;
}

double *matrix_results_square(const struct matrix_results *results, size_t series)
{
    const size_t n = results->plan->cpus.count;
    double *square = malloc(n * n * sizeof *square);
    for (size_t i = 0; square && i < n * n; i++)
        square[i] = NAN;
    for (size_t i = 0; square && i < results->pairs; i++) {
        const struct matrix_result *r = &results->result[series * results->pairs + i];
        const struct matrix_slot *slot = &results->plan->slot[r->slot];
        square[slot->first * n + slot->second] = square[slot->second * n + slot->first] =
            r->figure.ns.mid;
    }
    return square;
}
