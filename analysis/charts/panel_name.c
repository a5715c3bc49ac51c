/* SPDX-License-Identifier: MIT
 * Names of panels and of what they show. */
#include "analysis/charts/gnuplot.h"
#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"

#include <inttypes.h>
#include <math.h>

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

static bool has_other_host(const struct dataset *dataset)
{
    for (size_t i = 1; i < dataset->runs; i++)
        if (compare_text(dataset->run[i].host, dataset->run[0].host))
            return true;
    return false;
}

static size_t count_runs(const struct dataset *dataset, const struct estimate *estimate)
{
    size_t runs = 0;
    for (size_t i = 0; i < dataset->runs; i++)
        runs += compare_text(dataset->run[i].host, estimate->host) == 0;
    return runs;
}

static size_t count_regimes(const struct dataset *dataset, const struct estimate *estimate)
{
    size_t regimes = 0;
    for (size_t i = 0; i < dataset->summary.regimes; i++)
        regimes += SAME_RUN(&dataset->summary.regime[i], estimate);
    return regimes;
}

static void print_origin(FILE *out, const struct dataset *dataset, const struct estimate *f)
{
    if (has_other_host(dataset))
        fprintf(out, "; host %s", f->host);
    if (count_runs(dataset, f) > 1)
        fprintf(out, "; run %.8s", f->run_id);
    const struct regime *const regime = summary_regime(&dataset->summary, f);
    if (regime && count_regimes(dataset, f) > 1 && !isnan(regime->canary_ns))
        fprintf(out, "; regime %" PRId64 ", canary %.0f ns", f->regime, regime->canary_ns);
}

void print_setting(FILE *out, const struct dataset *dataset, const struct estimate *f)
{
    const char *const word[] = {f->layout, f->mode, f->role, f->distance};
    bool first = true;
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (*word[i]) {
            fprintf(out, "%s%s", first ? "" : ", ", word[i]);
            first = false;
        }
    if (f->threads != SAMPLE_NONE)
        fprintf(out, ", %" PRId64 " thread%s", f->threads, f->threads == 1 ? "" : "s");
    if (f->gap_ns > 0)
        fprintf(out, ", gap %g ns", f->gap_ns);
    print_origin(out, dataset, f);
}
