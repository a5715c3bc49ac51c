/* SPDX-License-Identifier: MIT
 * Options of `numaprobe matrix`: one table for argp, one that says where each text goes. */
#include "cli/matrix/matrix_args.h"

#include "base/args.h"
#include "cli/cmd.h"

#include <errno.h>

enum key {
    KEY_CPUS = 0x100,
    KEY_PROTOCOL,
    KEY_HOME,
    KEY_TOPOLOGY,
    KEY_TOLERANCE,
    KEY_PRECISION,
    KEY_MAX_TIME,
    KEY_SEED,
    KEY_CSV,
    KEY_JSON,
    KEY_TEXTS, /* those above carry a text */
    KEY_CLASSES = KEY_TEXTS,
    KEY_STRICT,
    KEY_DRY_RUN,
};

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0, "What is measured:", 1},
    {"protocol", KEY_PROTOCOL, "LIST", 0,
        "handover: one line, taken over by compare-and-swap; pingpong: two lines, a round trip; "
        "message: a line of payload and a flag, one way (default: handover)",
        1},
    {"home", KEY_HOME, "NODE", 0,
        "Whose memory holds the lines: of each pair's first or second cpu, a node number, or all "
        "nodes in turn (default: first)",
        1},
    {"classes", KEY_CLASSES, NULL, 0,
        "A few pairs of each distance that hwloc tells, instead of all pairs", 1},
    {NULL, 0, NULL, 0, "Where:", 2},
    {"cpus", KEY_CPUS, "LIST", 0, "Each pair of these cpus (default: all this process may use)", 2},
    {"topology", KEY_TOPOLOGY, "TEXT", 0,
        "Plan for this hwloc synthetic topology or XML file; with --dry-run", 2},
    {NULL, 0, NULL, 0, "How well and how long:", 3},
    {"precision", KEY_PRECISION, "SHARE", 0, "Stop when all 95% intervals are within (default: 1%)",
        3},
    {"tolerance", KEY_TOLERANCE, "SHARE", 0,
        "What pairs side by side may differ from pairs alone; beyond it a distance is measured one "
        "pair at a time (default: 10%)",
        3},
    {"max-time", KEY_MAX_TIME, "TIME", 0, "Stop at the latest after (default: 30s)", 3},
    {"seed", KEY_SEED, "N", 0, "Seed of the rounds' order and the intervals (default: 1)", 3},
    {"strict", KEY_STRICT, NULL, 0, "Placement that cannot be verified is an error", 3},
    {NULL, 0, NULL, 0, "Output:", 4},
    {"csv", KEY_CSV, "FILE", 0, "Write every batch ('numaprobe schema' tells the columns)", 4},
    {"json", KEY_JSON, "FILE", 0, "Write every pair's figure, the clusters and the warnings", 4},
    {"dry-run", KEY_DRY_RUN, NULL, 0, "Print the rounds and measure nothing", 4},
    {"quiet", 'q', NULL, 0, "No progress on stderr", 4},
    {0},
};

/* What is given as text, until all options are read. */
struct texts {
    struct matrix_args *args;
    const char *text[KEY_TEXTS - KEY_CPUS];
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct texts *texts = state->input;
    struct matrix_args *a = texts->args;
    if (key >= KEY_CPUS && key < KEY_TEXTS) {
        texts->text[key - KEY_CPUS] = arg;
        return 0;
    }
    bool *const flag = key == KEY_CLASSES   ? &a->request.classes
                       : key == KEY_STRICT  ? &a->strict
                       : key == KEY_DRY_RUN ? &a->dry_run
                       : key == 'q'         ? &a->quiet
                                            : NULL;
    if (!flag)
        return ARGP_ERR_UNKNOWN;
    *flag = true;
    return 0;
}

#define TEXT(key) texts->text[KEY_##key - KEY_CPUS]

static int fill(const struct texts *texts, struct matrix_args *a, struct err *err)
{
    a->request.cpus = TEXT(CPUS);
    a->request.protocol = TEXT(PROTOCOL);
    a->request.home = TEXT(HOME);
    a->topology = TEXT(TOPOLOGY);
    a->csv = TEXT(CSV);
    a->json = TEXT(JSON);
    int code = TEXT(PRECISION) ? args_share("--precision", TEXT(PRECISION), &a->precision, err) : 0;
    if (!code && TEXT(TOLERANCE))
        code = args_share("--tolerance", TEXT(TOLERANCE), &a->tolerance, err);
    if (!code && TEXT(MAX_TIME))
        code = args_duration_ns("--max-time", TEXT(MAX_TIME), 1e9, &a->max_time_ns, err);
    if (!code && TEXT(SEED))
        code = args_u64("--seed", TEXT(SEED), 0, INT64_MAX, &a->request.seed, err);
    if (!code && a->topology && !a->dry_run)
        code = err_set(err, -EINVAL,
            "--topology: nothing can be measured on a machine that is not here; add --dry-run");
    return code;
}
#undef TEXT

int matrix_args_parse(int argc, char **argv, struct matrix_args *args)
{
    static const struct argp argp = {options, parse, NULL,
        "Measures what it takes to hand a cache line from one cpu to another, for every pair of "
        "cpus.\v"
        "Examples:\n"
        "  numaprobe matrix\n"
        "  numaprobe matrix --protocol handover,pingpong --home all --csv matrix.csv\n"
        "  numaprobe matrix --classes --max-time 5s",
        NULL, NULL, NULL};
    *args = (struct matrix_args){
        .request.seed = 1, .precision = 0.01, .tolerance = 0.1, .max_time_ns = 30e9};
    struct texts texts = {.args = args};
    const int status = cmd_parse(&argp, argc, argv, &texts);
    if (status >= 0)
        return status;
    struct err err;
    return fill(&texts, args, &err) ? cmd_fail(&err, EXIT_USAGE) : -1;
}
