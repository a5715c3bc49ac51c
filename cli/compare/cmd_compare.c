/* SPDX-License-Identifier: MIT
 * numaprobe compare: two CSV files side by side, and a gate for use in CI. */
#include "cli/cmd.h"

#include "analysis/card/card_file.h"
#include "analysis/format/format.h"
#include "base/args.h"
#include "cli/compare/compare_forms.h"
#include "cli/input_file.h"
#include "cli/output_files.h"

#include <errno.h>
#include <string.h>

enum { OUT_CSV, OUT_JSON, OUT_MARKDOWN, OUT_PROMETHEUS, OUTS };
static const char *const out_options[OUTS] = {"--csv", "--json", "--markdown", "--prometheus"};

struct compare_args {
    unsigned across; /* bits of enum compare_across */
    double gate;     /* 0: there is none */
    const char *out[OUTS];
    bool quiet;
    char **file;
};

#define ARGS struct compare_args
static const struct option_row rows[] = {
    {"--across", 0, "LIST",
        "Compare although these differ: cpu (model), protocol (of the canary), distance, regime; "
        "the regimes with the most blocks are compared then",
        NULL, OPTION_CHOICES(across, "property", compare_across_names, ACROSS_COUNT)},
    {"--gate", 0, "SHARE",
        "Fail when an estimate got worse by more than this with confidence, as 5%, or cannot be "
        "judged",
        NULL, OPTION_SHARE(gate)},
    {"--csv", 'c', "FILE", "Write every ratio as CSV", NULL, OPTION_TEXT(out[OUT_CSV])},
    {"--json", 'j', "FILE", "Write every ratio as JSON", NULL, OPTION_TEXT(out[OUT_JSON])},
    {"--markdown", 0, "FILE", "Write a comment for a pull request", NULL,
        OPTION_TEXT(out[OUT_MARKDOWN])},
    {"--prometheus", 0, "FILE",
        "Write the ratios as metrics for node_exporter's textfile collector", NULL,
        OPTION_TEXT(out[OUT_PROMETHEUS])},
    {"--quiet", 'q', NULL, "Print no table, only files and the exit code", NULL,
        OPTION_FLAG(quiet)},
};

static const struct options options = {
    .arguments = "A.csv B.csv",
    .summary = "Reports how much slower B is than A, variant by variant, from the CSV files of "
               "run, matrix, costs and maps. '-' is the standard input.",
    .ending = "Examples:\n"
              "  numaprobe compare before.csv after.csv\n"
              "  numaprobe compare --gate 5% --markdown comment.md before.csv after.csv\n"
              "  ssh host cat after.csv | numaprobe compare --json - before.csv -",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

struct session {
    struct compare_args args;
    struct compare_request request;
    struct outfile out[OUTS];
    struct dataset data[2];
    struct comparison comparison;
};

static void session_close(struct session *s)
{
    comparison_fini(&s->comparison);
    for (int i = 0; i < 2; i++)
        dataset_fini(&s->data[i]);
    for (int i = 0; i < OUTS; i++)
        outfile_discard(&s->out[i]);
}

/* A result must not overwrite the files that it is computed from. */
static int check_outputs(const struct session *s, struct err *err)
{
    const char *const *out = s->args.out;
    for (int i = 0; i < OUTS; i++)
        for (int k = 0; out[i] && k < 2; k++)
            if (strcmp(out[i], s->args.file[k]) == 0 && strcmp(out[i], "-") != 0)
                return err_set(err, -EINVAL,
                    "%s: '%s' is one of the files compared; name another file", out_options[i],
                    out[i]);
    return 0;
}

static int check_args(struct session *s, int files, struct err *err)
{
    if (files < 2)
        return err_set(err, -EINVAL,
            "compare: two files are needed; expected: numaprobe compare [OPTION...] A.csv B.csv");
    if (files > 2)
        return err_set(err, -EINVAL,
            "unexpected argument '%s'; options begin with --, 'numaprobe compare --help' lists "
            "them",
            s->args.file[2]);
    if (strcmp(s->args.file[0], "-") == 0 && strcmp(s->args.file[1], "-") == 0)
        return err_set(err, -EINVAL, "compare: only one of the files can be '-'");
    s->request = (struct compare_request){.across = s->args.across,
        .threshold = s->args.gate > 0 ? 1 + s->args.gate : VERDICT_THRESHOLD};
    return check_outputs(s, err);
}

static int read_file(const char *path, struct dataset *dataset, struct err *err)
{
    FILE *const in = input_open(path);
    if (!in)
        return err_set(err, -errno, "%s: %s", input_name(path), strerror(errno));
    /* Of a pipe nothing is read to find out. */
    const bool is_card = fseek(in, 0, SEEK_CUR) == 0 && card_file_is(in);
    const int code = is_card ? err_set(err, -EINVAL,
                                   "%s: a machine card; 'numaprobe report FILE... --term' shows "
                                   "cards next to each other",
                                   input_name(path))
                             : dataset_read(in, input_name(path), dataset, err);
    fclose(in);
    /* Folded immediately, since rows take more memory than estimates. */
    return code ? code : dataset_fold(dataset, err);
}

/* 0, or the exit code with err. */
static int open_outputs(struct session *s, struct err *err)
{
    struct output_file outputs[OUTS];
    for (int i = 0; i < OUTS; i++)
        outputs[i] = (struct output_file){out_options[i], s->args.out[i], &s->out[i]};
    const int code = output_files_open_all(outputs, OUTS, err);
    return !code ? 0 : code == -EINVAL ? EXIT_USAGE : EXIT_FILE;
}

/* Where the table goes. */
static FILE *text_of(const struct session *s)
{
    for (int i = 0; i < OUTS; i++)
        if (s->out[i].is_stdout)
            return stderr;
    return stdout;
}

static int write_outputs(struct session *s, const struct compare_report *report, struct err *err)
{
    int code = 0;
    for (int i = 0; i < OUTS && !code; i++) {
        FILE *const out = s->out[i].stream;
        if (!out)
            continue;
        if (i == OUT_MARKDOWN)
            compare_print_markdown(report, out);
        else if (i == OUT_PROMETHEUS)
            compare_print_metrics(report, out);
        else if (compare_print_data(report, i == OUT_CSV ? TABLE_CSV : TABLE_JSON, out) == -ENOMEM)
            return err_set(err, -ENOMEM, "%s: out of memory", out_options[i]);
        code = outfile_commit(&s->out[i], err);
    }
    return code;
}

/* "counter add 8 B adder, 1.31× (1.28–1.35)" */
static void append_worst(const struct compare_pair *worst, char *text, size_t size)
{
    char name[COMPARE_LINE], ratio[CELL_TEXT], range[CELL_TEXT];
    compare_estimate_text(worst->a.estimate, name);
    snprintf(text, size, "%s, %s (%s)", name, ratio_text(worst->ratio.mid, ratio),
        ratio_range_text(worst->ratio, range));
}

static int judge_gate(const struct session *s, const struct compare_tally *t)
{
    struct err err;
    char worst[COMPARE_LINE + 3 * CELL_TEXT];
    if (s->args.gate == 0 || (t->worse == 0 && t->unjudged == 0))
        return EXIT_DONE;
    if (t->worse > 0) {
        append_worst(t->worst, worst, sizeof worst);
        err_set(&err, -EDOM, "--gate %g%%: %zu of %zu estimates got worse by more; the worst: %s",
            100 * s->args.gate, t->worse, s->comparison.pairs, worst);
        return cmd_fail(&err, EXIT_FOUND);
    }
    err_set(&err, -ENODATA,
        "--gate %g%%: %zu estimate%s of A cannot be judged: fewer than %d blocks, or no partner in "
        "B",
        100 * s->args.gate, t->unjudged, t->unjudged == 1 ? "" : "s", STATS_BLOCKS_MIN);
    return cmd_fail(&err, EXIT_UNKNOWN);
}

static int compare_files(struct session *s)
{
    struct err err;
    const int refused = open_outputs(s, &err);
    if (refused)
        return cmd_fail(&err, refused);
    for (int i = 0; i < 2; i++) {
        const int code = read_file(s->args.file[i], &s->data[i], &err);
        if (code)
            return cmd_fail(&err, code == -ENOMEM ? EXIT_CANNOT : EXIT_FILE);
    }
    const int code = compare_build(&s->data[0], &s->data[1], &s->request, &s->comparison, &err);
    if (code)
        return cmd_fail(&err, code == -ENOMEM ? EXIT_CANNOT : EXIT_UNKNOWN);
    const struct compare_report report = {.comparison = &s->comparison,
        .tally = compare_tally(&s->comparison),
        .threshold = s->request.threshold,
        .gate = s->args.gate};
    if (!s->args.quiet)
        compare_print_text(&report, text_of(s));
    const int status = cmd_done(EXIT_DONE);
    if (write_outputs(s, &report, &err))
        return cmd_fail(&err, EXIT_FILE);
    return status == EXIT_DONE ? judge_gate(s, &report.tally) : status;
}

static int compare_main(int argc, char **argv)
{
    struct session s = {0};
    struct err err;
    int status = options_parse(&options, &argc, &argv, &s.args);
    s.args.file = argv;
    if (status < 0)
        status = check_args(&s, argc, &err) ? cmd_fail(&err, EXIT_USAGE) : compare_files(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_compare = {
    "compare", "report what got slower between two CSV files", compare_main, &options, NULL};
