/* SPDX-License-Identifier: MIT
 * How far a task is, from what is in its folder and what the scheduler knows of it. */
#ifndef ANALYSIS_FLEET_STATE_H
#define ANALYSIS_FLEET_STATE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum fleet_state {
    FLEET_DONE,    /* its CSV is there and complete */
    FLEET_RUNNING, /* on its node */
    FLEET_WAITING, /* for its node */
    FLEET_FAILED,
    FLEET_MISSING, /* not started yet */
    FLEET_STATES
};
extern const char *const fleet_state_name[FLEET_STATES];

/* What `exit` in the task's folder holds, other than an exit code. */
enum {
    FLEET_EXIT_NONE = -1,    /* there is no such file */
    FLEET_EXIT_RUNNING = -2, /* the task began, and did not end there */
    FLEET_EXIT_EMPTY = -3,   /* nothing could be written into it */
};

struct fleet_facts {
    bool has_result;       /* there is a CSV */
    const char *fault;     /* of the CSV; NULL: it is complete */
    int exit;              /* a code, or one of the above */
    const char *last_line; /* of what it printed; "" */
    const char *scheduled; /* its state in Slurm, as "PENDING"; "": not known there */
    const char *reason;    /* why Slurm does not start it; "" */
    bool is_held;          /* over ssh: a `fleet run` is at work in the folder now */
    bool over_ssh;
    int64_t limit_s;
};

/* `why`, of `size` bytes, is "" for a task that is done. */
enum fleet_state fleet_state_judge(const struct fleet_facts *facts, char *why, size_t size);

/* The state of an exit file from its text. */
int fleet_exit_read(const char *text);

/* A task in what squeue or sacct prints. */
struct fleet_queued {
    int64_t job, index; /* of the array */
    char state[32], reason[64];
};
/* For squeue: array, index, state, reason. */
#define FLEET_SQUEUE_OPTION "--format=%F|%K|%T|%r"
/* Reads a line of that. False for another one, as of a job that is not an array. */
bool fleet_squeue_line(const char *line, struct fleet_queued *queued);
/* For sacct, with --parsable2 and --array. */
#define FLEET_SACCT_OPTION "--format=JobID,State"
bool fleet_sacct_line(const char *line, struct fleet_queued *queued);

#endif
