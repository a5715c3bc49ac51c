/* SPDX-License-Identifier: MIT
 * Options of `numaprobe ab`. */
#include "cli/ab/ab_args.h"

#include "cli/run/run_args.h"

#include <errno.h>
#include <string.h>

static int parse_env(const struct option_row *row, const char *text, void *value, struct err *err)
{
    struct ab_envs *const envs = value;
    if (*text == '=' || !strchr(text, '='))
        return err_set(err, -EINVAL, "%s: '%s' is not NAME=VALUE", row->name, text);
    if (envs->count == AB_ENVS)
        return err_set(err, -EINVAL, "%s: at most %d variables", row->name, AB_ENVS);
    envs->word[envs->count++] = text;
    return 0;
}

static int parse_measure(
    const struct option_row *row, const char *text, void *value, struct err *err)
{
    const enum ab_measure measure = ab_measure_find(text);
    if (measure == AB_MEASURES)
        return err_set(err, -EINVAL,
            "%s: unknown measure '%s'; wall, cpu, memory, switches, metric, or a role of "
            "'numaprobe events'",
            row->name, text);
    *(unsigned *)value = measure;
    return 0;
}

#define ARGS struct ab_args
static const struct option_row rows[] = {
    OPTION_HEADING("What is compared"),
    {"--a", 0, "CMD", "The first program, which the others are compared with", NULL,
        OPTION_TEXT(command[0])},
    {"--b", 0, "CMD", "The second program", NULL, OPTION_TEXT(command[1])},
    {"--c", 0, "CMD", "A third program", NULL, OPTION_TEXT(command[2])},
    {"--d", 0, "CMD", "A fourth program", NULL, OPTION_TEXT(command[3])},
    {"--env-a", 0, "NAME=VALUE", "A variable of a's environment; may be repeated", NULL, parse_env,
        OPTION_AT(struct ab_envs, env[0])},
    {"--env-b", 0, "NAME=VALUE", "A variable of b's environment; may be repeated", NULL, parse_env,
        OPTION_AT(struct ab_envs, env[1])},
    {"--input", 0, "FILE", "Standard input of each run (default: empty)", NULL, OPTION_TEXT(input)},
    {"--prepare", 0, "CMD", "A command of the shell before each run, which is not timed", NULL,
        OPTION_TEXT(prepare)},
    {"--same-output", 0, NULL, "Fail when the programs print different things", NULL,
        OPTION_FLAG(same_output)},
    {"--sessions", 0, NULL, "Join the CSV files of several sessions; nothing is run", NULL,
        OPTION_FLAG(sessions)},
    OPTION_HEADING("What is measured"),
    {"--events", 0, "LIST", "Count roles, as instructions,l3-miss, or events by name, in each run",
        NULL, OPTION_TEXT(events)},
    {"--judge", 0, "MEASURE",
        "wall, cpu, memory, switches, metric or a role of --events decides which is better", "wall",
        parse_measure, OPTION_AT(unsigned, judged)},
    {"--metric", 0, "REGEX",
        "A number that the programs print: the first group of this extended regular expression",
        NULL, OPTION_TEXT(metric)},
    OPTION_HEADING("Where"),
    {"--cpus", 0, "LIST", "Cpus that the programs are bound to (default: none)", NULL,
        OPTION_CPUS(cpus)},
    {"--place", 0, "NAME",
        "Bind to cpus that are chosen: compact, spread, smt, one-per-l3 or one-per-node", NULL,
        OPTION_CHOICE(placement, "placement", placement_name + PLACE_COMPACT,
            PLACEMENTS - PLACE_COMPACT, PLACE_COMPACT)},
    {"--threads", 0, "N", "How many cpus to choose (default: 2, or one per domain)", NULL,
        OPTION_COUNT(threads, 1, CPUSET_MAX)},
    {"--mem-node", 0, "NODE", "local, remote, interleave or a number", "local", run_parse_memory,
        OPTION_AT(struct memory_place, memory)},
    {"--shake", 0, NULL, "Vary the environment's length and the starts of stack and heap", NULL,
        OPTION_FLAG(shake)},
    OPTION_HEADING("How well and how long"),
    {"--precision", 0, "SHARE", "Stop when the 95% intervals of all ratios are within this share",
        "0.5%", OPTION_SHARE(precision)},
    {"--max-time", 0, "TIME", "Time limit", "60s", OPTION_DURATION(max_time_ns, 1e9, 0)},
    {"--blocks", 0, "N", "Measure this many blocks, however wide the intervals are", NULL,
        OPTION_COUNT(blocks, 1, 1 << 20)},
    {"--warmup", 0, "N", "Runs of each program before the first block", "1",
        OPTION_COUNT(warmup, 0, 1 << 20)},
    {"--seed", 0, "N", "Seed of the order of runs", "1", OPTION_COUNT(seed, 0, INT64_MAX)},
    {"--gate", 0, "SHARE",
        "Fail when a program is worse than a by more than this with confidence, as 2%", NULL,
        OPTION_SHARE(gate)},
    OPTION_HEADING("Output"),
    {"--csv", 'c', "FILE", "Write every run as CSV", NULL, OPTION_TEXT(csv)},
    {"--json", 'j', "FILE", "Write estimates and verdicts as JSON", NULL, OPTION_TEXT(json)},
    {"--dry-run", 0, NULL, "Print programs and cpus and run nothing", NULL, OPTION_FLAG(dry_run)},
    {"--quiet", 'q', NULL, "No progress on stderr", NULL, OPTION_FLAG(quiet)},
};

const struct options ab_options = {
    .arguments = "[--] [COMMAND...]",
    .summary =
        "Reports which of two to four programs is faster, by runs in random order, and whether "
        "this machine can decide it: the first program also runs under another name, the control. "
        "Programs are given by --a and --b, or as words: -- ./old 1 -- ./new 1.",
    .ending = "Examples:\n"
              "  numaprobe ab --a ./old --b ./new\n"
              "  numaprobe ab --cpus 0 --gate 2% -- ./old 1000 -- ./new 1000\n"
              "  numaprobe ab --metric 'ops/s: ([0-9.]+)' --judge metric --a ./old --b ./new\n"
              "  numaprobe ab --sessions monday.csv tuesday.csv friday.csv",
    .runs_command = true,
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};
