/* SPDX-License-Identifier: MIT
 * From pieces to figures: the arithmetic within analysis/dataset/summary.h. */
#ifndef ANALYSIS_DATASET_ESTIMATE_H
#define ANALYSIS_DATASET_ESTIMATE_H

#include "analysis/dataset/summary.h"
#include "analysis/dataset/trial_fold.h"

#include <stddef.h>

/* Fills out->figure and out->count from pieces that were closed. 0 or -ENOMEM; what is in *out is
 * summary_fini's in either case. */
int estimates_fold(const struct trial_folds *pieces, struct summary *out);

#endif
