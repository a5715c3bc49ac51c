/* SPDX-License-Identifier: MIT
 * The part of planning that fills the list of points. */
#ifndef PROBES_PLAN_PLAN_POINTS_H
#define PROBES_PLAN_PLAN_POINTS_H

#include "probes/plan/plan.h"

/* Adds those of a request to a plan that has cpus and shards: a second request's layouts and ops go
 * together with each other, and not with the first's. 0 or -errno with err naming the option. */
int plan_add_points(struct plan *plan, const struct plan_request *request, struct err *err);

#endif
