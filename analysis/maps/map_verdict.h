/* SPDX-License-Identifier: MIT
 * The answer in a sentence: which strategy wins a load, from how many threads on, and by how much.
 */
#ifndef ANALYSIS_MAPS_MAP_VERDICT_H
#define ANALYSIS_MAPS_MAP_VERDICT_H

#include "analysis/maps/map_table.h"

enum { MAP_VERDICT_TEXT = 600 };

/* Of the groups of one series: "rwlock wins from 4 threads on: ...". */
void map_verdict_text(const struct map_group *group, size_t groups, char out[MAP_VERDICT_TEXT]);
/* What sharded at 8 B and at 64 B show about the shards' size counters; "" where not measured. */
void map_verdict_padding(const struct map_group *group, char out[MAP_VERDICT_TEXT]);
/* Whether the fastest does about as much as no map at all: then clients do not come more often. */
bool map_verdict_is_limited(const struct map_group *group);

#endif
