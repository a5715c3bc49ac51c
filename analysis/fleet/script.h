/* SPDX-License-Identifier: MIT
 * The script that runs the tasks of a plan: a table of tasks, and what is the same in each (the
 * files of data/fleet). Started alone it submits an array to Slurm, or has GNU parallel start
 * itself; with a task it runs that. */
#ifndef ANALYSIS_FLEET_SCRIPT_H
#define ANALYSIS_FLEET_SCRIPT_H

#include "analysis/fleet/plan.h"

struct fleet_script {
    const struct fleet_plan *plan;
    const bool *chosen;        /* for each row of the plan: is it run? */
    const char *folder;        /* absolute */
    const char *const *sbatch; /* further options of sbatch */
    size_t sbatches;
    const char *ssh_config; /* of ssh; NULL: its own */
    uint64_t at_once;       /* hosts, over ssh */
};

/* Are there characters that would break a line of the script in two? */
bool fleet_has_controls(const char *text);
/* Prints the script. Write errors show in ferror(out). -ENOMEM with err. */
int fleet_script_print(const struct fleet_script *script, FILE *out, struct err *err);

/* The files of data/fleet, embedded by the build. */
extern const char fleet_task_text[], fleet_slurm_text[], fleet_ssh_text[];

#endif
