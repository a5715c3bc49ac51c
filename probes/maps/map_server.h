/* SPDX-License-Identifier: MIT
 * Trials of a user's strategy, in a child process which has its threads on the same cpus. It is
 * asked for one trial after the other, and sleeps in between. */
#ifndef PROBES_MAPS_MAP_SERVER_H
#define PROBES_MAPS_MAP_SERVER_H

#include "probes/maps/map_trial.h"

struct map_server;

/* Starts the child for the plan's points of this strategy. Call it before any thread was started.
 * 0; -ECHILD: it crashed or could not begin; -ENOMEM; with err. */
int map_server_new(struct machine *machine, const struct topology *topology,
    const struct maps_plan *plan, const struct map_strategy *strategy, uint64_t seed,
    struct map_server **server, struct err *err);
void map_server_free(struct map_server *server); /* NULL is safe */
const struct map_strategy *map_server_strategy(const struct map_server *server);
/* As map_trial_run. 0, or -ECHILD with err when it crashed or is stuck, and is gone. */
int map_server_run(struct map_server *server, unsigned point, struct map_manner manner,
    struct map_outcome *out, struct map_result *result, struct err *err);

#endif
