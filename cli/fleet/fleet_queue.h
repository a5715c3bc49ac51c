/* SPDX-License-Identifier: MIT
 * What Slurm knows of the tasks of a plan. */
#ifndef CLI_FLEET_FLEET_QUEUE_H
#define CLI_FLEET_FLEET_QUEUE_H

#include "analysis/fleet/state.h"
#include "cli/fleet/fleet_folder.h"

struct fleet_queue {
    struct fleet_queued *by_task; /* by the number of the task; state "" where nothing is known */
    size_t count;
};

/* Asks sacct, then squeue, about the jobs that `run` has submitted. What is not there or does not
 * answer, as sacct in a cluster without accounting, is left out. 0 or -ENOMEM. */
int fleet_queue_read(const struct fleet_folder *folder, struct fleet_queue *queue);
const struct fleet_queued *fleet_queue_find(const struct fleet_queue *queue, int64_t task);
void fleet_queue_fini(struct fleet_queue *queue);

#endif
