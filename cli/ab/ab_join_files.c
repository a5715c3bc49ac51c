/* SPDX-License-Identifier: MIT
 * Several sessions read, checked, joined and reported. */
#include "cli/ab/ab_join_files.h"

#include "cli/ab/ab_report.h"
#include "cli/cmd.h"
#include "cli/input_file.h"
#include "cli/output_files.h"

#include <errno.h>
#include <string.h>

struct joining {
    const struct ab_args *args;
    struct ab_sessions read;
    struct ab_result result;
    struct outfile csv, json;
};

static int read_file(struct joining *j, const char *path, struct err *err)
{
    FILE *const in = input_open(path);
    if (!in)
        return err_set(err, -errno, "%s: %s", input_name(path), strerror(errno));
    const int code = ab_csv_read(in, input_name(path), &j->read, err);
    fclose(in);
    return code;
}

static int read_files(struct joining *j, struct err *err)
{
    int code = 0;
    for (int i = 0; i < j->args->words && !code; i++)
        code = read_file(j, j->args->word[i], err);
    return code;
}

static int check_args(const struct ab_args *args, struct err *err)
{
    for (unsigned i = 0; i < AB_PROGRAMS; i++)
        if (args->command[i])
            return err_set(err, -EINVAL, "--sessions: runs nothing; leave --%c out", 'a' + (char)i);
    if (args->csv)
        return err_set(
            err, -EINVAL, "--csv: --sessions runs nothing; join the files by cat to have one");
    if (args->words == 0)
        return err_set(err, -EINVAL,
            "--sessions: no file; expected: numaprobe ab [OPTION...] --sessions A.csv B.csv...");
    return 0;
}

static int write_report(struct joining *j, const struct ab_report *report, struct err *err)
{
    ab_report_text(report, output_text(&j->csv, &j->json));
    const int status = cmd_done(EXIT_DONE);
    if (!j->json.stream)
        return status;
    ab_report_json(report, j->json.stream);
    return outfile_commit(&j->json, err) ? cmd_fail(err, EXIT_FILE) : status;
}

static int report(struct joining *j)
{
    struct err err;
    const struct ab_rule rule = {
        .judged = j->args->judged, .precision = j->args->precision, .gate = j->args->gate};
    if (ab_result_init(&j->result, j->read.session, j->read.count, &rule)) {
        err_set(&err, -ENOMEM, "out of memory for %zu sessions", j->read.count);
        return cmd_fail(&err, EXIT_CANNOT);
    }
    const struct ab_report view = {.result = &j->result};
    const int status = write_report(j, &view, &err);
    return status == EXIT_DONE ? ab_report_status(&view) : status;
}

static int join_files(struct joining *j)
{
    struct err err;
    if (check_args(j->args, &err))
        return cmd_fail(&err, EXIT_USAGE);
    const int opened = output_files_open(NULL, j->args->json, &j->csv, &j->json, &err);
    if (opened || read_files(j, &err))
        return cmd_fail(&err, EXIT_FILE);
    if (j->read.count < 2) {
        err_set(&err, -ENODATA,
            "--sessions: one session shows no spread between sessions; give two or more");
        return cmd_fail(&err, EXIT_UNKNOWN);
    }
    if (ab_check_sessions(j->read.session, j->read.count, &err))
        return cmd_fail(&err, EXIT_UNKNOWN);
    return report(j);
}

int ab_join_files(const struct ab_args *args)
{
    struct joining j = {.args = args};
    const int status = join_files(&j);
    ab_sessions_fini(&j.read);
    outfile_discard(&j.json);
    ab_result_fini(&j.result);
    return status;
}
