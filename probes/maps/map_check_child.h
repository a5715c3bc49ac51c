/* SPDX-License-Identifier: MIT
 * The check of a strategy in a child process, so that a user's strategy that crashes or never
 * returns costs nothing but itself. */
#ifndef PROBES_MAPS_MAP_CHECK_CHILD_H
#define PROBES_MAPS_MAP_CHECK_CHILD_H

#include "probes/maps/maps_plan.h"

enum { MAP_CHECK_SECONDS = 20 }; /* a strategy that is not done then is stuck */

/* Points of one strategy, in a child process. 0, or -ECHILD with err: what is wrong, or that it
 * crashed or is stuck, and under which load. Call it before any thread was started. */
int map_check_points(const struct maps_point *point, size_t points, unsigned quiesce, uint64_t seed,
    struct err *err);

#endif
