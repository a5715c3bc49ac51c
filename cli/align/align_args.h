/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe align`. */
#ifndef CLI_ALIGN_ALIGN_ARGS_H
#define CLI_ALIGN_ALIGN_ARGS_H

#include "base/cpuset.h"
#include "cli/instrument_args.h"
#include "probes/plan/place.h"

struct align_args {
    struct instrument_args common;
    struct cpuset cpus; /* empty: all this process may use */
    struct memory_place memory;
    double threshold; /* a share above 1 */
};
extern const struct options align_options;

#endif
