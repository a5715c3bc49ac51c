/* SPDX-License-Identifier: MIT
 * numaprobe report: files in, a page out, or the same charts as PNG or in the terminal, or its
 * estimates as CSV. */
#include "cli/cmd.h"

#include "cli/output_files.h"
#include "cli/report/report_cards.h"
#include "cli/report/report_charts.h"
#include "cli/report/report_csv.h"
#include "cli/report/report_hosts.h"
#include "cli/report/report_session.h"

#include <errno.h>
#include <sys/stat.h>

#define ARGS struct report_args
static const struct option_row rows[] = {
    {"--output", 'o', "FILE", "Write one self-contained HTML page", NULL, OPTION_TEXT(output)},
    {"--csv", 'c', "FILE", "Write the estimates, a row for each with its interval, as CSV", NULL,
        OPTION_TEXT(csv)},
    {"--png", 0, "DIR", "Write each chart as a PNG file into this folder (made if missing)", NULL,
        OPTION_TEXT(png)},
    {"--term", 0, NULL, "Draw the charts, and print machine cards, in the terminal", NULL,
        OPTION_FLAG(term)},
    {"--quiet", 'q', NULL, "Print no notes, and no names of the files written", NULL,
        OPTION_FLAG(quiet)},
};

static const struct options options = {
    .arguments = "FILE...",
    .summary =
        "Shows the contents of CSV files of run, matrix, costs, maps, stat and ab, of one or many "
        "hosts, of JSON files of detect and watch, and machine cards of costs, side by side: "
        "verdicts, warnings, charts and tables. Charts need gnuplot; without it the page has the "
        "tables. A FILE or -o '-' is standard input or "
        "output.",
    .ending = "Examples:\n"
              "  numaprobe report *.csv -o report.html\n"
              "  numaprobe report run.csv --term\n"
              "  numaprobe report *.csv --csv estimates.csv\n"
              "  numaprobe report *.csv found.json --png charts\n"
              "  numaprobe report old.card new.card --term",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

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

/* Without gnuplot the page is still written, with the reason why there are no charts. */
static int write_page(struct report_session *s, struct err *err)
{
    struct report *const report = s->fleet ? &s->fleet->report : &s->report;
    const int drawn = report_draw(report, &report_svg, err);
    if (drawn == -ENOMEM)
        return drawn;
    if (report_html(report, s->page.stream))
        return err_set(err, -ENOMEM, "out of memory for the report");
    return outfile_commit(&s->page, err);
}

static int write_csv(struct report_session *s, struct err *err)
{
    if (s->cards.count > 0 && !s->args.quiet)
        cmd_warn(stderr, "--csv: machine cards have no estimates of samples and are left out.");
    if (report_csv(&s->dataset, s->csv.stream) == -ENOMEM)
        return err_set(err, -ENOMEM, "out of memory for the estimates");
    return outfile_commit(&s->csv, err);
}

static int write_all(struct report_session *s, struct err *err)
{
    int code = 0;
    if (s->args.output)
        code = write_page(s, err);
    if (!code && s->args.csv)
        code = write_csv(s, err);
    FILE *const out = output_text(&s->page, &s->csv);
    if (!code && s->fleet && !s->args.quiet)
        report_hosts_print(&s->fleet->hosts, out);
    const bool has_term = s->args.term && s->cards.count > 0;
    if (!code && (s->args.png || s->args.term) && s->report.drawings == 0 && !has_term)
        return err_set(err, -ENODATA, "%s: these files have nothing that a chart could show",
            s->args.png ? "--png" : "--term");
    if (!code && s->args.png)
        code = report_charts_png(&s->report, s->args.png, s->args.quiet ? NULL : out, err);
    if (!code && s->args.term)
        code = report_charts_term(&s->report, out, err);
    if (!code && has_term && report_cards_term(&s->cards, out))
        code = err_set(err, -ENOMEM, "out of memory for the cards");
    return code;
}

static int report_files(struct report_session *s)
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
    const int unread = report_session_read(s, &err);
    if (unread)
        return cmd_fail(&err, unread == -ENOMEM ? EXIT_CANNOT : EXIT_FILE);
    const int code = write_all(s, &err); /* -ENOENT: there is no gnuplot */
    if (code)
        return cmd_fail(&err, code == -ENOENT || code == -ENOMEM ? EXIT_CANNOT : EXIT_FILE);
    if (s->fleet)
        report_hosts_warn(&s->fleet->hosts);
    return cmd_done(s->fleet && s->fleet->hosts.notes ? EXIT_FILE : EXIT_DONE);
}

static int report_main(int argc, char **argv)
{
    struct report_session s = {0};
    int status = options_parse(&options, &argc, &argv, &s.args);
    s.args.file = argv;
    s.args.files = (size_t)argc;
    if (status < 0)
        status = report_files(&s);
    report_session_close(&s);
    return status;
}

const struct cmd cmd_report = {
    "report", "show results as one page, with charts", report_main, &options, NULL};
