/* SPDX-License-Identifier: MIT
 * What a strategy of maps costs besides time: medians over the trials of an estimate. */
#ifndef ANALYSIS_DATASET_MAP_FIGURES_H
#define ANALYSIS_DATASET_MAP_FIGURES_H

#include "analysis/dataset/trial_fold.h"

/* Fills estimate->map from its `count` folds; `value` is room for one a fold. */
void map_figures_fold(const struct trial_folds *folds, const uint32_t *index, size_t count,
    double *value, struct estimate *estimate);

#endif
