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

enum { BUDGET_TIMES = 3 };

/* How much longer a program takes, by measurement (docs/detect.md, "What it costs"): instrumented
 * but seen at no time, and seen at all times. Between them it grows with the share of time that is
 * seen. */
static const double times_unseen = 2, times_seen = 6;

static unsigned percent_of(double times)
{
    const double share = (times - times_unseen) / (times_seen - times_unseen);
    return share < 0.01 ? 1 : share > 1 ? 100 : (unsigned)lrint(100 * share);
}

static int parse_budget(
    const struct option_row *row, const char *text, void *value, struct err *err)
{
    double times;
    const char *const end = number_real(text, &times);
    if (!end || (*end && strcmp(end, "x") != 0) || times <= 1)
        return err_set(
            err, -EINVAL, "%s: expected a number above 1, as 3x, found '%s'", row->name, text);
    *(unsigned *)value = percent_of(times);
    return 0;
}

static int parse_lines(const struct option_row *row, const char *text, void *value, struct err *err)
{
    static const char *const sizes[] = {"64", "128"};
    static const unsigned bytes[] = {64, 128};
    const int index = args_choice(row->name, "size", text, sizes, 2, err);
    if (index < 0)
        return index;
    *(unsigned *)value = bytes[index];
    return 0;
}

static const char *const tables[] = {"function", "type"};

#define ARGS struct detect_args
static const struct option_row rows[] = {
    {"--full", 0, NULL, "See every access, not bursts of them", NULL, OPTION_FLAG(full)},
    {"--budget", 0, "TIMES",
        "How much longer the program may take, as 3x (default); more sees a larger share", NULL,
        parse_budget, OPTION_AT(unsigned, percent)},
    {"--record", 0, "DIR", "Keep the recordings in a new folder", NULL, OPTION_TEXT(record)},
    {"--read", 0, "DIR", "Report from such a folder; nothing is run", NULL, OPTION_TEXT(read)},
    {"--json", 'j', "FILE", "Write all findings as JSON", NULL, OPTION_TEXT(out[DETECT_JSON])},
    {"--sarif", 0, "FILE", "Write the findings as SARIF 2.1.0, as code scanning in CI reads it",
        NULL, OPTION_TEXT(out[DETECT_SARIF])},
    {"--markdown", 0, "FILE", "Write a comment for a pull request, of less than 60 lines", NULL,
        OPTION_TEXT(out[DETECT_MARKDOWN])},
    {"--by", 0, "WHAT",
        "One more table: function, which pairs of functions take lines from each other; type, what "
        "is shared of each type",
        NULL, OPTION_CHOICE(by, "table", tables, 2, BY_FUNCTION)},
    {"--quiet", 'q', NULL, "Print no report for people", NULL, OPTION_FLAG(quiet)},
    {"--fail-on", 0, "WHAT",
        "Exit 1 when some was found, or what ran was not seen: false-sharing; gain:5%, only what a "
        "fix "
        "gains at least 5% by, with --plain; each with :OBJECT, of that name or type",
        NULL, detect_gate_parse, OPTION_AT(struct detect_gate, fail_on)},
    {"--suppressions", 0, "FILE",
        "Findings to suppress: lines as object:GLOB, function:GLOB, file:GLOB, module:GLOB", NULL,
        OPTION_TEXT(suppressions)},
    {"--lines", 0, "BYTES", "64, or 128 to also report the effect of lines of 128 bytes", "64",
        parse_lines, OPTION_AT(unsigned, line_bytes)},
    {"--plain", 0, "PROGRAM",
        "The same program built without numaprobe cc: run repeatedly, its output thrown away, to "
        "price the findings; implies --full, unless --budget is given",
        NULL, OPTION_TEXT(plain)},
    {"--price-time", 0, "TIME", "Time limit of pricing (default: 20s)", NULL,
        OPTION_DURATION(price_time_ns, 1e9, 0)},
};

const struct options detect_options = {
    .arguments = "[--] COMMAND [ARGUMENT...]",
    .summary = "Runs a program built by 'numaprobe cc' and reports which cache lines its threads "
               "falsely share: the objects, fields and places in the source, and what to change. "
               "The report goes to stderr, the exit code is the program's.",
    .ending = "Examples:\n"
              "  numaprobe cc -O2 -g -pthread -o app app.c && numaprobe detect ./app\n"
              "  numaprobe detect --full --json found.json -- ./app --threads 4\n"
              "  numaprobe detect --sarif found.sarif --fail-on false-sharing ./app\n"
              "  numaprobe detect --plain ./app-plain --fail-on false-sharing ./app",
    .runs_command = true,
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

static int check_read(const struct detect_args *a, struct err *err)
{
    if (!a->read)
        return a->command ? 0
                          : err_set(err, -EINVAL,
                                "detect: no command; expected: numaprobe detect [OPTION...] -- "
                                "COMMAND");
    if (a->command)
        return err_set(
            err, -EINVAL, "--read: reports a recording and runs no command; leave the command out");
    if (a->record || a->full || a->percent)
        return err_set(err, -EINVAL, "--read: %s is for running a program; leave it out",
            a->record ? "--record"
            : a->full ? "--full"
                      : "--budget");
    return 0;
}

static int check_pricing(const struct detect_args *a, struct err *err)
{
    if (a->plain && a->read)
        return err_set(err, -EINVAL,
            "--plain: with --read no program was run to compare it with; leave one out");
    if (a->plain && strchr(a->plain, '/') && access(a->plain, X_OK) != 0)
        return err_set(err, -errno, "--plain: cannot run '%s': %s", a->plain, strerror(errno));
    if (a->price_time_ns > 0 && !a->plain)
        return err_set(err, -EINVAL, "--price-time: nothing is priced without --plain");
    if (a->fail_on.on == GATE_GAIN && !a->plain)
        return err_set(err, -EINVAL, "--fail-on: no gain is known without --plain");
    if (a->full && a->percent)
        return err_set(
            err, -EINVAL, "--full: sees every access, whatever the --budget; leave one out");
    return 0;
}

int detect_args_parse(int argc, char **argv, struct detect_args *args)
{
    struct err err;
    const int status = options_parse(&detect_options, &argc, &argv, args);
    if (status >= 0)
        return status;
    args->command = argc ? argv : NULL;
    if (check_read(args, &err) || check_pricing(args, &err))
        return cmd_fail(&err, EXIT_USAGE);
    args->full |= args->plain && !args->percent;
    if (!args->percent)
        args->percent = percent_of(BUDGET_TIMES);
    if (!(args->price_time_ns > 0))
        args->price_time_ns = 20e9;
    return -1;
}
