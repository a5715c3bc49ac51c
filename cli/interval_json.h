/* SPDX-License-Identifier: MIT
 * An interval as JSON. */
#ifndef CLI_INTERVAL_JSON_H
#define CLI_INTERVAL_JSON_H

#include "analysis/stats/stats.h"
#include "base/json.h"

/* Its ends, median and n, unrounded. A new reference, or NULL when out of memory. */
json_t *interval_json(struct interval interval);

#endif
