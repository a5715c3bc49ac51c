/* SPDX-License-Identifier: MIT
 * The holding curve: for each number of threads and gap, contended and alone, block by block. */
#include "analysis/costs_curve.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include "analysis/group.h"

/* What a block says of one point. */
struct block {
    int64_t index;
    double ns, hold_ns, ops_a_hold;
};

/* Room for a point and the same one alone, as large as all rows. */
struct work {
    struct block *contended, *alone;
    size_t contendeds, alones;
    double *value;
};

static bool counts(const struct item *item)
{
    return item->accepted && item->row->ops >= 0 && isfinite(item->row->seconds);
}

/* The line belongs to one thread at any time, so that the holds of all threads fill the window: its
 * length by the changes that all of them saw is the mean hold. */
static struct block fold_block(const struct item *item, size_t rows)
{
    double seconds = 0, ops = 0, transfers = 0;
    for (size_t i = 0; i < rows; i++) {
        const struct sample *const s = item[i].row;
        if (!counts(&item[i]))
            continue;
        seconds += s->seconds;
        ops += (double)s->ops;
        transfers += s->transfers == SAMPLE_NONE ? 0 : (double)s->transfers;
    }
    return (struct block){.index = item->row->block,
        .ns = ops > 0 ? seconds * 1e9 / ops : NAN,
        .hold_ns = seconds * 1e9 / (double)item->row->threads / transfers,
        .ops_a_hold = ops / transfers};
}

static size_t fold_blocks(const struct item *item, size_t rows, struct block *out)
{
    size_t count = 0;
    for (size_t from = 0, to; from < rows; from = to) {
        to = items_end(item, from, rows, compare_block);
        out[count] = fold_block(item + from, to - from);
        count += !isnan(out[count].ns);
    }
    return count;
}

typedef double value_of(const struct block *block);

static double ns_of(const struct block *block)
{
    return block->ns;
}

static double hold_of(const struct block *block)
{
    return block->hold_ns;
}

static double ops_of(const struct block *block)
{
    return block->ops_a_hold;
}

/* A block in which nobody saw a transfer has no hold that ended. */
static int interval_of(const struct block *block, size_t count, value_of *of, uint64_t seed,
    double *value, struct interval *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(of(&block[i])))
            value[n++] = of(&block[i]);
    return stats_interval(value, n, seed, out);
}

/* Both ascend by block. */
static int difference(struct work *work, uint64_t seed, struct interval *out)
{
    size_t n = 0;
    for (size_t i = 0, k = 0; i < work->contendeds && k < work->alones;) {
        const struct block *const a = &work->contended[i], *const b = &work->alone[k];
        if (a->index == b->index)
            work->value[n++] = a->ns - b->ns;
        i += a->index <= b->index;
        k += b->index <= a->index;
    }
    return stats_interval(work->value, n, seed, out);
}

static int set_point(struct work *w, const struct sample *row, struct costs_curve *out)
{
    const uint64_t seed = (uint64_t)row->seed;
    out->threads = row->threads;
    out->gap_ns = row->gap_ns;
    out->distance = row->distance ? row->distance : "";
    int code = interval_of(w->contended, w->contendeds, ns_of, seed, w->value, &out->contended);
    if (!code)
        code = interval_of(w->alone, w->alones, ns_of, seed, w->value, &out->alone);
    if (!code)
        code = interval_of(w->contended, w->contendeds, hold_of, seed, w->value, &out->hold_ns);
    if (!code)
        code = interval_of(w->contended, w->contendeds, ops_of, seed, w->value, &out->ops_a_hold);
    return code ? code : difference(w, seed, &out->price);
}

static bool is_curve(const struct sample *row, const struct costs *costs)
{
    return compare_text(row->instrument, "costs") == 0 &&
           compare_text(row_family(row), "hold") == 0 &&
           compare_text(row->run_id, costs->run_id) == 0 &&
           compare_text(row->host, costs->host) == 0;
}

/* Of rows in the order of figures: where a point ends, all its regimes and its reference in it. */
static int compare_point(const struct sample *a, const struct sample *b)
{
    int order = compare_run(a, b);
    if (order == 0)
        order = compare_text(a->instrument, b->instrument);
    if (order == 0)
        order = compare_text(row_family(a), row_family(b));
    if (order == 0)
        order = compare_real(a->gap_ns, b->gap_ns);
    return order ? order : compare_int(a->threads, b->threads);
}

static const char *last_reason(const struct item *item, size_t rows)
{
    for (size_t i = rows; i-- > 0;)
        if (!item[i].row->accepted && item[i].row->reject_reason)
            return item[i].row->reject_reason;
    return "";
}

static int fold_point(const struct item *item, size_t rows, struct work *work, struct costs *out)
{
    struct costs_curve *const point = &out->curve[out->curves++];
    work->alones = work->contendeds = 0;
    for (size_t from = 0, to; from < rows; from = to) {
        const struct sample *const row = item[from].row;
        to = items_end(item, from, rows, compare_figure);
        if (row->regime != out->regime)
            continue;
        if (row_isolated(row))
            work->alones = fold_blocks(item + from, to - from, work->alone);
        else
            work->contendeds = fold_blocks(item + from, to - from, work->contended);
    }
    point->reason = last_reason(item, rows);
    return set_point(work, item->row, point);
}

static int fold_points(const struct item *item, size_t rows, struct work *work, struct costs *out)
{
    int code = 0;
    for (size_t from = 0, to; from < rows && !code; from = to) {
        to = items_end(item, from, rows, compare_point);
        if (is_curve(item[from].row, out))
            code = fold_point(item + from, to - from, work, out);
    }
    return code;
}

static int by_threads_and_gap(const void *a, const void *b)
{
    const struct costs_curve *const x = a, *const y = b;
    return x->threads != y->threads ? compare_int(x->threads, y->threads)
                                    : compare_real(x->gap_ns, y->gap_ns);
}

static size_t count_points(const struct item *item, size_t rows)
{
    size_t count = 0;
    for (size_t from = 0; from < rows; count++)
        from = items_end(item, from, rows, compare_point);
    return count;
}

int costs_fold_curves(const struct samples *samples, struct costs *out)
{
    const size_t rows = samples->count;
    struct item *item;
    int code = items_new(samples, &item);
    if (code)
        return code;
    items_by_figure(item, rows);
    struct work work = {.contended = malloc((rows + 1) * sizeof *work.contended),
        .alone = malloc((rows + 1) * sizeof *work.alone),
        .value = malloc((rows + 1) * sizeof *work.value)};
    out->curve = calloc(count_points(item, rows) + 1, sizeof *out->curve);
    code = work.contended && work.alone && work.value && out->curve
               ? fold_points(item, rows, &work, out)
               : -ENOMEM;
    if (!code)
        qsort(out->curve, out->curves, sizeof *out->curve, by_threads_and_gap);
    free(work.contended);
    free(work.alone);
    free(work.value);
    free(item);
    return code;
}
