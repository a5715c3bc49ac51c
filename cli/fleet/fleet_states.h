/* SPDX-License-Identifier: MIT
 * The state of every task of a plan. */
#ifndef CLI_FLEET_FLEET_STATES_H
#define CLI_FLEET_FLEET_STATES_H

#include "analysis/fleet/result.h"
#include "analysis/fleet/state.h"
#include "cli/fleet/fleet_folder.h"

enum { FLEET_WHY = 400 };

struct fleet_task_state {
    enum fleet_state state;
    char why[FLEET_WHY]; /* "" for one that is done */
    size_t rows;         /* of its CSV */
};

struct fleet_states {
    struct fleet_task_state *task; /* one for each of the plan */
    struct fleet_results results;
    size_t count[FLEET_STATES];
};

/* Looks at all folders of tasks, and asks Slurm where the plan is for it. 0 or -ENOMEM with err. */
int fleet_states_read(
    const struct fleet_folder *folder, struct fleet_states *states, struct err *err);
void fleet_states_fini(struct fleet_states *states);

#endif
