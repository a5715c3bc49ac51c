/* SPDX-License-Identifier: MIT
 * Folds the pieces of each figure into its numbers. */
#include "analysis/dataset/estimate.h"

#include "analysis/dataset/event_rates.h"
#include "analysis/dataset/hold_time.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One figure a block, ascending by block. */
struct blocks {
    int64_t *block;
    double *ns;
    size_t count;
};

/* Room for any figure and its reference, allocated once. */
struct work {
    struct blocks now, base;
    double *p50, *p99, *fairness; /* a trial each */
    double *value, *reference;    /* of the blocks that figure and reference share */
    const struct estimate *owner; /* of `base`; NULL: none yet */
    double *reals;
    int64_t *ints;
};

/* `most`: pieces of the largest figure. */
static int work_init(struct work *work, size_t most)
{
    *work = (struct work){
        .reals = malloc((most + 1) * 7 * sizeof(double)),
        .ints = malloc((most + 1) * 2 * sizeof(int64_t)),
    };
    if (!work->reals || !work->ints)
        return -ENOMEM;
    double **const real[] = {&work->now.ns, &work->base.ns, &work->p50, &work->p99, &work->fairness,
        &work->value, &work->reference};
    for (size_t i = 0; i < sizeof real / sizeof *real; i++)
        *real[i] = work->reals + i * (most + 1);
    work->now.block = work->ints;
    work->base.block = work->ints + most + 1;
    return 0;
}

static void work_fini(struct work *work)
{
    free(work->reals);
    free(work->ints);
}

/* The pieces of one figure, by block and trial. */
struct list {
    const struct trial_folds *pieces;
    const uint32_t *index;
    size_t count;
};

static const struct trial_fold *at(const struct list *list, size_t i)
{
    return &list->pieces->piece[list->index[i]];
}

static void fold_blocks(const struct list *list, struct blocks *out)
{
    out->count = 0;
    for (size_t from = 0, to; from < list->count; from = to) {
        const int64_t block = at(list, from)->block;
        double seconds = 0, ops = 0;
        for (to = from; to < list->count && at(list, to)->block == block; to++) {
            const struct trial_fold *piece = at(list, to);
            seconds += piece->accepted ? piece->seconds : 0;
            ops += piece->accepted ? piece->ops : 0;
        }
        if (!(ops > 0))
            continue;
        out->block[out->count] = block;
        out->ns[out->count++] = seconds * 1e9 / ops;
    }
}

static void add_value(double *list, size_t *count, double value)
{
    if (!isnan(value))
        list[(*count)++] = value;
}

/* Of one trial, whose rows may have come in several pieces. */
struct trial {
    size_t rows;
    double p50_ns, p99_ns, least, most;
};

static void add_piece(const struct list *list, size_t i, struct trial *trial)
{
    const struct trial_fold *piece = at(list, i);
    trial->rows += piece->rows;
    trial->least = fmin(trial->least, piece->least);
    trial->most = fmax(trial->most, piece->most);
    if (piece->extra == PIECE_NONE)
        return;
    trial->p50_ns = fmax(trial->p50_ns, list->pieces->extra[piece->extra].p50_ns);
    trial->p99_ns = fmax(trial->p99_ns, list->pieces->extra[piece->extra].p99_ns);
}

static double trial_fairness(const struct trial *trial)
{
    return trial->rows > 1 && trial->most > 0 && trial->least >= 0 ? trial->least / trial->most
                                                                   : NAN;
}

static void fold_trials(const struct list *list, struct work *work, struct estimate *figure)
{
    size_t p50s = 0, p99s = 0, fair = 0;
    for (size_t from = 0, to; from < list->count; from = to) {
        struct trial trial = {.p50_ns = NAN, .p99_ns = NAN, .least = INFINITY};
        for (to = from; to < list->count && at(list, to)->trial == at(list, from)->trial; to++)
            add_piece(list, to, &trial);
        const bool accepted = at(list, from)->accepted;
        figure->accepted += accepted;
        figure->rejected += !accepted;
        if (!accepted)
            continue;
        add_value(work->p50, &p50s, trial.p50_ns);
        add_value(work->p99, &p99s, trial.p99_ns);
        add_value(work->fairness, &fair, trial_fairness(&trial));
    }
    figure->p50_ns = stats_median_among(work->p50, p50s);
    figure->p99_ns = stats_median_among(work->p99, p99s);
    figure->fairness = stats_median_among(work->fairness, fair);
}

/* In a self-test twin a stands for the reference of twin b of the same variant. */
static bool is_base(const struct estimate *figure)
{
    return figure->twin[0] ? figure->twin[0] == 'a' : figure->align_bytes == SAMPLE_NONE;
}

static bool has_base(const struct work *work, const struct estimate *figure)
{
    const struct estimate *base = work->owner;
    if (!base || is_base(figure) || !estimate_same_group(base, figure))
        return false;
    return figure->twin[0] ? base->twin[0] && base->align_bytes == figure->align_bytes
                           : !base->twin[0];
}

/* Both lists ascend by block. */
static size_t pair_blocks(struct work *work)
{
    const struct blocks *now = &work->now, *base = &work->base;
    size_t pairs = 0;
    for (size_t i = 0, k = 0; i < now->count && k < base->count;) {
        const int order = compare_int(now->block[i], base->block[k]);
        if (order == 0) {
            work->value[pairs] = now->ns[i];
            work->reference[pairs++] = base->ns[k];
        }
        i += order <= 0;
        k += order >= 0;
    }
    return pairs;
}

static int copy_blocks(const struct blocks *blocks, struct estimate *figure)
{
    figure->block_ns = malloc((blocks->count + 1) * sizeof *figure->block_ns);
    if (!figure->block_ns)
        return -ENOMEM;
    memcpy(figure->block_ns, blocks->ns, blocks->count * sizeof *blocks->ns);
    return 0;
}

/* A ratio to the reference says nothing of the price where the gap is most of both. */
static int fold_ratio(struct work *work, uint64_t seed, struct estimate *figure)
{
    const size_t pairs = pair_blocks(work);
    const int failed = stats_ratio(work->value, work->reference, pairs, seed, &figure->ratio);
    if (failed || !estimate_is_hold(figure))
        return failed;
    for (size_t i = 0; i < pairs; i++)
        work->value[i] -= work->reference[i];
    return stats_interval(work->value, pairs, seed, &figure->added_ns);
}

static int fold_figure(const struct list *list, struct work *work, struct estimate *figure)
{
    const struct trial_fold_key *const name = &list->pieces->name[at(list, 0)->figure];
    const uint64_t seed = (uint64_t)name->seed;
    *figure = estimate_named(&name->name);
    fold_trials(list, work, figure);
    fold_blocks(list, &work->now);
    int failed = copy_blocks(&work->now, figure);
    if (!failed)
        failed = stats_interval(work->now.ns, work->now.count, seed, &figure->ns);
    if (!failed)
        failed = event_rates_fold(list->pieces, list->index, list->count, work->value, figure);
    if (!failed && estimate_is_hold(figure))
        failed = hold_times_fold(
            list->pieces, list->index, list->count, work->value, work->reference, figure);
    if (!failed && has_base(work, figure))
        failed = fold_ratio(work, seed, figure);
    if (!is_base(figure))
        return failed;
    const struct blocks spare = work->base;
    work->base = work->now;
    work->now = spare;
    work->owner = figure;
    return failed;
}

static int by_name(const void *a, const void *b, void *context)
{
    const struct trial_fold_key *const name = context;
    return estimate_key_compare(&name[*(const uint32_t *)a].name, &name[*(const uint32_t *)b].name);
}

/* rank[i]: where the i-th name stands in the order of summary.h. */
static int rank_names(const struct trial_folds *pieces, uint32_t **rank)
{
    uint32_t *order = malloc((pieces->names + 1) * sizeof *order);
    *rank = malloc((pieces->names + 1) * sizeof **rank);
    const bool ok = order && *rank;
    for (uint32_t i = 0; ok && i < pieces->names; i++)
        order[i] = i;
    if (ok && pieces->names > 1)
        qsort_r(order, pieces->names, sizeof *order, by_name, pieces->name);
    for (uint32_t i = 0; ok && i < pieces->names; i++)
        (*rank)[order[i]] = i;
    free(order);
    return ok ? 0 : -ENOMEM;
}

static size_t largest_group(const struct trial_fold_order *order, size_t groups)
{
    size_t most = 0;
    for (size_t g = 0; g < groups; g++)
        if (order->start[g + 1] - order->start[g] > most)
            most = order->start[g + 1] - order->start[g];
    return most;
}

static int fold_all(
    const struct trial_folds *pieces, const struct trial_fold_order *order, struct summary *out)
{
    struct work work;
    int failed = work_init(&work, largest_group(order, pieces->names));
    out->figure = calloc(pieces->names + 1, sizeof *out->figure);
    if (!out->figure)
        failed = -ENOMEM;
    for (size_t g = 0; g < pieces->names && !failed; g++) {
        const struct list list = {
            pieces, order->index + order->start[g], order->start[g + 1] - order->start[g]};
        failed = fold_figure(&list, &work, &out->figure[out->count++]);
    }
    work_fini(&work);
    return failed;
}

int estimates_fold(const struct trial_folds *pieces, struct summary *out)
{
    uint32_t *rank = NULL;
    struct trial_fold_order order = {0};
    int failed = rank_names(pieces, &rank);
    if (!failed)
        failed = trial_folds_sort(pieces, rank, pieces->names, &order);
    if (!failed)
        failed = fold_all(pieces, &order, out);
    trial_fold_order_fini(&order);
    free(rank);
    return failed;
}
