/* SPDX-License-Identifier: MIT
 * What could be measured (--list) and what would be (--dry-run). */
#ifndef CLI_RUN_RUN_LIST_H
#define CLI_RUN_RUN_LIST_H

#include "probes/plan/plan.h"

/* Each prints on stdout and returns the exit code. */
int run_list(void);
int run_list_points(const struct plan *plan); /* the table of a plan alone */
int run_list_plan(const struct plan *plan, const struct topology *topology);

#endif
