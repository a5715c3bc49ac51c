/* SPDX-License-Identifier: MIT
 * Whether a strategy is a map: before anything is measured, threads do the steps of a load, each on
 * its own keys, next to a model that knows every key's last value. */
#ifndef PROBES_MAPS_MAP_CHECK_H
#define PROBES_MAPS_MAP_CHECK_H

#include "probes/maps/maps_plan.h"

enum {
    MAP_CHECK_STEPS = 2000, /* of a thread */
    MAP_CHECK_KEYS = 512,   /* of a thread, at most: a check is not about size */
    MAP_CHECK_THREADS = 4,  /* at most */
};

/* In this process. Returns false and writes what is wrong. */
enum { MAP_CHECK_TEXT = 160 };
bool map_check_run(
    const struct maps_point *point, unsigned quiesce, uint64_t seed, char wrong[MAP_CHECK_TEXT]);
#endif
