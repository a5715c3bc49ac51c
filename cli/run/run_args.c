/* SPDX-License-Identifier: MIT
 * Options of `numaprobe run`. */
#include "cli/run/run_args.h"

#include "base/args.h"

#include <errno.h>
#include <string.h>

static int parse_align(const char *option, const char *text, unsigned *aligns, struct err *err)
{
    uint64_t align;
    if (args_u64(option, text, PLAN_ALIGN_MIN, PLAN_ALIGN_MAX, &align, NULL) ||
        (align & (align - 1)))
        return err_set(
            err, -EINVAL, "%s: '%s' is not one of 8, 16, 32, 64, 128 and 256", option, text);
    *aligns |= (unsigned)align;
    return 0;
}

int run_parse_aligns(const struct option_row *row, const char *text, void *value, struct err *err)
{
    struct words words;
    unsigned aligns = 0;
    int code = args_words(row->name, text, &words, err);
    for (size_t i = 0; !code && i < words.count; i++)
        code = parse_align(row->name, words.word[i], &aligns, err);
    words_fini(&words);
    if (!code)
        *(unsigned *)value = aligns;
    return code;
}

int run_parse_memory(const struct option_row *row, const char *text, void *value, struct err *err)
{
    static const char *const kinds[MEMORY_NODE] = {"local", "remote", "interleave"};
    uint64_t node = 0;
    unsigned kind = 0;
    while (kind < MEMORY_NODE && strcmp(kinds[kind], text) != 0)
        kind++;
    if (kind == MEMORY_NODE && args_u64(row->name, text, 0, 1 << 20, &node, NULL))
        return err_set(err, -EINVAL, "%s: '%s' is not local, remote, interleave or a node number",
            row->name, text);
    *(struct memory_place *)value = (struct memory_place){.kind = kind, .node = (int)node};
    return 0;
}

#define ARGS struct run_args
static const struct option_row rows[] = {
    OPTION_HEADING("What is measured"),
    {"--align", 0, "LIST", "Alignments in bytes, of 8,16,32,64,128,256", "8,64", run_parse_aligns,
        OPTION_AT(unsigned, request.aligns)},
    {"--layout", 0, "LIST", "Layouts by name, or your own ./FILE.c", "counter",
        OPTION_TEXT(request.layout)},
    {"--op", 0, "LIST", "Operations (default: those that suit the layout)", NULL,
        OPTION_TEXT(request.op)},
    {"--mode", 0, "MODE", "throughput: independent ops; latency: each op waits for the one before",
        "throughput", OPTION_CHOICE(request.mode, "mode", mode_names, MODE_COUNT, 0)},
    {"--gap", 0, "NS", "Private work between ops", "0",
        OPTION_DURATION(request.gap_ns, 1, PLAN_GAP_MAX_NS)},
    {"--shards", 0, "N", "Elements of the array (default: 64, or one a thread)", NULL,
        OPTION_COUNT(request.shards, 1, PLAN_SHARDS_MAX)},
    {"--list", 0, NULL, "List layouts, alignments, ops and modes", NULL, OPTION_FLAG(list)},
    OPTION_HEADING("Where"),
    {"--cpus", 0, "LIST", "One thread on each of these cpus, in this order", NULL,
        OPTION_CPUS(request.cpus)},
    {"--place", 0, "NAME",
        "compact, spread, smt, one-per-l3 or one-per-node (default: compact, without SMT siblings)",
        NULL,
        OPTION_CHOICE(request.place, "placement", placement_name + PLACE_COMPACT,
            PLACEMENTS - PLACE_COMPACT, PLACE_COMPACT)},
    {"--threads", 0, "N", "How many threads to place (default: 2, or one per domain)", NULL,
        OPTION_COUNT(request.threads, 1, CPUSET_MAX)},
    {"--mem-node", 0, "NODE", "local, remote, interleave or a number", "local", run_parse_memory,
        OPTION_AT(struct memory_place, request.memory)},
    {"--pages", 0, "SIZE", "4k, thp or 2m", "4k",
        OPTION_CHOICE(request.pages, "page size", memory_pages_name, PAGES_COUNT, 0)},
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
        "Write estimates, verdicts and regimes", "Print the plan and measure nothing",
        "No progress and no warnings on stderr"),
    {"--prometheus", 0, "FILE",
        "Write the estimates as metrics for node_exporter's textfile collector", NULL,
        OPTION_TEXT(common.prometheus)},
};

const struct options run_options = {
    .summary = "Measures what a layout of shared data costs on this machine: its false sharing, "
               "with an interval.",
    .ending = "Examples:\n"
              "  numaprobe --align 8,64 --cpus 0,1\n"
              "  numaprobe run --layout mixed,ring --place spread --csv out.csv\n"
              "  numaprobe run --events rfo,fill-remote,l3-miss\n"
              "  numaprobe run --layout ./mine.c --op add --mode latency",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};
