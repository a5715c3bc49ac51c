/* SPDX-License-Identifier: MIT
 * What threads and clients did in a trial, as results by cpu. */
#ifndef PROBES_MAPS_MAP_RESULTS_H
#define PROBES_MAPS_MAP_RESULTS_H

#include "probes/maps/map_trial.h"

/* Nothing was done, and nothing counted. */
void map_results_clear(struct map_result *result, unsigned threads);
/* Of each thread of the trial that was run last. */
void map_results_threads(
    const struct map_trial *trial, const struct maps_point *point, struct map_result *result);
/* The same of clients that are threads: those of a cpu together. 0 or -ENOMEM. */
int map_results_crowd(
    const struct map_trial *trial, const struct maps_point *point, struct map_result *result);

#endif
