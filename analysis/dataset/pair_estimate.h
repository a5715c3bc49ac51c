/* SPDX-License-Identifier: MIT
 * A pair's batches folded into its estimate: median, interval and spread, by regime. */
#ifndef ANALYSIS_DATASET_PAIR_ESTIMATE_H
#define ANALYSIS_DATASET_PAIR_ESTIMATE_H

#include "analysis/stats/stats.h"

enum {
    PAIR_REGIMES = 64,      /* labels are below it */
    PAIR_REGIME_BATCHES = 4 /* fewer are strays: of no regime that is named */
};

/* Batches that count, in the order of time. */
struct pair_batches {
    double *ns;
    int32_t *place; /* as stats_interval takes it */
    /* By the canary around the batch's block. Not by the batches' values: what is cut to a window
     * of the outcome has the interval of that window, whatever the pair did. */
    unsigned char *regime;
    size_t count;
};

struct pair_estimate {
    struct interval ns; /* of the regime asked for */
    double p10, p90;    /* spread of its batches; NaN for none */
    size_t others;      /* regimes with PAIR_REGIME_BATCHES or more batches */
    size_t other_n;     /* batches of the largest of them */
    double other_ns;    /* their median; NaN: there is none */
    size_t strays;      /* batches in none of all these */
};

/* The estimate in one regime; changes the order of the batches. 0 or -ENOMEM. */
int pair_estimates_fold(struct pair_batches *batches, int regime, struct pair_estimate *out);

#endif
