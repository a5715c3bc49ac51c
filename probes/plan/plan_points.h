/* SPDX-License-Identifier: MIT
 * The part of planning that fills the list of points; for plan.c only. */
#ifndef PROBES_PLAN_PLAN_POINTS_H
#define PROBES_PLAN_PLAN_POINTS_H

#include "probes/plan/plan.h"

/* Needs the plan's cpus and shards. 0 or -errno with err naming the option. */
int plan_add_points(struct plan *plan, const struct plan_request *request, struct err *err);

#endif
