/* SPDX-License-Identifier: MIT
 * numaprobe detect: runs a program built by `numaprobe cc` and reports which cache lines its
 * threads falsely share. */
#include "cli/cmd.h"

#include "analysis/report/detect_file.h"
#include "cli/detect/detect.h"
#include "cli/output_files.h"
#include "cli/signals.h"
#include "machine/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void session_close(struct detect_session *s)
{
    detect_view_fini(&s->view);
    detect_prices_fini(&s->prices);
    sharing_fini(&s->list);
    detect_records_fini(&s->records);
    suppressions_fini(&s->suppressions);
    for (int i = 0; i < DETECT_OUTS; i++)
        outfile_discard(&s->out[i]);
    if (s->temporary)
        remove_folder(s->folder);
}

static int check_folder(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        return ENOTDIR;
    return access(path, W_OK | X_OK) == 0 ? 0 : errno;
}

/* The program may change its working directory: the path has to be absolute. */
static int keep_folder(const char *path, char *out, struct err *err)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return err_set(err, -errno, "--record: cannot make '%s': %s", path, strerror(errno));
    const int wrong = realpath(path, out) ? check_folder(out) : errno;
    if (wrong)
        return err_set(err, -wrong, "--record: '%s': %s", path, strerror(wrong));
    return detect_records_count(out)
               ? err_set(
                     err, -EEXIST, "--record: '%s' contains a recording; name another folder", path)
               : 0;
}

static int make_folder(struct detect_session *s, struct err *err)
{
    char path[sizeof s->folder];
    if (s->args.record)
        return keep_folder(s->args.record, s->folder, err);
    const int code = temporary_folder(path, sizeof path);
    if (code || !realpath(path, s->folder))
        return err_set(err, code ? code : -errno,
            "cannot make a folder for the recording in '%s': %s", temporary_place(),
            strerror(code ? -code : errno));
    s->temporary = true;
    return 0;
}

static int prepare_session(struct detect_session *s, struct err *err)
{
    int code = 0;
    if (s->args.suppressions)
        code = suppressions_read(s->args.suppressions, &s->suppressions, err);
    s->rule = sharing_rule;
    s->rule.line_bytes = s->args.line_bytes;
    if (!code && !s->args.read)
        code = make_folder(s, err);
    return code;
}

/* What the runtime reads: runtime/schedule.c and recording.c. */
static void set_environment(const struct detect_session *s)
{
    char how[32] = "full";
    if (!s->args.full)
        snprintf(how, sizeof how, "share=%u", s->args.percent);
    setenv("NUMAPROBE_RECORD", s->folder, 1);
    setenv("NUMAPROBE_ACCESS", how, 1);
}

/* As debuggers do: where a stack begins is drawn for each run, objects on it lie otherwise to their
 * lines each time, and two reports of one program would differ. What another start brings is found
 * anyway. Where it may not be asked for, as in a container, addresses are drawn. */
static int hold_at_fixed_addresses(
    struct detect_session *s, struct command *command, struct err *err)
{
    const int before = personality(0xffffffff);
    if (before >= 0)
        personality((unsigned long)before | ADDR_NO_RANDOMIZE);
    const int code = command_hold(s->args.command, command, err);
    if (before >= 0)
        personality((unsigned long)before);
    return code;
}

/* -1: it ran; else the exit code. */
static int run_command(struct detect_session *s)
{
    struct err err;
    struct command command;
    set_environment(s);
    if (hold_at_fixed_addresses(s, &command, &err))
        return cmd_fail(&err, EXIT_CANNOT);
    s->pid = command.pid;
    if (command_release(&command, s->args.command[0], &err))
        return cmd_fail_start(&err);
    command_wait(&command, &s->end);
    return -1;
}

static int find_in(struct detect_session *s, const struct detect_process *p, struct err *err)
{
    return sharing_find(&p->recording, p->dwarf, &s->rule, &s->list, err);
}

static int find_sharing(struct detect_session *s, struct err *err)
{
    int code = 0;
    for (size_t i = 0; i < s->records.count && !code; i++)
        code = find_in(s, &s->records.process[i], err);
    if (!code && s->records.joined.recording.lines)
        code = find_in(s, &s->records.joined, err);
    if (!code)
        suppressions_apply(&s->suppressions, &s->list);
    return code;
}

/* The report of a recording goes to standard output, unless a file is that. */
static FILE *text_of(const struct detect_session *s)
{
    bool taken = false;
    for (int i = 0; i < DETECT_OUTS; i++)
        taken |= s->out[i].is_stdout;
    return s->args.read && !taken ? stdout : stderr;
}

static int (*const write_outputs[DETECT_OUTS])(const struct detect_view *view, FILE *out) = {
    [DETECT_JSON] = detect_file_write,
    [DETECT_SARIF] = detect_print_sarif,
    [DETECT_MARKDOWN] = detect_print_markdown,
};

/* Standard error writes each piece on its own, and others write there, too. */
static void print_text(const struct detect_session *s)
{
    FILE *const out = text_of(s);
    if (out == stderr)
        setvbuf(stderr, NULL, _IOFBF, BUFSIZ);
    detect_print_text(s, out);
    if (out == stderr) {
        fflush(stderr);
        setvbuf(stderr, NULL, _IONBF, 0);
    }
}

static int write_report(struct detect_session *s, struct err *err)
{
    if (detect_view_fill(s))
        return err_set(err, -ENOMEM, "out of memory for the report");
    if (!s->args.quiet)
        print_text(s);
    int code = 0;
    for (int i = 0; i < DETECT_OUTS && !code; i++) {
        if (!s->out[i].stream)
            continue;
        if (write_outputs[i](&s->view, s->out[i].stream) == -ENOMEM)
            return err_set(err, -ENOMEM, "%s: out of memory", s->out[i].option);
        code = outfile_commit(&s->out[i], err);
    }
    return code;
}

static int nothing_recorded(const struct detect_session *s, struct err *err)
{
    if (s->args.read)
        err_set(err, -ENOENT, "--read: there is no recording in '%s'", s->args.read);
    else
        err_set(err, -ENOENT,
            "'%s' left no recording: it is not instrumented; rebuild it with CC=numaprobe-cc "
            "(numaprobe cc), CXX=numaprobe-c++, numaprobe go or numaprobe cargo, and run it again",
            s->args.command[0]);
    return cmd_fail(err, s->end.status ? s->end.status : EXIT_FILE);
}

/* Of a program that failed the exit code is returned, whatever was found. */
static int status_of(const struct detect_session *s)
{
    if (s->stop && *s->stop)
        return 128 + *s->stop;
    return s->end.status ? s->end.status : detect_gate_status(s);
}

static int detect_sharing(struct detect_session *s)
{
    struct err err;
    const int unprepared = prepare_session(s, &err);
    if (unprepared)
        return cmd_fail(&err, unprepared == -EEXIST ? EXIT_USAGE : EXIT_FILE);
    const int status = s->args.read ? -1 : run_command(s);
    if (status >= 0)
        return status;
    const char *const folder = s->args.read ? s->args.read : s->folder;
    if (detect_records_read(folder, &s->records, &err))
        return cmd_fail(&err, EXIT_FILE);
    if (s->records.count + s->records.empty == 0)
        return nothing_recorded(s, &err);
    if (find_sharing(s, &err))
        return cmd_fail(&err, EXIT_CANNOT);
    /* What was found is reported in any case. */
    s->stop = s->args.plain ? signals_listen() : NULL;
    const int priced = detect_prices_measure(s, &err);
    struct err report_err;
    if (write_report(s, &report_err))
        return cmd_fail(&report_err, EXIT_FILE);
    if (priced)
        return cmd_fail(&err, priced == -ENOMEM ? EXIT_CANNOT : EXIT_USAGE);
    return s->args.read ? cmd_done(status_of(s)) : status_of(s);
}

/* -1 to go on, else the exit code. */
static int open_outputs(struct detect_session *s)
{
    struct err err;
    const char *const *const path = s->args.out;
    const struct output_file outputs[DETECT_OUTS] = {
        {"--json", path[DETECT_JSON], &s->out[DETECT_JSON]},
        {"--sarif", path[DETECT_SARIF], &s->out[DETECT_SARIF]},
        {"--markdown", path[DETECT_MARKDOWN], &s->out[DETECT_MARKDOWN]},
    };
    const int code = output_files_open_all(outputs, DETECT_OUTS, &err);
    return code ? cmd_fail(&err, code == -EINVAL ? EXIT_USAGE : EXIT_FILE) : -1;
}

static int detect_main(int argc, char **argv)
{
    struct detect_session s = {0};
    int status = detect_args_parse(argc, argv, &s.args);
    if (status < 0)
        status = open_outputs(&s);
    if (status < 0)
        status = detect_sharing(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_detect = {
    "detect", "find false sharing in a program", detect_main, &detect_options, NULL};
