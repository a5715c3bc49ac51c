/* SPDX-License-Identifier: MIT
 * Resampled medians of one series, for the intervals of analysis/stats/stats.h.
 * Works on ranks: a series is sorted once, and each resample's median is found by counting. */
#ifndef ANALYSIS_STATS_BOOTSTRAP_H
#define ANALYSIS_STATS_BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct series {
    size_t count;
    double *sorted;  /* ascending */
    uint32_t *rank;  /* rank[i]: the index in `sorted` of the i-th value in the order of time */
    double *midrank; /* the same, but equal values share the middle of their ranks */
};

/* Copies; no NaN among the values, fewer than 2^32 of them. 0 or -ENOMEM. */
int series_init(const double *value, size_t count, struct series *out);
void series_fini(struct series *series);
double series_median(const struct series *series); /* NaN for an empty one */

/* Length of the blocks that keep the series' dependence: 1 unless its lag-1 autocorrelation is
 * positive and significant; 1 to count/4. The correlation is that of the midranks, so that outliers
 * don't rule. */
size_t series_block_length(const struct series *series);

/* From so many values on, in so many blocks, medians are drawn from the bootstrap's limit: normal
 * in rank, with the variance that resampled blocks have. */
enum { BOOTSTRAP_LONG = 2000, BOOTSTRAP_BLOCKS = 30 };

/* `resamples` medians of circular block resamples into `median`, in the order drawn. 0 or -ENOMEM.
 */
int series_draw(
    const struct series *series, size_t length, uint64_t seed, double *median, size_t resamples);
/* The same, ascending. */
int series_resample(
    const struct series *series, size_t length, uint64_t seed, double *median, size_t resamples);

/* Share to cut from each end of the resampled medians for a nominal 97% (stats.h explains why not
 * 95%) from m = `pieces` independent pieces (count / block length, at least 2): Phi(-sqrt(m/(m-1))
 * t(m-1)), the expanded percentile interval of Hesterberg, The American Statistician 69(4), 2015.
 */
double bootstrap_tail(double pieces);

#endif
