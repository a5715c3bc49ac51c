/* SPDX-License-Identifier: MIT
 * Options of `numaprobe align`. */
#include "cli/align/align_args.h"

#include "cli/run/run_args.h"

#define ARGS struct align_args
static const struct option_row rows[] = {
    OPTION_HEADING("Where"),
    {"--cpus", 0, "LIST", "Pairs of these cpus only (default: all this process may use)", NULL,
        OPTION_CPUS(cpus)},
    {"--mem-node", 0, "NODE", "local to a pair's first cpu, remote, interleave or a number",
        "local", run_parse_memory, OPTION_AT(struct memory_place, memory)},
    INSTRUMENT_ROW_TOPOLOGY,
    OPTION_HEADING("What is enough"),
    {"--threshold", 0, "SHARE", "Up to this much slower than words far apart is not slower", "5%",
        OPTION_SHARE(threshold)},
    INSTRUMENT_ROWS_LIMITS("2%", "trials"),
    INSTRUMENT_ROWS_OUTPUT("Write every sample, as 'numaprobe run' does",
        "Write the answer and the ratio of each pair at each distance",
        "Print pairs and plan, and measure nothing", "No progress on stderr"),
};

const struct options align_options = {
    .summary = "Finds out how many bytes apart the data of two threads has to be on this machine: "
               "64, 128 or 256.",
    .ending = "Examples:\n"
              "  numaprobe align\n"
              "  numaprobe align --quiet | grep '^#define' >cache_line.h\n"
              "  numaprobe align --cpus 0,8 --csv align.csv",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};
