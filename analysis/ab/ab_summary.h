/* SPDX-License-Identifier: MIT
 * What the runs of one session add up to: a value and a ratio to the first program for each
 * program and measure. Where the distance between the cpus changed, of the regime with the most
 * blocks. */
#ifndef ANALYSIS_AB_AB_SUMMARY_H
#define ANALYSIS_AB_AB_SUMMARY_H

#include "analysis/stats/stats.h"
#include "base/ab.h"

struct ab_estimate {
    struct interval value[AB_MEASURES];
    /* To the first program in the same block, n is 0 for that; of others than the control to each
     * of its two runs. */
    struct interval ratio[AB_MEASURES];
};

/* Round trips of the cpus further apart than this are two regimes, as those of the canary are. */
#define AB_APART 1.25

struct ab_summary {
    unsigned programs;
    struct ab_estimate of[AB_SLOTS];
    size_t blocks, rejected; /* with a run of each program; those that were disturbed */
    size_t other_regimes;    /* not among the blocks: the cpus had another distance than in most */
    double canary_ns;        /* the median of the loop; NaN: none */
};

/* One measure of all blocks that count, in the order of time. */
struct ab_blocks {
    size_t blocks;
    double *value; /* of each slot, `blocks` of them; NaN: not measured; owned */
};
/* 0 or -ENOMEM; value is freed by the caller. */
int ab_blocks_of(const struct ab_session *session, enum ab_measure measure, struct ab_blocks *out);

/* 0 or -ENOMEM. */
int ab_summarise(const struct ab_session *session, struct ab_summary *out);

const char *ab_measure_name(enum ab_measure measure); /* "wall", "cpu", ..., "l3-miss" */
enum ab_measure ab_measure_find(const char *name);    /* AB_MEASURES: there is none */

#endif
