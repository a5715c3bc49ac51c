/* SPDX-License-Identifier: MIT
 * numaprobe detect: runs a program built by `numaprobe cc` and reports which cache lines its
 * threads falsely share. */
#include "cli/cmd.h"

#include "analysis/report/detect_file.h"
#include "base/outfile.h"
#include "cli/detect/detect.h"
#include "cli/detect/detect_args.h"
#include "cli/signals.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct session {
    struct detect_args args;
    struct sharing_rule rule;
    char folder[4096];
    bool temporary;
    struct suppressions suppressions;
    struct outfile json;
    struct detect_records records;
    struct sharing_list list;
    struct command_end end;
    int pid;
    struct detect_prices prices;
    struct detect_view view;
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
    detect_view_fini(&s->view);
    detect_prices_fini(&s->prices);
    sharing_fini(&s->list);
    detect_records_fini(&s->records);
    suppressions_fini(&s->suppressions);
    outfile_discard(&s->json);
    if (s->temporary)
        remove_folder(s->folder);
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
                   ? err_set(err, -EEXIST,
                         "--record: '%s' contains a recording; name another folder", s->args.record)
                   : 0;
    }
    snprintf(
        path, sizeof path, "%s/numaprobe-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    if (!mkdtemp(path) || !realpath(path, s->folder))
        return err_set(err, -errno, "cannot make a folder for the recording in '%s': %s",
            temporary && *temporary ? temporary : "/tmp", strerror(errno));
    s->temporary = true;
    return 0;
}

static int prepare_session(struct session *s, struct err *err)
{
    int code = 0;
    if (s->args.suppressions)
        code = suppressions_read(s->args.suppressions, &s->suppressions, err);
    if (!code && s->args.json)
        code = outfile_open("--json", s->args.json, &s->json, err);
    s->rule = sharing_rule;
    s->rule.line_bytes = s->args.line_bytes;
    if (!code && !s->args.read)
        code = make_folder(s, err);
    return code;
}

/* What the runtime reads: runtime/schedule.c and recording.c. */
static void set_environment(const struct session *s)
{
    char how[32] = "full";
    if (!s->args.full)
        snprintf(how, sizeof how, "share=%u", s->args.percent);
    setenv("NUMAPROBE_RECORD", s->folder, 1);
    setenv("NUMAPROBE_ACCESS", how, 1);
}

/* As env and nice do: 127 not found, 126 found but not executable. */
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

static int find_sharing(struct session *s, struct err *err)
{
    int code = 0;
    for (size_t i = 0; i < s->records.count && !code; i++)
        code = sharing_find(
            &s->records.process[i].recording, s->records.process[i].dwarf, &s->rule, &s->list, err);
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
        .max_time_ns = s->args.price_time_ns,
        .stop = s->args.plain ? signals_listen() : NULL};
    return detect_prices_measure(&pricing, &s->list, &s->prices, err);
}

static int make_view(struct session *s, struct err *err)
{
    const struct detect_report report = {.records = &s->records,
        .list = &s->list,
        .suppressions = &s->suppressions,
        .rule = &s->rule,
        .prices = &s->prices,
        .command = s->args.command,
        .end = s->args.command ? &s->end : NULL,
        .pid = s->pid};
    return detect_view_fill(&report, &s->view)
               ? err_set(err, -ENOMEM, "out of memory for the report")
               : 0;
}

static int write_report(struct session *s, struct err *err)
{
    const int code = make_view(s, err);
    if (code)
        return code;
    detect_print_text(&s->view, detect_watched(&s->records), s->args.read ? stdout : stderr);
    if (!s->json.stream)
        return 0;
    return detect_file_write(&s->view, s->json.stream) == -ENOMEM
               ? err_set(err, -ENOMEM, "--json: out of memory")
               : outfile_commit(&s->json, err);
}

static int nothing_recorded(const struct session *s, struct err *err)
{
    if (s->args.read)
        err_set(err, -ENOENT, "--read: there is no recording in '%s'", s->args.read);
    else
        err_set(err, -ENOENT,
            "'%s' left no recording: it is not instrumented; rebuild it with CC=numaprobe-cc "
            "(numaprobe cc), CXX=numaprobe-c++, and run it again",
            s->args.command[0]);
    return cmd_fail(err, s->end.status ? s->end.status : EXIT_FAILED);
}

/* Of a program that failed the exit code is returned, whatever was found. */
static int status_of(const struct session *s)
{
    if (s->end.status)
        return s->end.status;
    const bool passed = detect_watched(&s->records) && detect_view_count(&s->view) == 0;
    return s->args.fail_on && !passed ? EXIT_FAILED : EXIT_DONE;
}

static int detect_session(struct session *s)
{
    struct err err;
    if (prepare_session(s, &err))
        return cmd_fail(&err, EXIT_USAGE);
    const int status = s->args.read ? -1 : run_command(s);
    if (status >= 0)
        return status;
    const char *const folder = s->args.read ? s->args.read : s->folder;
    if (detect_records_read(folder, &s->records, &err))
        return cmd_fail(&err, EXIT_FAILED);
    if (s->records.count + s->records.empty == 0)
        return nothing_recorded(s, &err);
    if (find_sharing(s, &err))
        return cmd_fail(&err, EXIT_FAILED);
    /* What was found is reported in any case. */
    const int priced = measure_prices(s, &err);
    struct err report_err;
    if (write_report(s, &report_err))
        return cmd_fail(&report_err, EXIT_FAILED);
    if (priced)
        return cmd_fail(&err, priced == -ENOMEM ? EXIT_FAILED : EXIT_USAGE);
    return s->args.read ? cmd_done(status_of(s)) : status_of(s);
}

static int run_detect(int argc, char **argv)
{
    struct session s = {0};
    int status = detect_args_parse(argc, argv, &s.args);
    if (status < 0)
        status = detect_session(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_detect = {"detect", "find false sharing in a program", run_detect};
