/* SPDX-License-Identifier: MIT
 * Options of `numaprobe matrix`. */
#include "cli/matrix/matrix_args.h"

#include "base/args.h"
#include "machine/memory.h"

#include <errno.h>
#include <string.h>

/* Into `home` and `node`. */
static int parse_home(const struct option_row *row, const char *text, void *value, struct err *err)
{
    struct matrix_request *const request = value;
    uint64_t node = 0;
    const bool all = strcmp(text, "all") == 0;
    request->home = HOME_FIRST;
    while (request->home < HOME_NODE && strcmp(text, matrix_home_name[request->home]) != 0)
        request->home++;
    if (request->home == HOME_NODE && !all && args_u64(row->name, text, 0, 1 << 20, &node, NULL))
        return err_set(
            err, -EINVAL, "%s: '%s' is not first, second, all or a node number", row->name, text);
    request->node = all ? MATRIX_ALL_NODES : (int)node;
    return 0;
}

#define ARGS struct matrix_args
static const struct option_row rows[] = {
    OPTION_HEADING("What is measured"),
    {"--protocol", 0, "LIST",
        "handover: one line, taken over by compare-and-swap; pingpong: two lines, a round trip; "
        "message: a line of payload and a flag, one way",
        "handover", OPTION_TEXT(request.protocol)},
    {"--home", 0, "NODE",
        "Whose memory the lines are in: that of each pair's first or second cpu, a node number, or "
        "all "
        "nodes in turn",
        "first", parse_home, OPTION_AT(struct matrix_request, request)},
    {"--classes", 0, NULL, "A few pairs of each distance that hwloc reports, instead of all pairs",
        NULL, OPTION_FLAG(request.classes)},
    {"--memory", 0, NULL,
        "The load latency of each node's memory from a cpu of each kind, instead of pairs of cpus",
        NULL, OPTION_FLAG(memory)},
    {"--pages", 0, "SIZE", "With --memory: 4k, thp or 2m", "4k",
        OPTION_CHOICE(pages, "page size", memory_pages_name, PAGES_COUNT, 0)},
    OPTION_HEADING("Where"),
    {"--cpus", 0, "LIST", "Each pair of these cpus (default: all this process may use)", NULL,
        OPTION_CPUS(request.cpus)},
    INSTRUMENT_ROW_TOPOLOGY,
    INSTRUMENT_ROWS_LIMITS("1%", "rounds"),
    {"--tolerance", 0, "SHARE",
        "Accepted difference between pairs measured side by side and alone; beyond it a distance "
        "is measured one pair at a time",
        "10%", OPTION_SHARE(tolerance)},
    INSTRUMENT_ROWS_OUTPUT("Write every batch ('numaprobe schema' lists the columns)",
        "Write every pair's estimate, the clusters and the warnings",
        "Print the rounds and measure nothing", "No progress on stderr"),
};

const struct options matrix_options = {
    .summary = "Measures what it takes to hand a cache line from one cpu to another, for every "
               "pair of cpus; or what a load from each node's memory takes.",
    .ending = "Examples:\n"
              "  numaprobe matrix\n"
              "  numaprobe matrix --protocol handover,pingpong --home all --csv matrix.csv\n"
              "  numaprobe matrix --classes --max-time 5s\n"
              "  numaprobe matrix --memory --csv memory.csv",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};
