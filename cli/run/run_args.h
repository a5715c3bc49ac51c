/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe run`. */
#ifndef CLI_RUN_RUN_ARGS_H
#define CLI_RUN_RUN_ARGS_H

#include "cli/instrument_args.h"
#include "probes/plan/plan.h"

struct run_args {
    struct plan_request request;
    struct instrument_args common;
    const char *counters, *events;
    bool list;
};
extern const struct options run_options;
option_parse run_parse_aligns; /* an OR of alignments, as of --align */
option_parse run_parse_memory; /* a struct memory_place, as of --mem-node */

#endif
