/* SPDX-License-Identifier: MIT
 * The part of a plan about how many threads and clients there are, and where they and the memory
 * are. */
#ifndef PROBES_MAPS_MAPS_PLAN_PLACES_H
#define PROBES_MAPS_MAPS_PLAN_PLACES_H

#include "probes/maps/maps_plan.h"

/* 0, or -EINVAL (-ENODEV, -ENOMEM) with err naming the option. */
int maps_plan_add_places(struct maps_plan *plan, const struct maps_request *request,
    const struct topology *topology, struct err *err);

#endif
