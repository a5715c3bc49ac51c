/* SPDX-License-Identifier: MIT
 * Four ways to share a map in Go, under the same loads as those in C: the same steps, on the same
 * cpus. They are an independent witness, since nothing of maps/ is in them. One Go process runs all
 * four; it is asked for one trial after the other, and sleeps in between. */
#ifndef PROBES_MAPS_MAP_GO_H
#define PROBES_MAPS_MAP_GO_H

#include "probes/maps/map_trial.h"

struct map_go;

/* Builds the program, starts it, and checks that each strategy is a map under each load of the
 * plan. Call it before any thread was started. 0; -ENOEXEC: it does not build; -ECHILD: it crashed,
 * or a strategy is not a map; -errno; with err. */
int map_go_new(const struct maps_plan *plan, uint64_t seed, struct map_go **go, struct err *err);
void map_go_free(struct map_go *go); /* NULL is safe */
/* As map_trial_run, where the stage has the clock and the random numbers. 0, or -ECHILD with err
 * when it crashed or is stuck, and is gone. */
int map_go_run(struct map_go *go, const struct maps_point *point, struct stage *stage,
    struct map_manner manner, struct map_outcome *out, struct map_result *result, struct err *err);

#endif
