/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe run`. */
#ifndef CLI_RUN_RUN_ARGS_H
#define CLI_RUN_RUN_ARGS_H

#include "base/err.h"
#include "probes/plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct run_args {
    struct plan_request request;
    const char *topology, *csv, *json, *counters, *events;
    double precision, max_time_ns;
    uint64_t seed;
    bool strict, dry_run, quiet, list;
};

/* -1 to go on, else the exit code. Errors have been printed. */
int run_args_parse(int argc, char **argv, struct run_args *args);

#endif
