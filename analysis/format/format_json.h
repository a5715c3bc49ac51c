/* SPDX-License-Identifier: MIT
 * Intervals as JSON, unrounded. */
#ifndef ANALYSIS_FORMAT_FORMAT_JSON_H
#define ANALYSIS_FORMAT_FORMAT_JSON_H

#include "analysis/dataset/summary.h"
#include "base/json.h"

/* {"low", "median", "high", "n"}: a new reference, NULL when out of memory. */
json_t *json_interval(struct interval interval);

#endif
