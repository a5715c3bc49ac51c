/* SPDX-License-Identifier: MIT
 * Regimes of a pair, and the estimate of the largest. */
#include "analysis/dataset/pair_estimate.h"

#include "base/compare.h"
#include "base/limits.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct placed {
    double ns;
    size_t when;
};

static int by_ns(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    const int order = compare_double(x->ns, y->ns);
    return order ? order : compare_u64(x->when, y->when);
}

/* The longest run of `left` (ascending) within the factor: where it begins; its length in *most. */
static size_t densest_run(const struct placed *left, size_t count, size_t *most)
{
    size_t best = 0;
    *most = 0;
    for (size_t from = 0, to = 0; from < count; from++) {
        while (to < count && left[to].ns <= left[from].ns * REGIME_FACTOR)
            to++;
        if (to - from <= *most)
            continue;
        *most = to - from;
        best = from;
    }
    return best;
}

int pair_regimes(const double *ns, size_t count, unsigned char *label)
{
    struct placed *left = malloc((count + 1) * sizeof *left);
    if (!left)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        left[i] = (struct placed){.ns = ns[i], .when = i};
    qsort(left, count, sizeof *left, by_ns);
    for (unsigned regime = 0; count > 0; regime++) {
        size_t most = count, from = 0;
        if (regime < PAIR_REGIMES)
            from = densest_run(left, count, &most);
        for (size_t i = from; i < from + most; i++)
            label[left[i].when] = (unsigned char)regime;
        for (size_t i = from + most; i < count; i++)
            left[i - most] = left[i];
        count -= most;
    }
    free(left);
    return 0;
}

static size_t pick_regime(
    const double *ns, size_t count, const unsigned char *label, unsigned regime, double *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (label[i] == regime)
            out[n++] = ns[i];
    return n;
}

static int fold_main(double *value, size_t n, struct pair_estimate *out)
{
    const int code = stats_interval(value, NULL, n, &out->ns);
    if (code || n == 0)
        return code;
    qsort(value, n, sizeof *value, order_doubles);
    out->p10 = value[n / 10];
    out->p90 = value[n - 1 - n / 10];
    return 0;
}

/* `value`: room for all. */
static void find_others(const double *ns, size_t count, const unsigned char *label, double *value,
    struct pair_estimate *out)
{
    size_t counted = out->ns.n;
    for (unsigned r = 1; r < PAIR_REGIMES && counted < count; r++) {
        const size_t n = pick_regime(ns, count, label, r, value);
        const double median = stats_median(value, n);
        counted += n;
        if (n < PAIR_REGIME_BATCHES ||
            fmax(median / out->ns.mid, out->ns.mid / median) <= REGIME_FACTOR) {
            out->strays += n;
            continue;
        }
        if (out->others++ == 0) {
            out->other_n = n;
            out->other_ns = median;
        }
    }
    out->strays += count - counted;
}

int pair_estimates_fold(const double *ns, size_t count, struct pair_estimate *out)
{
    *out = (struct pair_estimate){.p10 = NAN, .p90 = NAN, .other_ns = NAN};
    unsigned char *label = calloc(count + 1, sizeof *label);
    double *value = malloc((count + 1) * sizeof *value);
    int code = label && value ? pair_regimes(ns, count, label) : -ENOMEM;
    if (!code)
        code = fold_main(value, pick_regime(ns, count, label, 0, value), out);
    if (!code)
        find_others(ns, count, label, value, out);
    free(label);
    free(value);
    return code;
}
