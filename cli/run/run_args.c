/* SPDX-License-Identifier: MIT
 * Options of `numaprobe run`. */
#include "cli/run/run_args.h"

#define ARGS struct run_args
static const struct option_row rows[] = {
    OPTION_HEADING("What is measured"),
    {"--align", 0, "LIST", "Alignments in bytes, of 8,16,32,64,128,256 (default: 8,64)", NULL,
        OPTION_TEXT(request.align)},
    {"--layout", 0, "LIST", "Layouts by name, or your own ./FILE.c (default: counter)", NULL,
        OPTION_TEXT(request.layout)},
    {"--op", 0, "LIST", "Operations (default: those that suit the layout)", NULL,
        OPTION_TEXT(request.op)},
    {"--mode", 0, "MODE",
        "throughput: independent ops; latency: each op waits for the one before (default: "
        "throughput)",
        NULL, OPTION_TEXT(request.mode)},
    {"--gap", 0, "NS", "Private work between ops (default: 0)", NULL, OPTION_TEXT(request.gap)},
    {"--shards", 0, "N", "Elements of the array (default: 64, or one a thread)", NULL,
        OPTION_TEXT(request.shards)},
    {"--list", 0, NULL, "List layouts, alignments, ops and modes", NULL, OPTION_FLAG(list)},
    OPTION_HEADING("Where"),
    {"--cpus", 0, "LIST", "One thread on each of these cpus, in this order", NULL,
        OPTION_TEXT(request.cpus)},
    {"--place", 0, "NAME",
        "compact, spread, smt, one-per-l3 or one-per-node (default: compact, without SMT siblings)",
        NULL, OPTION_TEXT(request.place)},
    {"--threads", 0, "N", "How many threads to place (default: 2, or one per domain)", NULL,
        OPTION_TEXT(request.threads)},
    {"--mem-node", 0, "NODE", "local, remote, interleave or a number (default: local)", NULL,
        OPTION_TEXT(request.mem_node)},
    {"--pages", 0, "SIZE", "4k, thp or 2m (default: 4k)", NULL, OPTION_TEXT(request.pages)},
    INSTRUMENT_ROW_TOPOLOGY,
    OPTION_HEADING("What is counted besides the time ('numaprobe events' lists it)"),
    {"--counters", 0, "NAME", "auto, perf, papi or none", "auto", OPTION_TEXT(counters)},
    {"--events", 0, "LIST",
        "Roles, as rfo,l3-miss, or events by name (default: those of contested lines)", NULL,
        OPTION_TEXT(events)},
    INSTRUMENT_ROWS_LIMITS("1%", "trials"),
    {"--self-test", 0, NULL,
        "Measure each variant against itself; exit 1 when a difference is found", NULL,
        OPTION_FLAG(request.self_test)},
    INSTRUMENT_ROWS_OUTPUT("Write every sample ('numaprobe schema' lists the columns)",
        "Write figures, verdicts and regimes", "Print the plan and measure nothing",
        "No progress and no warnings on stderr"),
};

const struct options run_options = {
    .summary = "Measures what a layout of shared data costs on this machine: its false sharing, "
               "with an interval.",
    .ending = "Examples:\n"
              "  numaprobe --align 8,64 --cpus 0,1\n"
              "  numaprobe run --layout mixed,ring --place spread --csv out.csv\n"
              "  numaprobe run --events rfo,remote-fill,l3-miss\n"
              "  numaprobe run --layout ./mine.c --op add --mode latency",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};
