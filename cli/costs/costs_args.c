/* SPDX-License-Identifier: MIT
 * Options of `numaprobe costs`: one table for argp, one that says where each text goes. */
#include "cli/costs/costs_args.h"

#include "base/args.h"
#include "cli/cmd.h"

#include <errno.h>

enum key {
    KEY_OP = 0x100,
    KEY_STATE,
    KEY_GAP,
    KEY_CPUS,
    KEY_HOME,
    KEY_TOPOLOGY,
    KEY_PRECISION,
    KEY_MAX_TIME,
    KEY_SEED,
    KEY_CSV,
    KEY_JSON,
    KEY_TEXTS, /* those above carry a text */
    KEY_STRICT = KEY_TEXTS,
    KEY_DRY_RUN,
};

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0, "What is measured:", 1},
    {"op", KEY_OP, "LIST", 0, "load, store (and drain), add, cas, swap, or none (default: all)", 1},
    {"state", KEY_STATE, "LIST", 0,
        "modified, exclusive, shared, invalid: in memory (default: all)", 1},
    {"gap", KEY_GAP, "LIST", 0,
        "Private work between two adds of the holding curve, or none (default: 0 to 640 ns)", 1},
    {NULL, 0, NULL, 0, "Where:", 2},
    {"cpus", KEY_CPUS, "LIST", 0,
        "The first requests, the others own lines and contend (default: all)", 2},
    {"home", KEY_HOME, "LIST", 0,
        "Memory local to the requester, and remote: the farthest node (default: local,remote)", 2},
    {"mem-node", KEY_HOME, "LIST", OPTION_ALIAS, NULL, 2},
    {"topology", KEY_TOPOLOGY, "TEXT", 0,
        "Plan for this hwloc synthetic topology or XML file; with --dry-run", 2},
    {NULL, 0, NULL, 0, "How well and how long:", 4},
    {"precision", KEY_PRECISION, "SHARE", 0, "Stop when all 95% intervals are within (default: 2%)",
        4},
    {"max-time", KEY_MAX_TIME, "TIME", 0, "Stop at the latest after (default: 30s)", 4},
    {"seed", KEY_SEED, "N", 0, "Seed of the trials' order and the intervals (default: 1)", 4},
    {"strict", KEY_STRICT, NULL, 0, "Placement that cannot be verified is an error", 4},
    {NULL, 0, NULL, 0, "Output:", 5},
    {"csv", KEY_CSV, "FILE", 0, "Write every sample here (default: " COSTS_FILE ")", 5},
    {"json", KEY_JSON, "FILE", 0, "Write prices and the holding curve", 5},
    {"dry-run", KEY_DRY_RUN, NULL, 0, "Print the plan and measure nothing", 5},
    {"quiet", 'q', NULL, 0, "No progress and no warnings on stderr", 5},
    {0},
};

/* What is given as text, until all options are read. */
struct texts {
    struct costs_args *args;
    const char *text[KEY_TEXTS - KEY_OP];
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct texts *texts = state->input;
    struct costs_args *a = texts->args;
    if (key >= KEY_OP && key < KEY_TEXTS) {
        texts->text[key - KEY_OP] = arg;
        return 0;
    }
    bool *const flag = key == KEY_STRICT    ? &a->strict
                       : key == KEY_DRY_RUN ? &a->dry_run
                       : key == 'q'         ? &a->quiet
                                            : NULL;
    if (!flag)
        return ARGP_ERR_UNKNOWN;
    *flag = true;
    return 0;
}

#define TEXT(key) texts->text[KEY_##key - KEY_OP]

static void fill_texts(const struct texts *texts, struct costs_args *a)
{
    a->request = (struct costs_request){.cpus = TEXT(CPUS),
        .op = TEXT(OP),
        .state = TEXT(STATE),
        .home = TEXT(HOME),
        .gap = TEXT(GAP)};
    a->topology = TEXT(TOPOLOGY);
    a->csv = TEXT(CSV);
    a->json = TEXT(JSON);
}

static int fill_numbers(const struct texts *texts, struct costs_args *a, struct err *err)
{
    int code = TEXT(PRECISION) ? args_share("--precision", TEXT(PRECISION), &a->precision, err) : 0;
    if (!code && TEXT(MAX_TIME))
        code = args_duration_ns("--max-time", TEXT(MAX_TIME), 1e9, &a->max_time_ns, err);
    if (!code && TEXT(SEED))
        code = args_u64("--seed", TEXT(SEED), 0, INT64_MAX, &a->seed, err);
    if (!code && a->topology && !a->dry_run)
        code = err_set(err, -EINVAL,
            "--topology: nothing can be measured on a machine that is not here; add --dry-run");
    return code;
}
#undef TEXT

int costs_args_parse(int argc, char **argv, struct costs_args *args)
{
    static const struct argp argp = {options, parse, NULL,
        "Measures what one op on a cache line costs, by the line's state, its owner's distance and "
        "its home memory; and how long a contended line is held.\v"
        "Examples:\n"
        "  numaprobe costs\n"
        "  numaprobe costs --op load,cas --state modified --gap none\n"
        "  numaprobe costs --op none --gap 0,100,200 --cpus 0-3",
        NULL, NULL, NULL};
    *args = (struct costs_args){.precision = 0.02, .max_time_ns = 30e9, .seed = 1};
    struct texts texts = {.args = args};
    const int status = cmd_parse(&argp, argc, argv, &texts);
    if (status >= 0)
        return status;
    struct err err;
    fill_texts(&texts, args);
    return fill_numbers(&texts, args, &err) ? cmd_fail(&err, EXIT_USAGE) : -1;
}
