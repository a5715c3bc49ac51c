/* SPDX-License-Identifier: MIT
 * Options of `numaprobe run`: one table for argp, one that says where each text goes. */
#include "cli/run/run_args.h"

#include "base/args.h"
#include "cli/cmd.h"

#include <errno.h>
#include <stddef.h>

enum key {
    KEY_ALIGN = 0x100,
    KEY_LAYOUT,
    KEY_OP,
    KEY_MODE,
    KEY_GAP,
    KEY_SHARDS,
    KEY_CPUS,
    KEY_PLACE,
    KEY_THREADS,
    KEY_MEM_NODE,
    KEY_PAGES,
    KEY_PRECISION,
    KEY_MAX_TIME,
    KEY_SEED,
    KEY_TOPOLOGY,
    KEY_COUNTERS,
    KEY_EVENTS,
    KEY_CSV,
    KEY_JSON,
    KEY_TEXTS, /* those above carry a text */
    KEY_STRICT = KEY_TEXTS,
    KEY_SELF_TEST,
    KEY_DRY_RUN,
    KEY_LIST,
};

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0, "What is measured:", 1},
    {"align", KEY_ALIGN, "LIST", 0, "Alignments in bytes, of 8,16,32,64,128,256 (default: 8,64)",
        1},
    {"layout", KEY_LAYOUT, "LIST", 0, "Layouts by name, or your own ./FILE.c (default: counter)",
        1},
    {"op", KEY_OP, "LIST", 0, "Operations (default: what suits the layout)", 1},
    {"mode", KEY_MODE, "MODE", 0,
        "throughput: independent ops; latency: each op waits for the one before (default: "
        "throughput)",
        1},
    {"gap", KEY_GAP, "NS", 0, "Private work between ops (default: 0)", 1},
    {"shards", KEY_SHARDS, "N", 0, "Elements of the array (default: 64, or one a thread)", 1},
    {"list", KEY_LIST, NULL, 0, "List layouts, alignments, ops and modes", 1},
    {NULL, 0, NULL, 0, "Where:", 2},
    {"cpus", KEY_CPUS, "LIST", 0, "One thread on each of these cpus, in this order", 2},
    {"place", KEY_PLACE, "NAME", 0,
        "compact, spread, smt, one-per-l3 or one-per-node (default: compact, without SMT siblings)",
        2},
    {"threads", KEY_THREADS, "N", 0, "How many threads to place (default: 2, or one per domain)",
        2},
    {"mem-node", KEY_MEM_NODE, "NODE", 0, "local, remote, interleave or a number (default: local)",
        2},
    {"pages", KEY_PAGES, "SIZE", 0, "4k, thp or 2m (default: 4k)", 2},
    {"topology", KEY_TOPOLOGY, "TEXT", 0,
        "Plan for this hwloc synthetic topology or XML file; with --dry-run", 2},
    {NULL, 0, NULL, 0, "What is counted beside the time ('numaprobe events' lists it):", 3},
    {"counters", KEY_COUNTERS, "NAME", 0, "auto, perf, papi or none (default: auto)", 3},
    {"events", KEY_EVENTS, "LIST", 0,
        "Roles, as rfo,l3-miss, or events by name (default: those of contested lines)", 3},
    {NULL, 0, NULL, 0, "How well and how long:", 4},
    {"precision", KEY_PRECISION, "SHARE", 0, "Stop when all 95% intervals are within (default: 1%)",
        4},
    {"max-time", KEY_MAX_TIME, "TIME", 0, "Stop at the latest after (default: 30s)", 4},
    {"seed", KEY_SEED, "N", 0, "Seed of the trials' order and the intervals (default: 1)", 4},
    {"strict", KEY_STRICT, NULL, 0, "Placement that cannot be verified is an error", 4},
    {"self-test", KEY_SELF_TEST, NULL, 0,
        "Measure each variant against itself; exit 1 when a difference is found", 4},
    {NULL, 0, NULL, 0, "Output:", 5},
    {"csv", KEY_CSV, "FILE", 0, "Write every sample ('numaprobe schema' tells the columns)", 5},
    {"json", KEY_JSON, "FILE", 0, "Write figures, verdicts and regimes", 5},
    {"dry-run", KEY_DRY_RUN, NULL, 0, "Print the plan and measure nothing", 5},
    {"quiet", 'q', NULL, 0, "No progress and no warnings on stderr", 5},
    {0},
};

/* What is given as text, until all options are read. */
struct texts {
    struct run_args *args;
    const char *text[KEY_TEXTS - KEY_ALIGN];
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct texts *texts = state->input;
    struct run_args *a = texts->args;
    if (key >= KEY_ALIGN && key < KEY_TEXTS) {
        texts->text[key - KEY_ALIGN] = arg;
        return 0;
    }
    bool *const flag = key == KEY_STRICT      ? &a->strict
                       : key == KEY_SELF_TEST ? &a->request.self_test
                       : key == KEY_DRY_RUN   ? &a->dry_run
                       : key == KEY_LIST      ? &a->list
                       : key == 'q'           ? &a->quiet
                                              : NULL;
    if (flag)
        *flag = true;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

#define TEXT(key) texts->text[KEY_##key - KEY_ALIGN]

static void fill_request(const struct texts *texts, struct run_args *a)
{
    a->request = (struct plan_request){.align = TEXT(ALIGN),
        .layout = TEXT(LAYOUT),
        .op = TEXT(OP),
        .mode = TEXT(MODE),
        .gap = TEXT(GAP),
        .cpus = TEXT(CPUS),
        .place = TEXT(PLACE),
        .threads = TEXT(THREADS),
        .mem_node = TEXT(MEM_NODE),
        .pages = TEXT(PAGES),
        .shards = TEXT(SHARDS),
        .self_test = a->request.self_test};
    a->topology = TEXT(TOPOLOGY);
    a->counters = TEXT(COUNTERS);
    a->events = TEXT(EVENTS);
    a->csv = TEXT(CSV);
    a->json = TEXT(JSON);
}

static int fill_numbers(const struct texts *texts, struct run_args *a, struct err *err)
{
    int code = TEXT(PRECISION) ? args_share("--precision", TEXT(PRECISION), &a->precision, err) : 0;
    if (!code && TEXT(MAX_TIME))
        code = args_duration_ns("--max-time", TEXT(MAX_TIME), 1e9, &a->max_time_ns, err);
    if (!code && TEXT(SEED))
        code = args_u64("--seed", TEXT(SEED), 0, INT64_MAX, &a->seed, err);
    if (!code && a->topology && !a->dry_run && !a->list)
        code = err_set(err, -EINVAL,
            "--topology: nothing can be measured on a machine that is not here; add --dry-run");
    return code;
}
#undef TEXT

int run_args_parse(int argc, char **argv, struct run_args *args)
{
    static const struct argp argp = {options, parse, NULL,
        "Measures what a layout of shared data costs on this machine: its false sharing, with an "
        "interval.\v"
        "Examples:\n"
        "  numaprobe --align 8,64 --cpus 0,1\n"
        "  numaprobe run --layout mixed,ring --place spread --csv out.csv\n"
        "  numaprobe run --events rfo,remote-fill,l3-miss\n"
        "  numaprobe run --layout ./mine.c --op add --mode latency",
        NULL, NULL, NULL};
    *args = (struct run_args){.precision = 0.01, .max_time_ns = 30e9, .seed = 1};
    struct texts texts = {.args = args};
    const int status = cmd_parse(&argp, argc, argv, &texts);
    if (status >= 0)
        return status;
    struct err err;
    fill_request(&texts, args);
    return fill_numbers(&texts, args, &err) ? cmd_fail(&err, EXIT_USAGE) : -1;
}
