/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe costs`. */
#ifndef CLI_COSTS_COSTS_ARGS_H
#define CLI_COSTS_COSTS_ARGS_H

#include "probes/costs/costs_plan.h"

#include <stdbool.h>
#include <stdint.h>

/* Written where nobody names another file, and read there by the commands that use prices. */
#define COSTS_FILE "costs.csv"

struct costs_args {
    struct costs_request request;
    const char *topology, *csv, *json; /* csv NULL: COSTS_FILE */
    double precision, max_time_ns;
    uint64_t seed;
    bool strict, dry_run, quiet;
};

/* -1 to go on, else the exit code. Errors have been printed. */
int costs_args_parse(int argc, char **argv, struct costs_args *args);

#endif
