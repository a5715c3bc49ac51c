/* SPDX-License-Identifier: MIT
 * Medians and their 95% intervals. Pure arithmetic: no clock, no hardware. */
#ifndef ANALYSIS_STATS_STATS_H
#define ANALYSIS_STATS_STATS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STATS_BLOCKS_MIN =
        20, /* with fewer, an interval is not given: with 4 it is wrong 11% of the time */
    STATS_NO_PLACE = -1
};

struct interval {
    double low, mid,
        high; /* NaN where not available; low and high are NaN below STATS_BLOCKS_MIN */
    size_t n; /* blocks behind it */
};

/* An interval of nothing. */
#define INTERVAL_NONE ((struct interval){.low = NAN, .mid = NAN, .high = NAN})

double stats_median(
    const double *value, size_t count); /* NaN for none; NaN values must be left out */
double stats_median_among(double *value, size_t count); /* the same; changes the values' order */

/* Median of `value` (finite), one value a block in the order of time, with its 95% interval.
 * `place`: the page that each block was on, a small number; blocks of one place may be alike. NULL,
 * or STATS_NO_PLACE in any of them: not known.
 *
 * The interval is by ranks, with a variance that grows as far as the series shows that neighbours
 * in time, blocks of one place or long stretches are alike (analysis/stats/series.h). The nominal
 * level is 97%: a run looks at its intervals again and again and stops when they are narrow, and an
 * interval that is narrow by chance stops it early. At a fixed n it is 97% to 98%
 * (docs/method.md). 0 or -ENOMEM. */
int stats_interval(const double *value, const int32_t *place, size_t count, struct interval *out);

/* The same for the ratio of two series measured in the same blocks: the median of
 * value[i]/reference[i], so that drift which hits both alike cancels. Pairs without a finite ratio
 * (either is NaN) are left out. */
int stats_ratio(const double *value, const double *reference, const int32_t *place, size_t count,
    struct interval *out);

/* Half the interval's width as a share of its middle; infinite when there is none. */
double interval_width(struct interval interval);

/* When to look next at the intervals of a run that has `blocks` blocks: at 20, 28, 40, 56, 80, 112,
 * ..., each 1.4 times the one before, up to a multiple of 4. Fewer looks stop by chance less often.
 */
size_t stats_next_look(size_t blocks);

#endif
