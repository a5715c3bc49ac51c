/* SPDX-License-Identifier: MIT
 * Who owns the lines and where they lie: the places of a price list. For costs_plan.c. */
#ifndef PROBES_COSTS_COSTS_PLACES_H
#define PROBES_COSTS_COSTS_PLACES_H

#include "probes/costs/costs_plan.h"

/* Fills plan->place from plan->cpus. `listed`: the user named the cpus. */
void costs_choose_places(struct costs_plan *plan, const struct topology *topology, bool listed);
/* Fills plan->node. 0, or -ENOENT with err for an unknown home. */
int costs_choose_nodes(
    struct costs_plan *plan, const struct topology *topology, const char *homes, struct err *err);

#endif
