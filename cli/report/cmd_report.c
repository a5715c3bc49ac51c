/* SPDX-License-Identifier: MIT
 * numaprobe report: files in, a page out, or the same charts as PNG or in the terminal. */
#include "cli/cmd.h"

#include "base/outfile.h"
#include "cli/report/report_charts.h"
#include "layouts/layout.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct report_args {
    const char *output, *png;
    bool term;
    char **file;
    size_t files;
};

#define ARGS struct report_args
static const struct option_row rows[] = {
    {"--output", 'o', "FILE", "Write one self-contained HTML page", NULL, OPTION_TEXT(output)},
    {"--png", 0, "DIR", "Write each chart as a PNG file into this folder (made if missing)", NULL,
        OPTION_TEXT(png)},
    {"--term", 0, NULL, "Draw the charts in the terminal", NULL, OPTION_FLAG(term)},
};

static const struct options options = {
    .arguments = "FILE...",
    .summary = "Shows the contents of CSV files of run, matrix, costs and stat, of one or many "
               "hosts, and of JSON files of detect: verdicts, warnings, charts and tables. Charts "
               "need gnuplot; without it the page has the tables.",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

struct session {
    struct report_args args;
    struct dataset dataset;
    struct detect_file detected;
    struct report report;
    struct outfile page;
};

static void session_close(struct session *s)
{
    outfile_discard(&s->page);
    report_fini(&s->report);
    dataset_fini(&s->dataset);
    detect_file_fini(&s->detected);
}

static int check_args(const struct report_args *a, struct err *err)
{
    if (a->files == 0)
        return err_set(
            err, -EINVAL, "report: no file; expected: numaprobe report FILE... -o report.html");
    if (!a->output && !a->png && !a->term)
        return err_set(
            err, -EINVAL, "report: nowhere to write to; give it -o FILE, --png DIR or --term");
    return 0;
}

/* The page would replace what it is made from. */
static int check_output(const struct report_args *a, struct err *err)
{
    struct stat page, file;
    if (!a->output || stat(a->output, &page) != 0 || !S_ISREG(page.st_mode))
        return 0;
    for (size_t i = 0; i < a->files; i++)
        if (stat(a->file[i], &file) == 0 && file.st_dev == page.st_dev &&
            file.st_ino == page.st_ino)
            return err_set(err, -EINVAL,
                "-o: '%s' is one of the files to report; name another file", a->output);
    return 0;
}

static int read_file(struct session *s, const char *path, struct err *err)
{
    FILE *const in = fopen(path, "re");
    if (!in)
        return err_set(err, -errno, "cannot read '%s': %s", path, strerror(errno));
    const int code = detect_file_is_json(in) ? detect_file_read(in, path, &s->detected, err)
                                             : dataset_read(in, path, &s->dataset, err);
    fclose(in);
    return code;
}

static bool has_layout(const char *name)
{
    for (size_t i = 0; i < layout_count; i++)
        if (strcmp(layout_table[i]->name, name) == 0)
            return true;
    return false;
}

static int read_files(struct session *s, struct err *err)
{
    int code = 0;
    for (size_t i = 0; i < s->args.files && !code; i++)
        code = read_file(s, s->args.file[i], err);
    if (!code && s->dataset.runs == 0 && s->dataset.stats == 0 && s->detected.files == 0)
        code = err_set(err, -ENODATA, "no rows in '%s'%s: nothing to report", s->args.file[0],
            s->args.files > 1 ? " and the others" : "");
    if (!code)
        code = dataset_fold(&s->dataset, err);
    if (!code && report_init(&s->report, &s->dataset, &s->detected))
        code = err_set(err, -ENOMEM, "out of memory for the report");
    s->report.has_layout = has_layout;
    return code;
}

/* Without gnuplot the page is still written, with the reason why there are no charts. */
static int write_page(struct session *s, struct err *err)
{
    const int drawn = report_draw(&s->report, &report_svg, err);
    if (drawn == -ENOMEM)
        return drawn;
    if (report_html(&s->report, s->page.stream))
        return err_set(err, -ENOMEM, "out of memory for the report");
    return outfile_commit(&s->page, err);
}

static int write_all(struct session *s, struct err *err)
{
    int code = 0;
    if (s->args.output)
        code = write_page(s, err);
    if (!code && s->args.png)
        code = report_charts_png(&s->report, s->args.png, stdout, err);
    if (!code && s->args.term)
        code = report_charts_term(&s->report, stdout, err);
    return code;
}

static int report_files(struct session *s)
{
    struct err err;
    if (check_args(&s->args, &err) || check_output(&s->args, &err))
        return cmd_fail(&err, EXIT_USAGE);
    if (s->args.output && outfile_open("-o", s->args.output, &s->page, &err))
        return cmd_fail(&err, EXIT_USAGE);
    if (read_files(s, &err))
        return cmd_fail(&err, EXIT_FAILED);
    const int code = write_all(s, &err);
    if (code)
        return cmd_fail(&err, code == -ENOENT ? EXIT_CANNOT : EXIT_FAILED);
    return cmd_done(EXIT_DONE);
}

static int report_main(int argc, char **argv)
{
    struct session s = {0};
    int status = options_parse(&options, &argc, &argv, &s.args);
    s.args.file = argv;
    s.args.files = (size_t)argc;
    if (status < 0)
        status = report_files(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_report = {
    "report", "show results as one page, with charts", report_main, &options};
