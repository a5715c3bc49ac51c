/* SPDX-License-Identifier: MIT
 * From the folds of an estimate to its events per op. */
#ifndef ANALYSIS_DATASET_EVENT_RATES_H
#define ANALYSIS_DATASET_EVENT_RATES_H

#include "analysis/dataset/trial_fold.h"

/* Fills estimate->per_op from its `count` folds, by block; `value` and `place` are room
 * for one a fold. 0 or -ENOMEM. */
int event_rates_fold(const struct trial_folds *folds, const uint32_t *index, size_t count,
    double *value, int32_t *place, struct estimate *estimate);

/* The role that shows contested lines best among some estimates: the one of rfo and the fills
 * that counts most per op in any of them. EVENT_HARDWARE: none was counted. */
enum event_role event_rates_usable(const struct estimate *estimate, size_t estimates);

#endif
