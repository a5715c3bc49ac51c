/* SPDX-License-Identifier: MIT
 * A map without its keys: what it still takes then is what it never gives back. */
#ifndef PROBES_MAPS_MAP_EMPTY_H
#define PROBES_MAPS_MAP_EMPTY_H

#include "machine/clock.h"
#include "maps/map.h"

/* Deletes all keys, as a thread that has joined. false: it would take longer than 0.3 s, or
 * memory for their list is missing. */
bool map_empty(const struct map_strategy *strategy, void *self, const struct clock *clock);
/* Until what was replaced is freed, or for a tenth of a second. */
void map_wait_freed(const struct map_strategy *strategy, void *map);

#endif
