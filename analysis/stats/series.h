/* SPDX-License-Identifier: MIT
 * One series of blocks: its median, and how far chance may have moved that, for
 * analysis/stats/stats.h. Works on ranks, so no shape of distribution is assumed. */
#ifndef ANALYSIS_STATS_SERIES_H
#define ANALYSIS_STATS_SERIES_H

#include "analysis/stats/stats.h"

#include <stdbool.h>

struct series {
    size_t count;
    double *sorted;  /* ascending */
    double *midrank; /* of the i-th value in the order of time; equal values share the middle of
                        their ranks */
    const int32_t *place; /* of the i-th value; borrowed, NULL: not known */
};

/* As stats_interval takes them; the values are copied. 0 or -ENOMEM. */
int series_init(const double *value, const int32_t *place, size_t count, struct series *out);
void series_fini(struct series *series);
double series_median(const struct series *series); /* NaN for an empty one */

/* By how much the number of values below the true median varies. */
struct series_spread {
    double variance;
    bool of_places; /* most of it is what blocks of one place have in common */
    double freedom; /* degrees of freedom of that estimate; infinite where it is known */
};

/* Independent blocks make it count / 4, exactly: each is below or above. To that is added what each
 * way of being alike adds, as far as the series shows it:
 *  - neighbours in time: the lag-1 correlation of the midranks (outliers do not rule those),
 * carried to longer lags as in an AR(1) process. Signs correlate by 2/pi asin(rho) where normal
 * values do by rho;
 *  - blocks of one place: the variance of the places' sums;
 *  - a drift longer than that: the variance of the sums of SERIES_PIECES pieces of the series.
 * Degrees of freedom after Satterthwaite (Biometrics Bulletin 2(6), 1946). At least 2 values;
 * -ENOMEM or 0. */
enum { SERIES_PIECES = 20, SERIES_PIECE_BLOCKS = 4 /* at least; else a drift is not looked for */ };
int series_spread(const struct series *series, struct series_spread *out);

/* The median with its interval; low and high are NaN below STATS_BLOCKS_MIN. 0 or -ENOMEM. */
int series_interval(const struct series *series, struct interval *out);

/* Quantile of Student's t at the nominal level of stats.h. */
double series_quantile(double freedom);

#endif
