/* SPDX-License-Identifier: MIT
 * Intervals, unrounded, and verdicts as JSON. */
#ifndef ANALYSIS_FORMAT_FORMAT_JSON_H
#define ANALYSIS_FORMAT_FORMAT_JSON_H

#include "analysis/verdict/verdict.h"
#include "base/json.h"

/* {"low", "median", "high", "n"}: a new reference, NULL when out of memory. */
json_t *json_interval(struct interval interval);

extern const char *const verdict_words[]; /* by enum verdict_kind */

#endif
