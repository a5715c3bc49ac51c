/* SPDX-License-Identifier: MIT
 * The ratio of two series that were measured apart. */
#include "analysis/compare/compare.h"

#include "analysis/stats/series.h"

#include <errno.h>
#include <math.h>

/* Cliff, Psychological Bulletin 114(3), 1993: of all pairs, the share in which b is greater less
 * that in which it is smaller. Both are sorted. */
static double cliffs_delta(const struct series *a, const struct series *b)
{
    double greater = 0, less = 0;
    size_t below = 0, up_to = 0; /* values of a below b's, and not above it */
    for (size_t i = 0; i < b->count; i++) {
        while (below < a->count && a->sorted[below] < b->sorted[i])
            below++;
        while (up_to < a->count && a->sorted[up_to] <= b->sorted[i])
            up_to++;
        greater += (double)below;
        less += (double)(a->count - up_to);
    }
    return (greater - less) / ((double)a->count * (double)b->count);
}

/* Zou and Donner, Statistics in Medicine 27(10), 2008, on logarithms: where two quantities were
 * measured apart, the distance from their difference to its limit is the root of the sum of the
 * squares of theirs. A limit at or below 0 is that of a series over very few places. */
static void bound_ratio(const struct interval *a, const struct interval *b, struct interval *ratio)
{
    const double a_low = log(a->mid / fmax(a->low, 0)), a_high = log(a->high / a->mid);
    const double b_low = log(b->mid / fmax(b->low, 0)), b_high = log(b->high / b->mid);
    ratio->low = ratio->mid * exp(-hypot(b_low, a_high));
    ratio->high = ratio->mid * exp(hypot(b_high, a_low));
}

static int fill_ratio(
    const struct series *a, const struct series *b, struct interval *ratio, double *delta)
{
    struct interval x, y;
    if (series_interval(a, &x) || series_interval(b, &y))
        return -ENOMEM;
    if (!isfinite(y.mid / x.mid))
        return 0;
    ratio->mid = y.mid / x.mid;
    *delta = cliffs_delta(a, b);
    if (ratio->n >= STATS_BLOCKS_MIN)
        bound_ratio(&x, &y, ratio);
    return 0;
}

int compare_ratio(const struct compare_series *a, const struct compare_series *b,
    struct interval *ratio, double *delta)
{
    struct series x = {0}, y = {0};
    *ratio = INTERVAL_NONE;
    ratio->n = a->count < b->count ? a->count : b->count;
    *delta = NAN;
    const bool failed = series_init(a->ns, a->place, a->count, &x) ||
                        series_init(b->ns, b->place, b->count, &y) ||
                        fill_ratio(&x, &y, ratio, delta);
    series_fini(&x);
    series_fini(&y);
    return failed ? -ENOMEM : 0;
}
