/* SPDX-License-Identifier: MIT
 * Names of panels and of what they show. */
#include "analysis/charts/gnuplot.h"
#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

bool wants_log(double least, double most)
{
    static const double MOST_BY_LEAST = 10;
    return least > 0 && most > least * MOST_BY_LEAST;
}

void print_variant(FILE *out, const struct estimate *estimate)
{
    if (estimate->align_bytes == SAMPLE_NONE)
        fputs("isolated", out);
    else
        fprintf(out, "%" PRId64 " B", estimate->align_bytes);
    if (*estimate->twin)
        fputc(' ', out);
    gnuplot_text(out, estimate->twin);
}

void print_word(FILE *script, const char *text)
{
    fputc('"', script);
    gnuplot_text(script, text);
    fputc('"', script);
}

bool print_op_start(struct panel_draft *d, const struct panel_selection *pick, size_t index)
{
    const char *const op = pick->estimate[index]->op;
    if (index > 0 && order_op(pick->estimate[index - 1], pick->estimate[index]) == 0)
        return false;
    fputs(index ? "\n\n" : "", d->script);
    print_word(d->script, op);
    fputc('\n', d->script);
    fprintf(d->about, "%s%s:", index ? ". " : "", op);
    return true;
}

bool has_other_host(const struct dataset *dataset)
{
    for (size_t i = 1; i < dataset->runs; i++)
        if (compare_text(dataset->run[i].host, dataset->run[0].host))
            return true;
    return false;
}

/* Runs that could have measured the same. */
static size_t count_runs(const struct dataset *dataset, const struct dataset_run *run)
{
    size_t runs = 0;
    for (size_t i = 0; i < dataset->runs; i++)
        runs += compare_text(dataset->run[i].host, run->host) == 0 &&
                compare_text(dataset->run[i].instrument, run->instrument) == 0;
    return runs;
}

/* Whether its run has others with estimates: brief ones are only among the warnings. */
static bool has_other_regime(const struct dataset *dataset, const struct estimate *estimate)
{
    for (size_t i = 0; i < dataset->summary.regimes; i++) {
        const struct regime *const g = &dataset->summary.regime[i];
        if (SAME_RUN(g, estimate) && g->regime != estimate->regime && !regime_is_brief(dataset, g))
            return true;
    }
    return false;
}

static const char *base_name(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *run_name_text(const struct dataset *dataset, const struct dataset_run *run, char *out)
{
    const char *name = base_name(run->source);
    bool alone = *name != '\0';
    for (size_t i = 0; i < dataset->runs; i++) {
        const struct dataset_run *const other = &dataset->run[i];
        if (other == run)
            continue;
        if (compare_text(other->source, run->source) == 0)
            alone = false;
        else if (compare_text(base_name(other->source), base_name(run->source)) == 0)
            name = run->source;
    }
    if (alone)
        snprintf(out, RUN_NAME_TEXT, "%s", name);
    else
        snprintf(out, RUN_NAME_TEXT, "%.200s%s%.8s", name, *name ? " " : "", run->run_id);
    return out;
}

void print_source(FILE *out, const struct dataset *dataset, const struct estimate *f)
{
    const struct dataset_run *const run = dataset_run_of(dataset, f->run_id, f->host);
    char name[RUN_NAME_TEXT];
    if (has_other_host(dataset))
        fprintf(out, "; host %s", f->host);
    if (!run || count_runs(dataset, run) < 2)
        return;
    fprintf(out, "; %s", run_name_text(dataset, run, name));
}

void print_origin(FILE *out, const struct dataset *dataset, const struct estimate *f)
{
    print_source(out, dataset, f);
    const struct regime *const regime = summary_regime(&dataset->summary, f);
    if (regime && has_other_regime(dataset, f) && !isnan(regime->canary_ns))
        fprintf(out, "; regime %" PRId64 ", canary %.0f ns", f->regime, regime->canary_ns);
}

void print_question(FILE *out, const struct estimate *f)
{
    const char *const word[] = {f->mode, f->role, f->distance};
    bool first = true;
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (*word[i]) {
            fprintf(out, "%s%s", first ? "" : ", ", word[i]);
            first = false;
        }
    if (f->threads != SAMPLE_NONE)
        fprintf(out, "%s%" PRId64 " thread%s", first ? "" : ", ", f->threads,
            f->threads == 1 ? "" : "s");
    if (f->gap_ns > 0)
        fprintf(out, ", gap %g ns", f->gap_ns);
}

void print_setting(FILE *out, const struct dataset *dataset, const struct estimate *f)
{
    if (*f->layout)
        fprintf(out, "%s, ", f->layout);
    print_question(out, f);
    print_origin(out, dataset, f);
}
