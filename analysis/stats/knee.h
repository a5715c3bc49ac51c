/* SPDX-License-Identifier: MIT
 * Where a curve bends downwards: two straight lines that meet, fitted to log(value) over log(size),
 * by least squares over where they meet (Hudson, JASA 61(316), 1966). Its interval covers both what
 * blocks vary, by bootstrap (they are drawn anew at each size, and the fit is repeated: Efron and
 * Tibshirani 1993, ch. 13), and that no curve is two lines: all places whose sum of squares is not
 * surely larger than the least (the profile, by F with one degree of freedom: Seber and Wild 1989,
 * 5.2). */
#ifndef ANALYSIS_STATS_KNEE_H
#define ANALYSIS_STATS_KNEE_H

#include "analysis/stats/stats.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    KNEE_SIZES = 5,      /* with fewer, two lines fit whatever there is */
    KNEE_SIZES_MOST = 64 /* of a series */
};

/* What was measured at one size: a positive value a block. */
struct knee_point {
    double size;
    const double *value;
    size_t count; /* STATS_BLOCKS_MIN or more */
};

struct knee {
    bool found;         /* else there is none up to the last size: the curve goes on as it begins */
    struct interval at; /* size; n: sizes */
    double before, after; /* slopes: 1, twice the value at twice the size; 0, as much */
};

/* `point` ascends by size. Returns 0; -EINVAL: too few sizes, or blocks; -ENOMEM. */
int knee_find(const struct knee_point *point, size_t points, uint64_t seed, struct knee *out);

#endif
