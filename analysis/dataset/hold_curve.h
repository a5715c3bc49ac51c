/* SPDX-License-Identifier: MIT
 * The points of the holding curve among the estimates, for costs.c. */
#ifndef ANALYSIS_DATASET_HOLD_CURVE_H
#define ANALYSIS_DATASET_HOLD_CURVE_H

#include "analysis/dataset/price_table.h"

/* Fills out->curve from the estimates of out's run and regime; `samples` have the reason why some
 * have none. 0 or -ENOMEM. */
int hold_curves_add(
    const struct samples *samples, const struct summary *summary, struct price_table *out);

#endif
