/* SPDX-License-Identifier: MIT
 * Options of `numaprobe costs`. */
#include "cli/costs/costs_args.h"

#define ARGS struct costs_args
static const struct option_row rows[] = {
    OPTION_HEADING("What is measured"),
    {"--op", 0, "LIST", "load, store (and drain), add, cas, swap, or none (default: all)", NULL,
        OPTION_TEXT(request.op)},
    {"--state", 0, "LIST", "modified, exclusive, shared, invalid: in memory (default: all)", NULL,
        OPTION_TEXT(request.state)},
    {"--gap", 0, "LIST",
        "Private work between two adds of the holding curve, or none (default: 0 to 640 ns)", NULL,
        OPTION_TEXT(request.gap)},
    OPTION_HEADING("Where"),
    {"--cpus", 0, "LIST", "The first requests, the others own lines and contend (default: all)",
        NULL, OPTION_TEXT(request.cpus)},
    {"--home", 0, "LIST",
        "Memory local to the requester, and remote: the farthest node (default: local,remote)",
        NULL, OPTION_TEXT(request.home)},
    {"--mem-node", 0, "LIST", NULL, NULL, OPTION_TEXT(request.home)},
    INSTRUMENT_ROW_TOPOLOGY,
    INSTRUMENT_ROWS_LIMITS("2%", "trials"),
    INSTRUMENT_ROWS_OUTPUT("Write every sample here (default: " COSTS_FILE ")",
        "Write prices and the holding curve", "Print the plan and measure nothing",
        "No progress and no warnings on stderr"),
};

const struct options costs_options = {
    .summary = "Measures what one op on a cache line costs, by the line's state, its owner's "
               "distance and its home memory; and how long a contended line is held.",
    .ending = "Examples:\n"
              "  numaprobe costs\n"
              "  numaprobe costs --op load,cas --state modified --gap none\n"
              "  numaprobe costs --op none --gap 0,100,200 --cpus 0-3",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};
