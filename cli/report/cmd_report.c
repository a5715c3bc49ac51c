/* SPDX-License-Identifier: MIT
 * numaprobe report: files in, a page out, or the same charts as PNG or in the terminal, or its
 * estimates as CSV. */
#include "cli/cmd.h"

#include "base/outfile.h"
#include "cli/input_file.h"
#include "cli/output_files.h"
#include "cli/report/report_charts.h"
#include "cli/report/report_csv.h"
#include "layouts/layout.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct report_args {
    const char *output, *png, *csv;
    bool term, quiet;
    char **file;
    size_t files;
};

#define ARGS struct report_args
static const struct option_row rows[] = {
    {"--output", 'o', "FILE", "Write one self-contained HTML page", NULL, OPTION_TEXT(output)},
    {"--csv", 'c', "FILE", "Write the estimates, a row for each with its interval, as CSV", NULL,
        OPTION_TEXT(csv)},
    {"--png", 0, "DIR", "Write each chart as a PNG file into this folder (made if missing)", NULL,
        OPTION_TEXT(png)},
    {"--term", 0, NULL, "Draw the charts in the terminal", NULL, OPTION_FLAG(term)},
    {"--quiet", 'q', NULL, "Print no notes, and no names of the files written", NULL,
        OPTION_FLAG(quiet)},
};

static const struct options options = {
    .arguments = "FILE...",
    .summary =
        "Shows the contents of CSV files of run, matrix, costs, maps, stat and ab, of one or many "
        "hosts, and of JSON files of detect and watch: verdicts, warnings, charts and tables. "
        "Charts "
        "need gnuplot; without it the page has the tables. A FILE or -o '-' is standard input or "
        "output.",
    .ending = "Examples:\n"
              "  numaprobe report *.csv -o report.html\n"
              "  numaprobe report run.csv --term\n"
              "  numaprobe report *.csv --csv estimates.csv\n"
              "  numaprobe report *.csv found.json --png charts",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

struct session {
    struct report_args args;
    struct dataset dataset;
    struct detect_file detected;
    struct watch_files watched;
    struct ab_sessions compared;
    struct report report;
    struct outfile page, csv;
};

static void session_close(struct session *s)
{
    outfile_discard(&s->page);
    outfile_discard(&s->csv);
    report_fini(&s->report);
    dataset_fini(&s->dataset);
    detect_file_fini(&s->detected);
    watch_files_fini(&s->watched);
    ab_sessions_fini(&s->compared);
}

static int check_args(const struct report_args *a, struct err *err)
{
    if (a->files == 0)
        return err_set(
            err, -EINVAL, "report: no file; expected: numaprobe report FILE... -o report.html");
    if (!a->output && !a->png && !a->term && !a->csv)
        return err_set(err, -EINVAL,
            "report: nowhere to write to; give it -o FILE, --csv FILE, --png DIR or --term");
    return 0;
}

/* The output would replace what it is made from. */
static int check_output(
    const struct report_args *a, const char *option, const char *path, struct err *err)
{
    struct stat output, file;
    if (!path || stat(path, &output) != 0 || !S_ISREG(output.st_mode))
        return 0;
    for (size_t i = 0; i < a->files; i++)
        if (stat(a->file[i], &file) == 0 && file.st_dev == output.st_dev &&
            file.st_ino == output.st_ino)
            return err_set(err, -EINVAL,
                "%s: '%s' is one of the files to report; name another file", option, path);
    return 0;
}

/* Whether the file is one of those before, which would count twice. */
static bool is_repeated(const struct report_args *a, size_t index)
{
    struct stat file, before;
    const bool standard = input_is_stdin(a->file[index]);
    if (!standard && stat(a->file[index], &file) != 0)
        return false;
    for (size_t i = 0; i < index; i++) {
        const bool other = input_is_stdin(a->file[i]);
        if (standard || other ? standard && other
                              : stat(a->file[i], &before) == 0 && S_ISREG(file.st_mode) &&
                                    file.st_dev == before.st_dev && file.st_ino == before.st_ino)
            return true;
    }
    return false;
}

/* As input_open, and it can be read again: of a pipe a copy. */
static FILE *open_again(const char *path)
{
    char bytes[1 << 16];
    FILE *const in = input_open(path);
    if (!in || fseek(in, 0, SEEK_CUR) == 0)
        return in;
    FILE *const copy = tmpfile();
    for (size_t size; copy && (size = fread(bytes, 1, sizeof bytes, in)) > 0;)
        fwrite(bytes, 1, size, copy);
    const bool whole = copy && !ferror(in) && fflush(copy) == 0;
    const int why = errno;
    fclose(in);
    if (whole) {
        rewind(copy);
        return copy;
    }
    if (copy)
        fclose(copy);
    errno = why;
    return NULL;
}

/* Whether the file begins so. */
static bool begins_with(FILE *in, const char *begin)
{
    char line[80];
    const bool any = fgets(line, sizeof line, in);
    rewind(in);
    return any && strncmp(line, begin, strlen(begin)) == 0;
}

/* The command of whose tables the file is one, which measure nothing; NULL for all other files. */
static const char *other_table(FILE *in)
{
    static const struct {
        const char *begin, *command;
    } others[] = {{"instrument,layout,op,align_bytes,role,mode,twin,", "compare"},
        {"cpu,core,smt,l3,", "topo"}, {"check,level,found,", "doctor"},
        {"role,here,scope,sees,", "events"}, {"column,type,unit,", "schema"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (begins_with(in, others[i].begin))
            return others[i].command;
    return NULL;
}

static int read_samples(struct session *s, FILE *in, const char *name, struct err *err)
{
    const bool json = detect_file_is_json(in);
    if (json && watch_file_is(in))
        return watch_file_read(in, name, &s->watched, err);
    if (json)
        return detect_file_read(in, name, &s->detected, err);
    if (begins_with(in, "ab_schema,session,"))
        return ab_csv_read(in, name, &s->compared, err);
    return dataset_read(in, name, &s->dataset, err);
}

static int read_file(struct session *s, size_t index, struct err *err)
{
    const char *const path = s->args.file[index], *const name = input_name(path);
    if (is_repeated(&s->args, index)) {
        if (!s->args.quiet)
            cmd_warn(stderr, "'%s' is given twice; it is read once.", name);
        return 0;
    }
    FILE *const in = open_again(path);
    if (!in)
        return err_set(err, -errno, "cannot read '%s': %s", name, strerror(errno));
    const char *const other = other_table(in);
    int code = 0;
    if (other && !s->args.quiet)
        cmd_warn(stderr, "'%s' is left out: it is a table of %s, without samples.", name, other);
    if (!other)
        code = read_samples(s, in, name, err);
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
        code = read_file(s, i, err);
    const size_t parts = s->dataset.runs + s->dataset.stats + s->detected.files + s->watched.count +
                         s->compared.count;
    if (!code && parts == 0)
        code = err_set(err, -ENODATA, "no rows in '%s'%s: nothing to report", s->args.file[0],
            s->args.files > 1 ? " and the others" : "");
    if (!code)
        code = dataset_fold(&s->dataset, err);
    ab_sessions_group(&s->compared);
    const struct report_input input = {&s->dataset, &s->detected, &s->watched, &s->compared};
    if (!code && report_init(&s->report, &input))
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

static int write_csv(struct session *s, struct err *err)
{
    if (report_csv(&s->dataset, s->csv.stream) == -ENOMEM)
        return err_set(err, -ENOMEM, "out of memory for the estimates");
    return outfile_commit(&s->csv, err);
}

static int write_all(struct session *s, struct err *err)
{
    int code = 0;
    if (s->args.output)
        code = write_page(s, err);
    if (!code && s->args.csv)
        code = write_csv(s, err);
    FILE *const out = output_text(&s->page, &s->csv);
    if (!code && (s->args.png || s->args.term) && s->report.drawings == 0)
        return err_set(err, -ENODATA, "%s: these files have nothing that a chart could show",
            s->args.png ? "--png" : "--term");
    if (!code && s->args.png)
        code = report_charts_png(&s->report, s->args.png, s->args.quiet ? NULL : out, err);
    if (!code && s->args.term)
        code = report_charts_term(&s->report, out, err);
    return code;
}

static int report_files(struct session *s)
{
    struct err err;
    if (check_args(&s->args, &err) || check_output(&s->args, "-o", s->args.output, &err) ||
        check_output(&s->args, "--csv", s->args.csv, &err))
        return cmd_fail(&err, EXIT_USAGE);
    const struct output_file outputs[] = {
        {"-o", s->args.output, &s->page}, {"--csv", s->args.csv, &s->csv}};
    const int closed = output_files_open_all(outputs, 2, &err);
    if (closed)
        return cmd_fail(&err, closed == -EINVAL ? EXIT_USAGE : EXIT_FILE);
    const int unread = read_files(s, &err);
    if (unread)
        return cmd_fail(&err, unread == -ENOMEM ? EXIT_CANNOT : EXIT_FILE);
    const int code = write_all(s, &err); /* -ENOENT: there is no gnuplot */
    if (code)
        return cmd_fail(&err, code == -ENOENT || code == -ENOMEM ? EXIT_CANNOT : EXIT_FILE);
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
    "report", "show results as one page, with charts", report_main, &options, NULL};
