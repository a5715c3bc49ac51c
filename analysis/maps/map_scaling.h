/* SPDX-License-Identifier: MIT
 * How far a strategy scales: where its throughput, over threads or clients, bends downwards. */
#ifndef ANALYSIS_MAPS_MAP_SCALING_H
#define ANALYSIS_MAPS_MAP_SCALING_H

#include "analysis/maps/map_table.h"
#include "analysis/stats/knee.h"

enum { MAP_SCALING_SEED = 1, MAP_SCALING_TEXT = 64 };

/* Of a strategy in the groups of one series. As knee_find; -EINVAL also where it is missing in one.
 */
int map_scaling_find(const struct map_group *group, size_t groups, const char *strategy,
    int64_t align_bytes, struct knee *out);
/* "16 (12–20)", "none up to 64"; "" when too little was measured. Returns `out`. */
const char *map_scaling_text(const struct map_group *group, size_t groups, const char *strategy,
    int64_t align_bytes, char out[MAP_SCALING_TEXT]);

#endif
