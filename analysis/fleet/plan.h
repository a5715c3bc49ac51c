/* SPDX-License-Identifier: MIT
 * The plan of a fleet: a task for each node and job, as a CSV that a user can read and shorten. */
#ifndef ANALYSIS_FLEET_PLAN_H
#define ANALYSIS_FLEET_PLAN_H

#include "analysis/fleet/nodes.h"
#include "base/table.h"

#include <stdint.h>

enum {
    FLEET_SCHEMA = 1,
    FLEET_TASKS_MAX = 1000000,
    FLEET_LIMIT_MAX_S = 30 * 24 * 3600,
};

/* A row. Texts are in `strings` of the plan, and "" where there is none. */
struct fleet_task {
    int64_t task; /* its number, from 1 on */
    const char *node, *kind, *partition;
    const char *scheduler; /* "slurm" or "ssh"; the same in all rows */
    int64_t job;           /* number of its command, from 1 on */
    int64_t limit_s;       /* the command is ended then */
    const char *program;   /* numaprobe on the node */
    const char *version;   /* that has to answer there; the same in all rows */
    const char *command;   /* words of numaprobe, quoted: fleet_words_split */
};

struct fleet_plan {
    struct fleet_task *task; /* grows by base/grow.h */
    size_t count;
    struct strings *strings;
};

/* What all new rows have. */
struct fleet_job {
    const char *scheduler, *program, *version, *command;
    int64_t limit_s;
};

/* Begins an empty plan. 0 or -ENOMEM with err. */
int fleet_plan_init(struct fleet_plan *plan, struct err *err);
/* Reads a plan that was begun. -EINVAL with err naming file and line, -ENODATA without a task,
 * -EIO, -ENOMEM. */
int fleet_plan_read(FILE *in, const char *name, struct fleet_plan *plan, struct err *err);
/* Adds a task for each node that has none of this command yet; those that have one get the job's
 * limit and program. -EINVAL with err for a plan of another scheduler or version. */
int fleet_plan_add(struct fleet_plan *plan, const struct fleet_nodes *nodes,
    const struct fleet_job *job, struct err *err);
/* Rows in the form of the file; NULL when out of memory. */
struct table *fleet_plan_table(const struct fleet_plan *plan);
/* The first task of each job, in the order of their numbers. */
const struct fleet_task *fleet_plan_job(const struct fleet_plan *plan, int64_t job);
int64_t fleet_plan_jobs(const struct fleet_plan *plan); /* the highest number */
void fleet_plan_fini(struct fleet_plan *plan);

#endif
