/* SPDX-License-Identifier: MIT
 * Computes the numbers of each estimate from its folds. */
#include "analysis/dataset/estimate.h"

#include "analysis/dataset/event_rates.h"
#include "analysis/dataset/hold_time.h"
#include "analysis/dataset/map_figures.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One estimate a block, ascending by block. */
struct blocks {
    int64_t *block;
    double *ns;
    int32_t *place;
    size_t count;
};

/* Room for any estimate and its reference, allocated once. */
struct work {
    struct blocks now, base;
    double *p50, *p99, *fairness; /* a trial each */
    double *value, *reference;    /* of the blocks that estimate and reference share */
    int32_t *place;               /* of these */
    const struct estimate *owner; /* of `base`; NULL: none yet */
    double *reals;
    int64_t *ints;
    int32_t *places;
};

/* `most`: folds of the largest estimate. */
static int work_init(struct work *work, size_t most)
{
    *work = (struct work){
        .reals = malloc((most + 1) * 7 * sizeof(double)),
        .ints = malloc((most + 1) * 2 * sizeof(int64_t)),
        .places = malloc((most + 1) * 3 * sizeof(int32_t)),
    };
    if (!work->reals || !work->ints || !work->places)
        return -ENOMEM;
    double **const real[] = {&work->now.ns, &work->base.ns, &work->p50, &work->p99, &work->fairness,
        &work->value, &work->reference};
    for (size_t i = 0; i < sizeof real / sizeof *real; i++)
        *real[i] = work->reals + i * (most + 1);
    work->now.block = work->ints;
    work->base.block = work->ints + most + 1;
    work->now.place = work->places;
    work->base.place = work->places + most + 1;
    work->place = work->places + 2 * (most + 1);
    return 0;
}

static void work_fini(struct work *work)
{
    free(work->reals);
    free(work->ints);
    free(work->places);
}

/* The folds of one estimate, by block and trial. */
struct list {
    const struct trial_folds *folds;
    const uint32_t *index;
    size_t count;
};

static const struct trial_fold *at(const struct list *list, size_t i)
{
    return &list->folds->fold[list->index[i]];
}

static void fold_blocks(const struct list *list, struct blocks *out)
{
    out->count = 0;
    for (size_t from = 0, to; from < list->count; from = to) {
        const int64_t block = at(list, from)->block;
        double seconds = 0, ops = 0;
        for (to = from; to < list->count && at(list, to)->block == block; to++) {
            const struct trial_fold *fold = at(list, to);
            seconds += fold->accepted ? fold->seconds : 0;
            ops += fold->accepted ? fold->ops : 0;
        }
        if (!(ops > 0))
            continue;
        out->block[out->count] = block;
        out->place[out->count] = at(list, from)->place;
        out->ns[out->count++] = seconds * 1e9 / ops;
    }
}

static void add_value(double *list, size_t *count, double value)
{
    if (!isnan(value))
        list[(*count)++] = value;
}

/* Of one trial, whose rows may have come in several folds. */
struct trial {
    size_t rows;
    double p50_ns, p99_ns, least, most;
};

static void add_piece(const struct list *list, size_t i, struct trial *trial)
{
    const struct trial_fold *fold = at(list, i);
    trial->rows += fold->rows;
    trial->least = fmin(trial->least, fold->least);
    trial->most = fmax(trial->most, fold->most);
    if (fold->extra == FOLD_NONE)
        return;
    trial->p50_ns = fmax(trial->p50_ns, list->folds->extra[fold->extra].p50_ns);
    trial->p99_ns = fmax(trial->p99_ns, list->folds->extra[fold->extra].p99_ns);
}

static double trial_fairness(const struct trial *trial)
{
    return trial->rows > 1 && trial->most > 0 && trial->least >= 0 ? trial->least / trial->most
                                                                   : NAN;
}

static void fold_trials(const struct list *list, struct work *work, struct estimate *estimate)
{
    size_t p50s = 0, p99s = 0, fair = 0;
    for (size_t from = 0, to; from < list->count; from = to) {
        struct trial trial = {.p50_ns = NAN, .p99_ns = NAN, .least = INFINITY};
        for (to = from; to < list->count && at(list, to)->trial == at(list, from)->trial; to++)
            add_piece(list, to, &trial);
        const bool accepted = at(list, from)->accepted;
        estimate->accepted += accepted;
        estimate->rejected += !accepted;
        if (!accepted)
            continue;
        add_value(work->p50, &p50s, trial.p50_ns);
        add_value(work->p99, &p99s, trial.p99_ns);
        add_value(work->fairness, &fair, trial_fairness(&trial));
    }
    estimate->p50_ns = stats_median_among(work->p50, p50s);
    estimate->p99_ns = stats_median_among(work->p99, p99s);
    estimate->fairness = stats_median_among(work->fairness, fair);
}

/* In a self-test, twin a is the reference of twin b of the same variant. */
static bool is_base(const struct estimate *estimate)
{
    return estimate->twin[0] ? estimate->twin[0] == 'a' : estimate->align_bytes == SAMPLE_NONE;
}

static bool has_base(const struct work *work, const struct estimate *estimate)
{
    const struct estimate *base = work->owner;
    if (!base || is_base(estimate) || !estimate_same_group(base, estimate))
        return false;
    return estimate->twin[0] ? base->twin[0] && base->align_bytes == estimate->align_bytes
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
            work->place[pairs] = now->place[i];
            work->reference[pairs++] = base->ns[k];
        }
        i += order <= 0;
        k += order >= 0;
    }
    return pairs;
}

static int copy_blocks(const struct blocks *blocks, struct estimate *estimate)
{
    estimate->block_ns = malloc((blocks->count + 1) * sizeof *estimate->block_ns);
    estimate->block_place = malloc((blocks->count + 1) * sizeof *estimate->block_place);
    estimate->block = malloc((blocks->count + 1) * sizeof *estimate->block);
    if (!estimate->block_ns || !estimate->block_place || !estimate->block)
        return -ENOMEM;
    memcpy(estimate->block, blocks->block, blocks->count * sizeof *blocks->block);
    memcpy(estimate->block_place, blocks->place, blocks->count * sizeof *blocks->place);
    memcpy(estimate->block_ns, blocks->ns, blocks->count * sizeof *blocks->ns);
    return 0;
}

/* If the gap is most of both times, their ratio does not show the price; the difference does. */
static int fold_ratio(struct work *work, struct estimate *estimate)
{
    const size_t pairs = pair_blocks(work);
    const int failed =
        stats_ratio(work->value, work->reference, work->place, pairs, &estimate->ratio);
    if (failed || !estimate_is_hold(estimate))
        return failed;
    for (size_t i = 0; i < pairs; i++)
        work->value[i] -= work->reference[i];
    return stats_interval(work->value, work->place, pairs, &estimate->added_ns);
}

static int fold_figure(const struct list *list, struct work *work, struct estimate *estimate)
{
    const struct trial_fold_key *const name = &list->folds->name[at(list, 0)->estimate];
    *estimate = estimate_named(&name->name);
    fold_trials(list, work, estimate);
    map_figures_fold(list->folds, list->index, list->count, work->value, estimate);
    fold_blocks(list, &work->now);
    const bool failed =
        copy_blocks(&work->now, estimate) ||
        stats_interval(work->now.ns, work->now.place, work->now.count, &estimate->ns) ||
        event_rates_fold(
            list->folds, list->index, list->count, work->value, work->place, estimate) ||
        (estimate_is_hold(estimate) && hold_times_fold(list->folds, list->index, list->count,
                                           work->value, work->reference, work->place, estimate)) ||
        (has_base(work, estimate) && fold_ratio(work, estimate));
    if (!is_base(estimate))
        return failed ? -ENOMEM : 0;
    const struct blocks spare = work->base;
    work->base = work->now;
    work->now = spare;
    work->owner = estimate;
    return failed ? -ENOMEM : 0;
}

static int by_name(const void *a, const void *b, void *context)
{
    const struct trial_fold_key *const name = context;
    return estimate_key_compare(&name[*(const uint32_t *)a].name, &name[*(const uint32_t *)b].name);
}

/* rank[i]: the position of the i-th name in the order of summary.h. */
static int rank_names(const struct trial_folds *folds, uint32_t **rank)
{
    uint32_t *order = malloc((folds->names + 1) * sizeof *order);
    *rank = malloc((folds->names + 1) * sizeof **rank);
    const bool ok = order && *rank;
    for (uint32_t i = 0; ok && i < folds->names; i++)
        order[i] = i;
    if (ok && folds->names > 1)
        qsort_r(order, folds->names, sizeof *order, by_name, folds->name);
    for (uint32_t i = 0; ok && i < folds->names; i++)
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
    const struct trial_folds *folds, const struct trial_fold_order *order, struct summary *out)
{
    struct work work;
    int failed = work_init(&work, largest_group(order, folds->names));
    out->estimate = calloc(folds->names + 1, sizeof *out->estimate);
    if (!out->estimate)
        failed = -ENOMEM;
    for (size_t g = 0; g < folds->names && !failed; g++) {
        const struct list list = {
            folds, order->index + order->start[g], order->start[g + 1] - order->start[g]};
        failed = fold_figure(&list, &work, &out->estimate[out->count++]);
    }
    work_fini(&work);
    return failed;
}

int estimates_fold(const struct trial_folds *folds, struct summary *out)
{
    uint32_t *rank = NULL;
    struct trial_fold_order order = {0};
    const bool failed = rank_names(folds, &rank) ||
                        trial_folds_sort(folds, rank, folds->names, &order) ||
                        fold_all(folds, &order, out);
    trial_fold_order_fini(&order);
    free(rank);
    return failed ? -ENOMEM : 0;
}
