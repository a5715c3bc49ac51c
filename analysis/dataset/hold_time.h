/* SPDX-License-Identifier: MIT
 * From the folds of a point of the holding curve to how long a cpu holds the line. */
#ifndef ANALYSIS_DATASET_HOLD_TIME_H
#define ANALYSIS_DATASET_HOLD_TIME_H

#include "analysis/dataset/trial_fold.h"

/* Fills estimate->held_ns and ops_a_hold from its `count` folds, by block; `held`, `ops`
 * and `place` are room for one a fold each. 0 or -ENOMEM. */
int hold_times_fold(const struct trial_folds *folds, const uint32_t *index, size_t count,
    double *held, double *ops, int32_t *place, struct estimate *estimate);

#endif
