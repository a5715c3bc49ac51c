/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe maps`. */
#ifndef CLI_MAPS_MAPS_ARGS_H
#define CLI_MAPS_MAPS_ARGS_H

#include "cli/instrument_args.h"
#include "probes/maps/maps_plan.h"

struct maps_args {
    struct maps_request request;
    const char *counters, *events; /* as counters_init takes them */
    bool list;
    struct instrument_args common; /* max_time_ns: of one load */
};
extern const struct options maps_options;

#endif
