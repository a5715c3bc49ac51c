/* SPDX-License-Identifier: MIT
 * The ratio of two series that were measured apart. */
#include "analysis/compare/compare.h"

#include "analysis/stats/bootstrap.h"
#include "base/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Not one seed for both: equal draws from two series of one length would move both medians alike,
 * and the interval would be far too short. */
enum { SEED_A = 0xa, SEED_B = 0xb };

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

static int bound_ratio(const struct series *a, const struct series *b, struct interval *ratio)
{
    double ratios[STATS_RESAMPLES], base[STATS_RESAMPLES];
    const size_t a_length = series_block_length(a), b_length = series_block_length(b);
    if (series_draw(b, b_length, SEED_B, ratios, STATS_RESAMPLES) ||
        series_draw(a, a_length, SEED_A, base, STATS_RESAMPLES))
        return -ENOMEM;
    for (size_t i = 0; i < STATS_RESAMPLES; i++)
        ratios[i] /= base[i];
    qsort(ratios, STATS_RESAMPLES, sizeof *ratios, order_doubles);
    const double pieces =
        fmin((double)a->count / (double)a_length, (double)b->count / (double)b_length);
    stats_cut(ratios, pieces, ratio);
    return 0;
}

static int fill_ratio(
    const struct series *a, const struct series *b, struct interval *ratio, double *delta)
{
    const double mid = series_median(b) / series_median(a);
    if (!isfinite(mid))
        return 0;
    ratio->mid = mid;
    *delta = cliffs_delta(a, b);
    return ratio->n >= STATS_BLOCKS_MIN ? bound_ratio(a, b, ratio) : 0;
}

int compare_ratio(const double *a, size_t a_count, const double *b, size_t b_count,
    struct interval *ratio, double *delta)
{
    struct series x = {0}, y = {0};
    *ratio = (struct interval){
        .low = NAN, .mid = NAN, .high = NAN, .n = a_count < b_count ? a_count : b_count};
    *delta = NAN;
    const bool failed = series_init(a, a_count, &x) || series_init(b, b_count, &y) ||
                        fill_ratio(&x, &y, ratio, delta);
    series_fini(&x);
    series_fini(&y);
    return failed ? -ENOMEM : 0;
}
