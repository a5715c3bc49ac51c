/* SPDX-License-Identifier: MIT
 * Folds the rows of each figure into its numbers. Which rows belong together is group.c's business.
 */
#include "analysis/figure.h"
#include "analysis/counts.h"

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

/* Room for one figure and its reference, as large as all rows, allocated once. */
struct work {
    struct blocks now, base;
    double *p50, *p99, *fairness; /* a trial each */
    double *value, *reference;    /* of the blocks that figure and reference share */
    const struct figure *owner;   /* of `base`; NULL: none yet */
    double *reals;
    int64_t *ints;
};

static int work_init(struct work *work, size_t rows)
{
    *work = (struct work){
        .reals = malloc((rows + 1) * 7 * sizeof(double)),
        .ints = malloc((rows + 1) * 2 * sizeof(int64_t)),
    };
    if (!work->reals || !work->ints)
        return -ENOMEM;
    double **const real[] = {&work->now.ns, &work->base.ns, &work->p50, &work->p99, &work->fairness,
        &work->value, &work->reference};
    for (size_t i = 0; i < sizeof real / sizeof *real; i++)
        *real[i] = work->reals + i * (rows + 1);
    work->now.block = work->ints;
    work->base.block = work->ints + rows + 1;
    return 0;
}

static void work_fini(struct work *work)
{
    free(work->reals);
    free(work->ints);
}

/* A thread that got no op in still spent its time; a row without a time says nothing. */
static bool counts(const struct item *item)
{
    return item->accepted && item->row->ops >= 0 && isfinite(item->row->seconds);
}

static double block_ns(const struct item *item, size_t rows)
{
    double seconds = 0, ops = 0;
    for (size_t i = 0; i < rows; i++) {
        if (!counts(&item[i]))
            continue;
        seconds += item[i].row->seconds;
        ops += (double)item[i].row->ops;
    }
    return ops > 0 ? seconds * 1e9 / ops : NAN;
}

static void fold_blocks(const struct item *item, size_t rows, struct blocks *out)
{
    out->count = 0;
    for (size_t from = 0, to; from < rows; from = to) {
        to = items_end(item, from, rows, compare_block);
        const double ns = block_ns(item + from, to - from);
        if (isnan(ns))
            continue;
        out->block[out->count] = item[from].row->block;
        out->ns[out->count++] = ns;
    }
}

static double trial_fairness(const struct item *item, size_t rows)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < rows; i++) {
        least = fmin(least, (double)item[i].row->ops);
        most = fmax(most, (double)item[i].row->ops);
    }
    return rows > 1 && most > 0 && least >= 0 ? least / most : NAN;
}

static void put(double *list, size_t *count, double value)
{
    if (!isnan(value))
        list[(*count)++] = value;
}

static void fold_trials(
    const struct item *item, size_t rows, struct work *work, struct figure *figure)
{
    size_t p50s = 0, p99s = 0, fair = 0;
    for (size_t from = 0, to; from < rows; from = to) {
        to = items_end(item, from, rows, compare_trials);
        figure->accepted += item[from].accepted;
        figure->rejected += !item[from].accepted;
        if (!item[from].accepted)
            continue;
        double p50 = NAN, p99 = NAN; /* fmax passes over NaN */
        for (size_t i = from; i < to; i++) {
            p50 = fmax(p50, item[i].row->lat_p50_ns);
            p99 = fmax(p99, item[i].row->lat_p99_ns);
        }
        put(work->p50, &p50s, p50);
        put(work->p99, &p99s, p99);
        put(work->fairness, &fair, trial_fairness(item + from, to - from));
    }
    figure->p50_ns = stats_median(work->p50, p50s);
    figure->p99_ns = stats_median(work->p99, p99s);
    figure->fairness = stats_median(work->fairness, fair);
}

/* In a self-test twin a stands for the reference of twin b of the same variant. */
static bool is_base(const struct figure *figure)
{
    return figure->twin[0] ? figure->twin[0] == 'a' : figure->align_bytes == SAMPLE_NONE;
}

static bool has_base(const struct work *work, const struct figure *figure)
{
    const struct figure *base = work->owner;
    if (!base || is_base(figure) || !figure_same_group(base, figure))
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

static int keep_blocks(const struct blocks *blocks, struct figure *figure)
{
    figure->block_ns = malloc((blocks->count + 1) * sizeof *figure->block_ns);
    if (!figure->block_ns)
        return -ENOMEM;
    memcpy(figure->block_ns, blocks->ns, blocks->count * sizeof *blocks->ns);
    return 0;
}

static int fold_figure(
    const struct item *item, size_t rows, struct work *work, struct figure *figure)
{
    *figure = figure_named(item->row);
    fold_trials(item, rows, work, figure);
    fold_blocks(item, rows, &work->now);
    const uint64_t seed = (uint64_t)item->row->seed;
    int failed = keep_blocks(&work->now, figure);
    if (!failed)
        failed = stats_interval(work->now.ns, work->now.count, seed, &figure->ns);
    if (!failed)
        failed = counts_fold(item, rows, work->value, figure);
    if (!failed && has_base(work, figure))
        failed = stats_ratio(work->value, work->reference, pair_blocks(work), seed, &figure->ratio);
    if (!is_base(figure))
        return failed;
    const struct blocks spare = work->base;
    work->base = work->now;
    work->now = spare;
    work->owner = figure;
    return failed;
}

static int fold_all(const struct item *item, size_t rows, struct work *work, struct summary *out)
{
    size_t figures = 0;
    for (size_t from = 0; from < rows; figures++)
        from = items_end(item, from, rows, compare_figure);
    out->figure = calloc(figures + 1, sizeof *out->figure);
    if (!out->figure)
        return -ENOMEM;
    for (size_t from = 0, to; from < rows; from = to) {
        to = items_end(item, from, rows, compare_figure);
        const int failed = fold_figure(item + from, to - from, work, &out->figure[out->count++]);
        if (failed)
            return failed;
    }
    return 0;
}

int figures_fold(const struct item *item, size_t rows, struct summary *out)
{
    struct work work;
    int failed = work_init(&work, rows);
    if (!failed)
        failed = fold_all(item, rows, &work, out);
    work_fini(&work);
    return failed;
}
