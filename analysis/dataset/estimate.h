/* SPDX-License-Identifier: MIT
 * From folds to estimates: the arithmetic within analysis/dataset/summary.h. */
#ifndef ANALYSIS_DATASET_ESTIMATE_H
#define ANALYSIS_DATASET_ESTIMATE_H

#include "analysis/dataset/trial_fold.h"

/* Fills out->estimate and out->count from folds that were closed. 0 or -ENOMEM; what is in *out is
 * summary_fini's in either case. */
int estimates_fold(const struct trial_folds *folds, struct summary *out);

#endif
