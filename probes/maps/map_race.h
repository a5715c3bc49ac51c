/* SPDX-License-Identifier: MIT
 * Whether a strategy bears threads that write the same few keys at once: no value is a mixture of
 * two, and what their writes returned adds up to what is there in the end. A race that is rarely
 * lost may pass. */
#ifndef PROBES_MAPS_MAP_RACE_H
#define PROBES_MAPS_MAP_RACE_H

#include "maps/map.h"

enum {
    MAP_RACE_THREADS = 2,
    MAP_RACE_STEPS = 200000, /* of a thread */
    MAP_RACE_KEYS = 16,
    MAP_RACE_TEXT = 160
};

/* In this process. Returns false and writes what is wrong. */
bool map_race_run(const struct map_strategy *strategy, unsigned quiesce, uint64_t seed,
    char wrong[MAP_RACE_TEXT]);

#endif
