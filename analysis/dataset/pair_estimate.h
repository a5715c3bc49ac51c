/* SPDX-License-Identifier: MIT
 * A pair's batches folded into its estimate: regimes, median, interval and spread. */
#ifndef ANALYSIS_DATASET_PAIR_ESTIMATE_H
#define ANALYSIS_DATASET_PAIR_ESTIMATE_H

#include "analysis/stats/stats.h"

enum {
    PAIR_REGIMES = 255,     /* labels; what is left beyond has PAIR_REGIMES */
    PAIR_REGIME_BATCHES = 4 /* fewer are strays: of no regime that is named */
};

struct pair_estimate {
    struct interval ns; /* median of the regime with the most batches, with its interval */
    double p10, p90;    /* spread of its batches; NaN for none */
    /* Others with PAIR_REGIME_BATCHES or more, whose median is beyond the factor from that one;
     * nearer ones are the tail of a wide distribution. */
    size_t others;
    size_t other_n;  /* batches of the largest of them */
    double other_ns; /* their median; NaN: there is none */
    size_t strays;   /* batches in none of all these */
};

/* Labels each batch with its regime, 0 the one with the most. A regime is the largest set of those
 * left of which no two differ by more than REGIME_FACTOR (base/limits.h); of two as large the
 * faster. 0 or -ENOMEM. */
int pair_regimes(const double *ns, size_t count, unsigned char *label);

/* Batches that count, in the order of time. The interval costs some 0.1 ms. 0 or -ENOMEM. */
int pair_estimates_fold(const double *ns, size_t count, struct pair_estimate *out);

#endif
