/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe matrix`. */
#ifndef CLI_MATRIX_MATRIX_ARGS_H
#define CLI_MATRIX_MATRIX_ARGS_H

#include "probes/matrix/matrix_plan.h"

struct matrix_args {
    struct matrix_request request;
    const char *topology, *csv, *json;
    double precision, max_time_ns, tolerance;
    bool strict, dry_run, quiet;
};

/* -1 to go on, else the exit code. Errors have been printed. */
int matrix_args_parse(int argc, char **argv, struct matrix_args *args);

#endif
