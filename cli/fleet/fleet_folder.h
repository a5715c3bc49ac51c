/* SPDX-License-Identifier: MIT
 * The folder of a fleet: plan.csv, run.sh, and tasks/ with a folder for each task. */
#ifndef CLI_FLEET_FLEET_FOLDER_H
#define CLI_FLEET_FLEET_FOLDER_H

#include "analysis/fleet/plan.h"

#include <limits.h>

struct fleet_folder {
    char path[PATH_MAX]; /* absolute */
    struct fleet_plan plan;
};

/* Finds the folder, and reads its plan where there is one; an empty plan otherwise. If `make`, a
 * folder that is not there is made. Returns 0, or the exit code with err. */
int fleet_folder_open(const char *path, bool make, struct fleet_folder *folder, struct err *err);
/* The same; no plan is an error. */
int fleet_folder_read(const char *path, struct fleet_folder *folder, struct err *err);
void fleet_folder_close(struct fleet_folder *folder);
/* The path of a file of the folder. */
void fleet_folder_file(const struct fleet_folder *folder, const char *name, char path[PATH_MAX]);
/* The same of a file of a task. */
void fleet_task_file(const struct fleet_folder *folder, const struct fleet_task *task,
    const char *name, char path[PATH_MAX]);

#endif
