/* SPDX-License-Identifier: MIT
 * Options of `numaprobe costs`. */
#include "cli/costs/costs_args.h"

#include "base/args.h"
#include "probes/plan/plan.h"

#include <errno.h>
#include <string.h>

static int parse_gap(const char *option, const char *text, double *gap_ns, struct err *err)
{
    const int code = args_duration_ns(option, text, 1, gap_ns, err);
    return code || *gap_ns <= PLAN_GAP_MAX_NS
               ? code
               : err_set(err, -EINVAL, "%s: '%s' is too long; at most 100us", option, text);
}

/* Into the three members on gaps. */
static int parse_gaps(const struct option_row *row, const char *text, void *value, struct err *err)
{
    struct costs_request *const request = value;
    struct words words = {0};
    request->gaps = 0;
    request->no_gap = strcmp(text, "none") == 0;
    int code = request->no_gap ? 0 : args_words(row->name, text, &words, err);
    if (words.count > COSTS_GAPS)
        code =
            err_set(err, -EINVAL, "%s: %zu gaps; at most %d", row->name, words.count, COSTS_GAPS);
    for (size_t i = 0; !code && i < words.count; i++)
        code = parse_gap(row->name, words.word[i], &request->gap_ns[request->gaps++], err);
    words_fini(&words);
    return code;
}

#define ARGS struct costs_args
static const struct option_row rows[] = {
    OPTION_HEADING("What is measured"),
    {"--op", 0, "LIST", "load, store (and drain), add, cas, swap, or none (default: all)", NULL,
        OPTION_CHOICES(request.ops, "op", costs_op_name, COSTS_OPS + 1)},
    {"--state", 0, "LIST", "modified, exclusive, shared, invalid: in memory (default: all)", NULL,
        OPTION_CHOICES(request.states, "state", line_state_name, LINE_STATES)},
    {"--gap", 0, "LIST",
        "Private work between two ops of the holding curve, or none (default: 0 to 640 ns)", NULL,
        parse_gaps, OPTION_AT(struct costs_request, request)},
    {"--hold", 0, "LIST", "Ops of the holding curve: add, rmw, store (default: add)", NULL,
        OPTION_CHOICES(request.hold_ops, "op", hold_op_name, HOLD_OPS)},
    {"--contenders", 0, "LIST",
        "Who holds the line against each other: counts: 2, 4, 8, ... and all cpus; distances: two "
        "at each distance; domains: all of one L3, of two L3s, of two packages (default: counts)",
        NULL,
        OPTION_CHOICES(request.contenders, "contenders", hold_contenders_name, HOLD_CONTENDERS)},
    OPTION_HEADING("Where"),
    {"--cpus", 0, "LIST", "The first requests, the others own lines and contend (default: all)",
        NULL, OPTION_CPUS(request.cpus)},
    {"--home", 0, "LIST",
        "Memory local to the requester, and remote: the farthest node (default: local,remote)",
        NULL, OPTION_CHOICES(request.homes, "home", costs_home_name, COSTS_HOMES)},
    {"--mem-node", 0, "LIST", NULL, NULL,
        OPTION_CHOICES(request.homes, "home", costs_home_name, COSTS_HOMES)},
    INSTRUMENT_ROW_TOPOLOGY,
    INSTRUMENT_ROWS_LIMITS("2%", "trials"),
    INSTRUMENT_ROWS_OUTPUT("Write every sample ('numaprobe schema' lists the columns)",
        "Write prices and the holding curve", "Print the plan and measure nothing",
        "No progress and no warnings on stderr"),
    {"--card", 0, "FILE",
        "Write a machine card: topology, prices, curves of each distance and domain, classes", NULL,
        OPTION_TEXT(common.card)},
    {"--label", 0, "TEXT", "What the card calls the machine (default: the host's name)", NULL,
        OPTION_TEXT(label)},
};

const struct options costs_options = {
    .summary = "Measures what one op on a cache line costs, by the line's state, its owner's "
               "distance and its home memory; and how long a contended line is held.",
    .ending = "Examples:\n"
              "  numaprobe costs\n"
              "  numaprobe costs --op load,cas --state modified --gap none\n"
              "  numaprobe costs --op none --gap 0,100,200 --cpus 0-3\n"
              "  numaprobe costs --card this.card",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};
