/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe costs`. */
#ifndef CLI_COSTS_COSTS_ARGS_H
#define CLI_COSTS_COSTS_ARGS_H

#include "cli/instrument_args.h"
#include "probes/costs/costs_plan.h"

struct costs_args {
    struct costs_request request;
    struct instrument_args common;
    const char *label; /* of a card; NULL: the host's name */
};
extern const struct options costs_options;

#endif
