/* SPDX-License-Identifier: MIT
 * The loads of a plan, for maps_plan.c. */
#ifndef PROBES_MAPS_MAPS_PLAN_LOADS_H
#define PROBES_MAPS_MAPS_PLAN_LOADS_H

#include "probes/maps/maps_plan.h"

/* Those that the request names, or all; its numbers of threads are known. 0, or -EINVAL (-ENODATA,
 * -ENOMEM) with err. */
int maps_plan_add_loads(
    struct maps_plan *plan, const struct maps_request *request, struct err *err);

#endif
