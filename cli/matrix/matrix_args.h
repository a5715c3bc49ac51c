/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe matrix`. */
#ifndef CLI_MATRIX_MATRIX_ARGS_H
#define CLI_MATRIX_MATRIX_ARGS_H

#include "cli/instrument_args.h"
#include "probes/matrix/matrix_plan.h"

struct matrix_args {
    struct matrix_request request;
    struct instrument_args common;
    double tolerance;
    bool memory;    /* the load latency of memory, not pairs of cpus */
    unsigned pages; /* of enum memory_pages; with `memory` only */
};
extern const struct options matrix_options;

#endif
