/* SPDX-License-Identifier: MIT
 * Who contends for the line of a holding curve. For costs_plan.c. */
#ifndef PROBES_COSTS_COSTS_GROUPS_H
#define PROBES_COSTS_COSTS_GROUPS_H

#include "probes/costs/costs_plan.h"

/* Fills plan->group from plan->cpus and plan->place. `contenders`: those asked for, a bit for each;
 * 0: counts. 0 or -ENOMEM. */
int costs_choose_groups(
    struct costs_plan *plan, const struct topology *topology, unsigned contenders);

#endif
