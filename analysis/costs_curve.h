/* SPDX-License-Identifier: MIT
 * Folding the rows of the holding curve, for costs.c. */
#ifndef ANALYSIS_COSTS_CURVE_H
#define ANALYSIS_COSTS_CURVE_H

#include "analysis/costs.h"

/* Fills out->curve from the rows of out's run and regime. 0 or -ENOMEM. */
int costs_fold_curves(const struct samples *samples, struct costs *out);

#endif
