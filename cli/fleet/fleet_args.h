/* SPDX-License-Identifier: MIT
 * Options of `numaprobe fleet`, for all of its verbs. */
#ifndef CLI_FLEET_FLEET_ARGS_H
#define CLI_FLEET_FLEET_ARGS_H

#include "cli/options.h"

enum { FLEET_SBATCHES = 32 };

struct fleet_sbatch {
    const char *word[FLEET_SBATCHES];
    size_t count;
};

struct fleet_args {
    const char *folder;
    /* plan */
    const char *hosts; /* NULL: Slurm's nodes */
    const char *partition, *program;
    bool one_per_kind;
    double time_ns; /* 0: from the command's own limit */
    /* run */
    struct fleet_sbatch sbatch;
    const char *ssh_config;
    uint64_t at_once;
    bool dry_run;
    /* status and collect */
    const char *csv, *json;
    /* What follows the options: the verb, then the words of the command. */
    char **word;
    int words;
};

extern const struct options fleet_options;

/* The verbs; each returns an exit code of cli/cmd.h. */
int fleet_plan(const struct fleet_args *args);
int fleet_run(const struct fleet_args *args);
int fleet_status(const struct fleet_args *args);
int fleet_collect(const struct fleet_args *args);

#endif
