/* SPDX-License-Identifier: MIT
 * Options of `numaprobe detect`, and which exclude each other. */
#include "cli/detect/detect_args.h"

#include "base/args.h"
#include "base/number.h"
#include "cli/cmd.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_FULL = 0x100,
    KEY_BUDGET,
    KEY_RECORD,
    KEY_READ,
    KEY_JSON,
    KEY_FAIL_ON,
    KEY_SUPPRESSIONS,
    KEY_LINES,
    KEY_PLAIN,
    KEY_PRICE_TIME
};

static const struct argp_option options[] = {
    {"full", KEY_FULL, NULL, 0, "Watch every access instead of bursts", 0},
    {"budget", KEY_BUDGET, "TIMES", 0,
        "How much longer the program may take (default: 3x); more time watches a larger share", 0},
    {"record", KEY_RECORD, "DIR", 0, "Keep the recording in a new folder", 0},
    {"read", KEY_READ, "DIR", 0, "Report from such a folder; run nothing", 0},
    {"json", KEY_JSON, "FILE", 0, "Write everything that was found as JSON", 0},
    {"fail-on", KEY_FAIL_ON, "WHAT", 0, "false-sharing: exit 1 when any was found", 0},
    {"suppressions", KEY_SUPPRESSIONS, "FILE", 0,
        "Findings to suppress: lines as object:GLOB, function:GLOB, file:GLOB, module:GLOB", 0},
    {"lines", KEY_LINES, "BYTES", 0,
        "64 (default), or 128 to also report what such lines would share", 0},
    {"plain", KEY_PLAIN, "PROGRAM", 0,
        "The same program built without numaprobe cc, which is run repeatedly, its output "
        "discarded, "
        "to price what was found; implies --full",
        0},
    {"price-time", KEY_PRICE_TIME, "TIME", 0, "Time limit for pricing (default: 30s)", 0},
    {0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct detect_args *a = state->input;
    const char **const text = key == KEY_BUDGET         ? &a->budget
                              : key == KEY_RECORD       ? &a->record
                              : key == KEY_READ         ? &a->read
                              : key == KEY_JSON         ? &a->json
                              : key == KEY_FAIL_ON      ? &a->fail_on
                              : key == KEY_SUPPRESSIONS ? &a->suppressions
                              : key == KEY_LINES        ? &a->lines
                              : key == KEY_PLAIN        ? &a->plain
                              : key == KEY_PRICE_TIME   ? &a->price_time
                                                        : NULL;
    if (text)
        *text = arg;
    else if (key == KEY_FULL)
        a->full = true;
    else if (key == ARGP_KEY_ARGS)
        a->command = state->argv + state->next;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* What a program takes longer, by measurement (docs/detect.md, "What it costs"): built so but seen
 * at no time, and seen at all times. Between them it grows with the share of time that is seen. */
static const double times_unseen = 2, times_seen = 6;

static int parse_budget(const char *text, unsigned *percent, struct err *err)
{
    double times = 3;
    const char *const end = text ? number_real(text, &times) : "";
    if (!end || (*end && strcmp(end, "x") != 0) || times <= 1)
        return err_set(
            err, -EINVAL, "--budget: expected a number above 1, as 3x, found '%s'", text);
    const double share = (times - times_unseen) / (times_seen - times_unseen);
    *percent = share < 0.01 ? 1 : share > 1 ? 100 : (unsigned)lrint(100 * share);
    return 0;
}

static int check_args(const struct detect_args *a, struct err *err)
{
    static const char *const known[] = {"false-sharing"}, *const sizes[] = {"64", "128"};
    if (!a->command && !a->read)
        return err_set(
            err, -EINVAL, "detect: no command; expected: numaprobe detect [OPTION...] -- COMMAND");
    if (a->command && a->read)
        return err_set(
            err, -EINVAL, "--read: reports a recording and runs no command; leave the command out");
    if (a->read && (a->record || a->full || a->budget))
        return err_set(err, -EINVAL, "--read: %s is for running a program; leave it out",
            a->record ? "--record"
            : a->full ? "--full"
                      : "--budget");
    if (a->plain && (a->budget || a->read))
        return err_set(err, -EINVAL,
            "--plain: %s leaves open how often what was seen happens; leave one out",
            a->budget ? "--budget" : "--read");
    if (a->plain && strchr(a->plain, '/') && access(a->plain, X_OK) != 0)
        return err_set(err, -errno, "--plain: cannot run '%s': %s", a->plain, strerror(errno));
    if (a->price_time && !a->plain)
        return err_set(err, -EINVAL, "--price-time: nothing is priced without --plain");
    if (a->full && a->budget)
        return err_set(
            err, -EINVAL, "--full: sees every access, whatever the --budget; leave one out");
    if (a->fail_on && args_choice("--fail-on", "finding", a->fail_on, known, 1, err) < 0)
        return -EINVAL;
    return a->lines && args_choice("--lines", "size", a->lines, sizes, 2, err) < 0 ? -EINVAL : 0;
}

static int read_texts(struct detect_args *a, struct err *err)
{
    int code = check_args(a, err);
    if (!code)
        code = parse_budget(a->budget, &a->percent, err);
    a->price_time_ns = 30e9;
    if (!code && a->price_time)
        code = args_duration_ns("--price-time", a->price_time, 1e9, &a->price_time_ns, err);
    a->full |= a->plain != NULL;
    a->line_bytes = a->lines && strcmp(a->lines, "128") == 0 ? 128 : 64;
    return code;
}

int detect_args_parse(int argc, char **argv, struct detect_args *args)
{
    static const struct argp argp = {options, parse_option, "[--] COMMAND [ARGUMENT...]",
        "Runs a program built by 'numaprobe cc' and reports which cache lines its threads falsely "
        "share: the objects, fields and places in the source, and what to change. The report goes "
        "to stderr, the exit code is the program's.",
        NULL, NULL, NULL};
    struct err err;
    const int status = cmd_parse(&argp, argc, argv, args);
    if (status >= 0)
        return status;
    return read_texts(args, &err) ? cmd_fail(&err, EXIT_USAGE) : -1;
}
