/* SPDX-License-Identifier: MIT
 * numaprobe compare: two CSV files side by side, and a gate for use in CI. */
#include "cli/cmd.h"

#include "analysis/format/format.h"
#include "base/args.h"
#include "base/outfile.h"
#include "cli/compare/compare_forms.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_ACROSS = 0x100, KEY_GATE, KEY_CSV, KEY_JSON, KEY_MARKDOWN };

enum { OUT_CSV, OUT_JSON, OUT_MARKDOWN, OUTS };
static const char *const out_options[OUTS] = {"--csv", "--json", "--markdown"};

struct compare_args {
    const char *across, *gate, *out[OUTS], *file[2];
    size_t files;
};

static const struct argp_option options[] = {
    {"across", KEY_ACROSS, "LIST", 0,
        "Compare although these differ: cpu (model), protocol (of the canary), distance, regime; "
        "the regimes with the most blocks are taken then",
        0},
    {"gate", KEY_GATE, "SHARE", 0,
        "Fail when a figure got worse by more than this with confidence, as 5%, or cannot be "
        "judged",
        0},
    {"csv", KEY_CSV, "FILE", 0, "Write every ratio as CSV", 0},
    {"json", KEY_JSON, "FILE", 0, "Write every ratio as JSON", 0},
    {"markdown", KEY_MARKDOWN, "FILE", 0, "Write a comment for a pull request", 0},
    {0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct compare_args *a = state->input;
    const char **const text = key == KEY_ACROSS     ? &a->across
                              : key == KEY_GATE     ? &a->gate
                              : key == KEY_CSV      ? &a->out[OUT_CSV]
                              : key == KEY_JSON     ? &a->out[OUT_JSON]
                              : key == KEY_MARKDOWN ? &a->out[OUT_MARKDOWN]
                                                    : NULL;
    if (text)
        *text = arg;
    else if (key == ARGP_KEY_ARG && a->files < 2)
        a->file[a->files++] = arg;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

struct session {
    struct compare_args args;
    struct compare_request request;
    double gate;
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

static int parse_across(struct session *s, struct err *err)
{
    struct words words;
    if (!s->args.across)
        return 0;
    int code = args_words("--across", s->args.across, &words, err);
    for (size_t i = 0; !code && i < words.count; i++) {
        const int what = args_choice(
            "--across", "property", words.word[i], compare_across_names, ACROSS_COUNT, err);
        code = what < 0 ? what : 0;
        s->request.across |= what < 0 ? 0 : 1u << what;
    }
    words_fini(&words);
    return code;
}

/* A result written over the figures it came from would be the end of them. */
static int check_outputs(const struct session *s, struct err *err)
{
    const char *const *out = s->args.out, *const *file = s->args.file;
    for (int i = 0; i < OUTS; i++)
        for (int k = 0; out[i] && k < OUTS + 2; k++) {
            const char *const other = k < OUTS ? (k < i ? out[k] : NULL) : file[k - OUTS];
            if (other && strcmp(out[i], other) == 0)
                return err_set(err, -EINVAL, "%s: '%s' is %s; name another file", out_options[i],
                    other, k < OUTS ? "written already" : "one of the files compared");
        }
    return 0;
}

static int check_args(struct session *s, struct err *err)
{
    const struct compare_args *a = &s->args;
    s->request.threshold = VERDICT_THRESHOLD;
    if (a->files < 2)
        return err_set(err, -EINVAL,
            "compare: two files are needed; expected: numaprobe compare [OPTION...] A.csv B.csv");
    if (strcmp(a->file[0], "-") == 0 && strcmp(a->file[1], "-") == 0)
        return err_set(err, -EINVAL, "compare: only one of the files can be '-'");
    int code = parse_across(s, err);
    if (!code && a->gate)
        code = args_share("--gate", a->gate, &s->gate, err);
    if (!code && a->gate)
        s->request.threshold = 1 + s->gate;
    return code ? code : check_outputs(s, err);
}

static int read_file(const char *path, struct dataset *dataset, struct err *err)
{
    const bool standard = strcmp(path, "-") == 0;
    FILE *const in = standard ? stdin : fopen(path, "r");
    if (!in)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    int code = dataset_read(in, standard ? "stdin" : path, dataset, err);
    if (!standard)
        fclose(in);
    /* At once, since rows take more memory than figures. */
    return code ? code : dataset_fold(dataset, err);
}

static int open_outputs(struct session *s, struct err *err)
{
    int code = 0;
    for (int i = 0; i < OUTS && !code; i++)
        if (s->args.out[i])
            code = outfile_open(out_options[i], s->args.out[i], &s->out[i], err);
    return code;
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
        else if (compare_print_data(report, i == OUT_CSV ? TABLE_CSV : TABLE_JSON, out) == -ENOMEM)
            return err_set(err, -ENOMEM, "%s: out of memory", out_options[i]);
        code = outfile_commit(&s->out[i], err);
    }
    return code;
}

/* "counter add 8 B adder, 1.31× (1.28–1.35)" */
static void append_worst(const struct compare_pair *worst, char *text, size_t size)
{
    const struct estimate *f = worst->a.figure;
    char variant[COMPARE_TEXT], ratio[CELL_TEXT], range[CELL_TEXT];
    compare_variant_text(f, variant);
    snprintf(text, size, "%s %s %s %s, %s (%s)", f->layout, f->op, variant, f->role,
        ratio_text(worst->ratio.mid, ratio), ratio_range_text(worst->ratio, range));
}

static int judge_gate(const struct session *s, const struct compare_tally *t)
{
    struct err err;
    char worst[2 * COMPARE_TEXT];
    if (!s->args.gate || (t->worse == 0 && t->unjudged == 0))
        return EXIT_DONE;
    if (t->worse > 0) {
        append_worst(t->worst, worst, sizeof worst);
        err_set(&err, -EDOM, "--gate %s: %zu of %zu figures got worse by more; the worst: %s",
            s->args.gate, t->worse, s->comparison.pairs, worst);
    } else {
        err_set(&err, -ENODATA,
            "--gate %s: %zu figure%s of A cannot be judged: fewer than %d blocks, or no partner in "
            "B",
            s->args.gate, t->unjudged, t->unjudged == 1 ? "" : "s", STATS_BLOCKS_MIN);
    }
    return cmd_fail(&err, EXIT_FAILED);
}

static int run_compare(struct session *s)
{
    struct err err;
    int code = open_outputs(s, &err);
    if (code)
        return cmd_fail(&err, EXIT_USAGE);
    for (int i = 0; i < 2 && !code; i++)
        code = read_file(s->args.file[i], &s->data[i], &err);
    if (!code)
        code = compare_build(&s->data[0], &s->data[1], &s->request, &s->comparison, &err);
    if (code)
        return cmd_fail(&err, EXIT_FAILED);
    const struct compare_report report = {.comparison = &s->comparison,
        .tally = compare_tally(&s->comparison),
        .threshold = s->request.threshold,
        .gate = s->gate};
    compare_print_text(&report, stdout);
    const int status = cmd_done(EXIT_DONE);
    if (write_outputs(s, &report, &err))
        return cmd_fail(&err, EXIT_FAILED);
    return status == EXIT_DONE ? judge_gate(s, &report.tally) : status;
}

static int run_cmd(int argc, char **argv)
{
    static const struct argp argp = {options, parse_option, "A.csv B.csv",
        "Says how much slower B is than A, variant by variant, from the CSV files of run, matrix "
        "and costs. '-' is the standard input.",
        NULL, NULL, NULL};
    struct session s = {0};
    struct err err;
    int status = cmd_parse(&argp, argc, argv, &s.args);
    if (status < 0)
        status = check_args(&s, &err) ? cmd_fail(&err, EXIT_USAGE) : run_compare(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_compare = {"compare", "say what got slower between two CSV files", run_cmd};
