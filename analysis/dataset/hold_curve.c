/* SPDX-License-Identifier: MIT
 * Holding curves: for each op, contenders and gap, the contended estimate and its reference. */
#include "analysis/dataset/hold_curve.h"

#include "analysis/dataset/cell_compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static bool is_of_run(const struct estimate *f, const struct price_table *costs)
{
    return estimate_is_hold(f) && SAME_RUN(f, costs);
}

int hold_key_compare(const struct hold_key *a, const struct hold_key *b)
{
    const int op = compare_text(a->op, b->op);
    if (op)
        return op;
    if (a->threads != b->threads)
        return compare_int(a->threads, b->threads);
    const int distance = compare_text(a->distance, b->distance);
    return distance ? distance : compare_real(a->gap_ns, b->gap_ns);
}

/* A point that was rejected every time still has estimates, perhaps without a regime. */
static struct hold_curve *intern_point(struct price_table *out, const struct estimate *f)
{
    const struct hold_key key = {f->op, f->distance, f->threads, f->gap_ns};
    for (size_t i = 0; i < out->curves; i++)
        if (hold_key_compare(&out->curve[i].key, &key) == 0)
            return &out->curve[i];
    struct hold_curve *const new = &out->curve[out->curves++];
    *new = (struct hold_curve){.key = key,
        .contended = INTERVAL_NONE,
        .alone = INTERVAL_NONE,
        .price = INTERVAL_NONE,
        .hold_ns = INTERVAL_NONE,
        .ops_a_hold = INTERVAL_NONE,
        .reason = ""};
    return new;
}

static void set_point(struct hold_curve *point, const struct estimate *f)
{
    if (f->align_bytes == SAMPLE_NONE) {
        point->alone = f->ns;
        return;
    }
    point->contended = f->ns;
    point->price = f->added_ns;
    point->hold_ns = f->held_ns;
    point->ops_a_hold = f->ops_a_hold;
}

static bool is_rejected(
    const struct sample *row, const struct hold_curve *point, const struct price_table *costs)
{
    const struct hold_key key = {row->op, row->distance, row->threads, row->gap_ns};
    return row->accepted != 1 && row->reject_reason && *row->reject_reason &&
           SAME_RUN(row, costs) && compare_text(row_family(row), "hold") == 0 &&
           hold_key_compare(&key, &point->key) == 0;
}

static const char *last_reason(
    const struct samples *samples, const struct hold_curve *point, const struct price_table *costs)
{
    for (size_t i = samples->count; i-- > 0;)
        if (is_rejected(&samples->row[i], point, costs))
            return samples->row[i].reject_reason;
    return "";
}

static int by_key(const void *a, const void *b)
{
    const struct hold_curve *const x = a, *const y = b;
    return hold_key_compare(&x->key, &y->key);
}

int hold_curves_add(
    const struct samples *samples, const struct summary *summary, struct price_table *out)
{
    out->curve = calloc(summary->count + 1, sizeof *out->curve);
    if (!out->curve)
        return -ENOMEM;
    for (size_t i = 0; i < summary->count; i++) {
        const struct estimate *const f = &summary->estimate[i];
        if (!is_of_run(f, out))
            continue;
        struct hold_curve *const point = intern_point(out, f);
        if (f->regime == out->regime)
            set_point(point, f);
    }
    for (size_t i = 0; i < out->curves; i++)
        out->curve[i].reason = last_reason(samples, &out->curve[i], out);
    qsort(out->curve, out->curves, sizeof *out->curve, by_key);
    return 0;
}
