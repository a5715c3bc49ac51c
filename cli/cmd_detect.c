/* SPDX-License-Identifier: MIT
 * numaprobe detect: runs a program built by `numaprobe cc` and tells which cache lines its threads
 * falsely share. */
#include "cli/cmd.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/args.h"
#include "base/number.h"
#include "base/outfile.h"
#include "cli/detect.h"
#include "cli/stop.h"

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

struct detect_args {
    bool full;
    const char *budget, *record, *read, *json, *fail_on, *suppressions, *lines, *plain, *price_time;
    char **command;
};

static const struct argp_option options[] = {
    {"full", KEY_FULL, NULL, 0, "See every access, not bursts of them", 0},
    {"budget", KEY_BUDGET, "TIMES", 0,
        "How much longer the program may take, as 3x (default); more sees a larger share", 0},
    {"record", KEY_RECORD, "DIR", 0, "Keep what was recorded in a new folder", 0},
    {"read", KEY_READ, "DIR", 0, "Report from such a folder; nothing is run", 0},
    {"json", KEY_JSON, "FILE", 0, "Write all that was found as JSON", 0},
    {"fail-on", KEY_FAIL_ON, "WHAT", 0, "false-sharing: exit 1 when some was found", 0},
    {"suppressions", KEY_SUPPRESSIONS, "FILE", 0,
        "What not to tell: lines as object:GLOB, function:GLOB, file:GLOB, module:GLOB", 0},
    {"lines", KEY_LINES, "BYTES", 0,
        "64 (default), or 128 to also tell what such lines would bring", 0},
    {"plain", KEY_PLAIN, "PROGRAM", 0,
        "The same program built without numaprobe cc: run again and again, its output thrown away, "
        "to price what was found; implies --full",
        0},
    {"price-time", KEY_PRICE_TIME, "TIME", 0, "Stop pricing at the latest after (default: 30s)", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
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

struct session {
    struct detect_args args;
    struct sharing_rule rule;
    unsigned percent; /* of the time that is seen */
    char folder[4096];
    bool temporary;
    struct suppressions suppressions;
    struct outfile json;
    struct detect_records records;
    struct sharing_list list;
    struct command_end end;
    int pid;
    double price_time_ns;
    struct detect_prices prices;
};

static void remove_folder(const char *folder)
{
    DIR *const dir = opendir(folder);
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(folder);
}

static void session_close(struct session *s)
{
    detect_prices_fini(&s->prices);
    sharing_fini(&s->list);
    detect_records_fini(&s->records);
    suppressions_fini(&s->suppressions);
    outfile_discard(&s->json);
    if (s->temporary)
        remove_folder(s->folder);
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
        return err_set(err, -EINVAL, "--read: reports what was recorded and runs no command");
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

/* The program may change its working directory: the path has to be absolute. */
static int make_folder(struct session *s, struct err *err)
{
    const char *const temporary = getenv("TMPDIR");
    char path[4096];
    if (s->args.record) {
        if (mkdir(s->args.record, 0777) != 0 && errno != EEXIST)
            return err_set(
                err, -errno, "--record: cannot make '%s': %s", s->args.record, strerror(errno));
        if (!realpath(s->args.record, s->folder))
            return err_set(err, -errno, "--record: '%s': %s", s->args.record, strerror(errno));
        return detect_records_count(s->folder)
                   ? err_set(err, -EEXIST, "--record: '%s' holds a record; name another folder",
                         s->args.record)
                   : 0;
    }
    snprintf(
        path, sizeof path, "%s/numaprobe-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    if (!mkdtemp(path) || !realpath(path, s->folder))
        return err_set(err, -errno, "cannot make a folder for the record in '%s': %s",
            temporary && *temporary ? temporary : "/tmp", strerror(errno));
    s->temporary = true;
    return 0;
}

static int prepare(struct session *s, struct err *err)
{
    int code = check_args(&s->args, err);
    if (!code)
        code = parse_budget(s->args.budget, &s->percent, err);
    if (!code && s->args.suppressions)
        code = suppressions_read(s->args.suppressions, &s->suppressions, err);
    if (!code && s->args.json)
        code = outfile_open("--json", s->args.json, &s->json, err);
    s->price_time_ns = 30e9;
    if (!code && s->args.price_time)
        code = args_duration_ns("--price-time", s->args.price_time, 1e9, &s->price_time_ns, err);
    s->args.full |= s->args.plain != NULL;
    s->rule = sharing_rule;
    if (s->args.lines && strcmp(s->args.lines, "128") == 0)
        s->rule.line_bytes = 128;
    if (!code && !s->args.read)
        code = make_folder(s, err);
    return code;
}

/* What the runtime reads, probes/access/burst.c and record.c. */
static void set_environment(const struct session *s)
{
    char how[32] = "full";
    if (!s->args.full)
        snprintf(how, sizeof how, "share=%u", s->percent);
    setenv("NUMAPROBE_RECORD", s->folder, 1);
    setenv("NUMAPROBE_ACCESS", how, 1);
}

/* As env and nice tell it: 127 not found, 126 found but not to be run. */
static int cannot_run(int code)
{
    return code == -ENOENT ? 127 : 126;
}

/* -1: it ran; else the exit code. */
static int run_command(struct session *s)
{
    struct err err;
    struct command command;
    set_environment(s);
    if (command_hold(s->args.command, &command, &err))
        return cmd_fail(&err, EXIT_FAILED);
    s->pid = command.pid;
    const int code = command_release(&command, s->args.command[0], &err);
    if (code)
        return cmd_fail(&err, cannot_run(code));
    command_wait(&command, &s->end);
    return -1;
}

static int find(struct session *s, struct err *err)
{
    int code = 0;
    for (size_t i = 0; i < s->records.count && !code; i++)
        code = sharing_find(
            &s->records.process[i].record, s->records.process[i].dwarf, &s->rule, &s->list, err);
    if (!code)
        suppressions_apply(&s->suppressions, &s->list);
    return code;
}

static int measure_prices(struct session *s, struct err *err)
{
    const struct detect_pricing pricing = {.plain = s->args.plain,
        .command = s->args.command,
        .folder = s->folder,
        .pid = s->pid,
        .status = s->end.status,
        .max_time_ns = s->price_time_ns,
        .stop = s->args.plain ? stop_listen() : NULL};
    return detect_prices_measure(&pricing, &s->list, &s->prices, err);
}

static int write_report(struct session *s, struct err *err)
{
    const struct detect_report report = {.records = &s->records,
        .list = &s->list,
        .suppressions = &s->suppressions,
        .rule = &s->rule,
        .prices = &s->prices,
        .command = s->args.command,
        .end = s->args.command ? &s->end : NULL,
        .pid = s->pid};
    detect_put_text(&report, s->args.read ? stdout : stderr);
    if (!s->json.stream)
        return 0;
    const int code = detect_put_json(&report, s->json.stream);
    return code == -ENOMEM ? err_set(err, code, "--json: out of memory")
                           : outfile_commit(&s->json, err);
}

static int nothing_recorded(const struct session *s, struct err *err)
{
    if (s->args.read)
        err_set(err, -ENOENT, "--read: there is no record in '%s'", s->args.read);
    else
        err_set(err, -ENOENT,
            "'%s' left no record: it is not built to be watched; build it with CC=numaprobe-cc "
            "(numaprobe cc), CXX=numaprobe-c++, and run it again",
            s->args.command[0]);
    return cmd_fail(err, s->end.status ? s->end.status : EXIT_FAILED);
}

/* A program that failed is told by its own exit code, whatever was found. */
static int status_of(const struct session *s)
{
    if (s->end.status)
        return s->end.status;
    const bool passed = detect_watched(&s->records) && detect_count(&s->list) == 0;
    return s->args.fail_on && !passed ? EXIT_FAILED : EXIT_DONE;
}

static int detect(struct session *s)
{
    struct err err;
    if (prepare(s, &err))
        return cmd_fail(&err, EXIT_USAGE);
    const int status = s->args.read ? -1 : run_command(s);
    if (status >= 0)
        return status;
    const char *const folder = s->args.read ? s->args.read : s->folder;
    if (detect_records_read(folder, &s->records, &err))
        return cmd_fail(&err, EXIT_FAILED);
    if (s->records.count + s->records.empty == 0)
        return nothing_recorded(s, &err);
    if (find(s, &err))
        return cmd_fail(&err, EXIT_FAILED);
    /* What was found is told in any case. */
    const int priced = measure_prices(s, &err);
    struct err report_err;
    if (write_report(s, &report_err))
        return cmd_fail(&report_err, EXIT_FAILED);
    if (priced)
        return cmd_fail(&err, priced == -ENOMEM ? EXIT_FAILED : EXIT_USAGE);
    return s->args.read ? cmd_done(status_of(s)) : status_of(s);
}

static int run(int argc, char **argv)
{
    static const struct argp argp = {options, parse, "[--] COMMAND [ARGUMENT...]",
        "Runs a program built by 'numaprobe cc' and tells which cache lines its threads falsely "
        "share: the objects, fields and places in the source, and what to change. The report goes "
        "to stderr, the exit code is the program's.",
        NULL, NULL, NULL};
    struct session s = {0};
    int status = cmd_parse(&argp, argc, argv, &s.args);
    if (status < 0)
        status = detect(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_detect = {"detect", "find false sharing in a program", run};
