/* SPDX-License-Identifier: MIT
 * From the pieces of a point of the holding curve to how long a cpu holds the line. */
#ifndef ANALYSIS_DATASET_HOLD_TIME_H
#define ANALYSIS_DATASET_HOLD_TIME_H

#include "analysis/dataset/summary.h"
#include "analysis/dataset/trial_fold.h"

/* Fills figure->held_ns and ops_a_hold from its `count` pieces, by block; `held` and `ops` are room
 * for a double a piece each. 0 or -ENOMEM. */
int hold_times_fold(const struct trial_folds *pieces, const uint32_t *index, size_t count,
    double *held, double *ops, struct estimate *figure);

#endif
