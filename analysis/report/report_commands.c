/* SPDX-License-Identifier: MIT
 * How to measure it again: command lines from the columns of the rows. */
#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"
#include "analysis/report/report_words.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The ops of a layout in a run. */
static struct words_seen list_ops(
    const struct summary *s, const struct dataset_run *run, const char *layout)
{
    struct words_seen ops = {.count = 0};
    for (size_t i = 0; i < s->count; i++)
        if (SAME_RUN(&s->estimate[i], run) && strcmp(s->estimate[i].layout, layout) == 0)
            words_add(&ops, s->estimate[i].op);
    return ops;
}

/* Estimates of two layouts are in one order. */
static bool is_same_list(const struct words_seen *a, const struct words_seen *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->word[i], b->word[i]) != 0)
            return false;
    return true;
}

/* What --layout takes for it: of one's own the file; NULL where the CSV does not name that. */
static const char *layout_word(
    const struct report *r, const struct dataset_run *run, const char *layout)
{
    for (size_t i = 0; i < run->layouts; i++)
        if (strcmp(run->layout[i].name, layout) == 0)
            return run->layout[i].file;
    return !r->has_layout || r->has_layout(layout) ? layout : NULL;
}

/* Takes those layouts out of `left` that have the ops of its first: an op that does not suit a
 * layout would be refused. Returns what --layout takes for them. */
static struct words_seen take_layouts(const struct report *r, const struct dataset_run *run,
    struct words_seen *left, struct words_seen *ops)
{
    const struct summary *const s = &r->dataset->summary;
    struct words_seen taken = {.count = 0};
    size_t kept = 0;
    *ops = list_ops(s, run, left->word[0]);
    for (size_t i = 0; i < left->count; i++) {
        const struct words_seen here = list_ops(s, run, left->word[i]);
        if (is_same_list(&here, ops))
            words_add(&taken, layout_word(r, run, left->word[i]));
        else
            left->word[kept++] = left->word[i];
    }
    left->count = kept;
    return taken;
}

static void print_settings(FILE *out, const struct dataset *d, const struct dataset_run *run)
{
    bool twins = false;
    double gap = 0;
    for (size_t i = 0; i < d->summary.count; i++) {
        const struct estimate *const f = &d->summary.estimate[i];
        if (!SAME_RUN(f, run))
            continue;
        twins |= *f->twin != '\0';
        gap = f->gap_ns > 0 ? f->gap_ns : gap;
    }
    report_print_aligns(out, &d->summary, run);
    report_print_option(out, "--cpus", run->cpus);
    report_print_option(out, "--mode", run->mode);
    if (gap > 0)
        fprintf(out, " --gap %g", gap);
    report_print_option(out, "--mem-node", run->mem_node);
    report_print_option(out, "--pages", run->pages);
    if (twins)
        fputs(" --self-test", out);
}

static bool print_run(
    FILE *out, const struct report *r, const struct dataset_run *run, struct words_seen *left)
{
    struct words_seen ops;
    if (left->count) {
        const struct words_seen layouts = take_layouts(r, run, left, &ops);
        words_print_option(out, "--layout", &layouts);
        words_print_option(out, "--op", &ops);
    }
    print_settings(out, r->dataset, run);
    return left->count > 0;
}

static bool print_matrix(
    FILE *out, const struct report *r, const struct dataset_run *run, struct words_seen *left)
{
    (void)left;
    const struct dataset *const d = r->dataset;
    struct words_seen ops = {.count = 0}, homes = {.count = 0};
    for (size_t i = 0; i < d->summary.count; i++)
        if (SAME_RUN(&d->summary.estimate[i], run)) {
            words_add(&ops, d->summary.estimate[i].op);
            words_add(&homes, d->summary.estimate[i].home);
        }
    report_print_option(out, "--cpus", run->cpus);
    words_print_option(out, "--protocol", &ops);
    report_print_option(out, "--home", homes.count > 1 ? "all" : homes.count ? homes.word[0] : "");
    return false;
}

static bool print_costs(
    FILE *out, const struct report *r, const struct dataset_run *run, struct words_seen *left)
{
    (void)r;
    (void)left;
    report_print_option(out, "--cpus", run->cpus);
    return false;
}

/* `left` has the loads. */
static bool print_maps(
    FILE *out, const struct report *r, const struct dataset_run *run, struct words_seen *left)
{
    report_print_maps_options(out, r, run, left);
    return false;
}

/* Writes the options of one command; true when the layouts left need another. */
struct instrument {
    const char *name, *command;
    bool (*put)(
        FILE *out, const struct report *r, const struct dataset_run *run, struct words_seen *left);
};
static const struct instrument instruments[] = {{"run", "run", print_run},
    {"matrix", "matrix", print_matrix}, {"memory", "matrix --memory", print_costs},
    {"costs", "costs", print_costs}, {"maps", "maps", print_maps}};

static const struct instrument *find_instrument(const struct dataset_run *run)
{
    for (size_t i = 0; i < sizeof instruments / sizeof *instruments; i++)
        if (strcmp(instruments[i].name, run->instrument) == 0)
            return &instruments[i];
    return NULL;
}

static bool is_maps(const struct dataset_run *run)
{
    return strcmp(run->instrument, "maps") == 0;
}

/* The layouts, or loads, of a run that a command can name, and those that it cannot. */
static void list_layouts(const struct report *r, const struct dataset_run *run,
    struct words_seen *known, struct words_seen *lost)
{
    const struct summary *const s = &r->dataset->summary;
    const bool maps = is_maps(run), layouts = strcmp(run->instrument, "run") == 0;
    for (size_t i = 0; i < s->count && (maps || layouts); i++) {
        const struct estimate *const f = &s->estimate[i];
        if (!SAME_RUN(f, run))
            continue;
        const char *const name = maps ? f->op : f->layout, *const word =
                                                               maps ? report_load_word(run, name)
                                                                    : layout_word(r, run, name);
        words_add(word ? known : lost, maps && word ? word : name);
    }
}

static void print_lines(
    FILE *out, const struct report *r, const struct dataset_run *run, struct words_seen *left)
{
    const struct instrument *const known = find_instrument(run);
    for (bool more = true; more;) {
        fputs("numaprobe ", out);
        if (known)
            fputs(known->command, out);
        else
            text_put_word(run->instrument, out);
        more = known && known->put(out, r, run, left);
        if (run->seed != SAMPLE_NONE)
            fprintf(out, " --seed %" PRId64, run->seed);
        fputs(more ? "\n" : "", out);
    }
}

/* A line of the page breaks before an option, never at a hyphen of one. */
static void print_pre(FILE *page, char *command)
{
    fputs("<pre>", page);
    for (char *next; *command; command = next) {
        next = strstr(command, " --");
        if (next)
            *next++ = '\0';
        else
            next = command + strlen(command);
        fputs("<span>", page);
        html_text(page, command);
        fputs(*next ? "</span> " : "</span>", page);
    }
    fputs("</pre>\n", page);
}

/* Ends the commands, a line each, that were written to `out`, and frees their text. 0 or -ENOMEM.
 */
static int end_commands(FILE *page, FILE *out, char **text)
{
    const bool failed = fclose(out) != 0;
    char *rest = *text;
    for (char *line; !failed && (line = strsep(&rest, "\n"));)
        print_pre(page, line);
    free(*text);
    return failed ? -ENOMEM : 0;
}

static int print_command(FILE *page, const struct report *r, const struct dataset_run *run)
{
    struct words_seen left = {.count = 0}, lost = {.count = 0};
    char *text = NULL, name[RUN_NAME_TEXT];
    size_t size;
    list_layouts(r, run, &left, &lost);
    html_print(page, "p", "note", "%s, on %s, by version %s:", run_name_text(r->dataset, run, name),
        run->host, run->version);
    for (size_t i = 0; i < lost.count; i++)
        html_print(page, "p", NULL,
            is_maps(run) ? "No command for load ‘%s’: the CSV does not have its mix; give that to "
                           "--mix."
                         : "No command for layout ‘%s’: it is not built in, and the CSV does not "
                           "name its file; give that to --layout.",
            lost.word[i]);
    if (lost.count && !left.count)
        return 0;
    FILE *const out = open_memstream(&text, &size);
    if (!out)
        return -ENOMEM;
    print_lines(out, r, run, &left);
    return end_commands(page, out, &text);
}

static int print_detect(FILE *page, const struct detect_view *view)
{
    const struct view_words *const words = detect_view_command(view);
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    if (!out)
        return -ENOMEM;
    if (view->mode == RECORD_WATCHED) {
        fprintf(out, "numaprobe watch --pid %" PRIu64,
            view->processes.count ? view->processes.at[0].pid : 0);
        return end_commands(page, out, &text);
    }
    fprintf(out, "numaprobe detect%s%s", view->line_bytes == 128 ? " --lines 128" : "",
        view->mode == RECORD_FULL ? " --full" : "");
    if (view->plain)
        report_print_option(out, "--plain", view->plain);
    fputs(" --", out);
    for (size_t i = 0; i < words->count; i++) {
        fputc(' ', out);
        text_put_word(words->at[i], out);
    }
    return end_commands(page, out, &text);
}

static void print_stats(FILE *out, const struct dataset *d)
{
    for (size_t i = 0; i < d->stats; i++) {
        const struct dataset_stat *const s = &d->stat[i];
        if (i > 0 && strcmp(s->command, d->stat[i - 1].command) == 0 &&
            strcmp(s->host, d->stat[i - 1].host) == 0)
            continue;
        html_print(out, "p", "note", "%s:", s->host);
        html_print(out, "pre", NULL, "numaprobe stat -- %s", s->command);
    }
}

static int print_compared(FILE *page, const struct ab_result *r)
{
    const struct ab_session *const s = r->session;
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    if (!out)
        return -ENOMEM;
    fputs("numaprobe ab", out);
    if (*s->cpus) {
        fputs(" --cpus ", out);
        text_put_word(s->cpus, out);
    }
    for (unsigned i = 0; i < s->programs; i++) {
        fprintf(out, " --%c ", 'a' + (char)i);
        text_put_word(s->command[i], out);
    }
    return end_commands(page, out, &text);
}

int report_print_commands(const struct report *report, FILE *out)
{
    const struct dataset *const d = report->dataset;
    int code = 0;
    html_print(out, "p", "lead",
        "The settings in the files, as command lines. Shards, counters, "
        "precision, the time allowed, and of maps keys, values and thinking are the defaults "
        "unless you add them. A layout, strategy or load of your own has the path that its option "
        "was given: run it in the same folder.");
    for (size_t i = 0; i < d->runs && !code; i++)
        code = print_command(out, report, &d->run[i]);
    print_stats(out, d);
    for (size_t i = 0; i < report->detected->files && !code; i++)
        code = print_detect(out, &report->detected->file[i]);
    for (size_t i = 0; i < report->compared_count && !code; i++)
        code = print_compared(out, &report->compared[i]);
    return code;
}
