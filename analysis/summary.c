/* SPDX-License-Identifier: MIT
 * The summary as a whole: its figures, its regimes, and whether they are narrow enough. */
#include "analysis/summary.h"
#include "analysis/figure.h"
#include "analysis/group.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static int compare_regime(const struct sample *a, const struct sample *b)
{
    const int run = compare_run(a, b);
    return run ? run : compare_int(a->regime, b->regime);
}

static int compare_regime_block(const struct sample *a, const struct sample *b)
{
    const int regime = compare_regime(a, b);
    return regime ? regime : compare_int(a->block, b->block);
}

/* The canary runs around a block, so all rows of a block carry the same one. */
static bool block_canary(const struct item *item, size_t rows, double *canary)
{
    bool accepted = false;
    *canary = NAN;
    for (size_t i = 0; i < rows; i++) {
        if (!item[i].accepted)
            continue;
        accepted = true;
        if (isnan(*canary))
            *canary = item[i].row->canary_ns;
    }
    return accepted;
}

static struct regime fold_regime(const struct item *item, size_t rows, double *canary)
{
    const struct sample *first = item->row;
    struct regime out = {
        .run_id = first->run_id ? first->run_id : "",
        .host = first->host ? first->host : "",
        .regime = first->regime,
    };
    size_t canaries = 0;
    for (size_t from = 0, to; from < rows; from = to) {
        to = items_end(item, from, rows, compare_regime_block);
        out.blocks += block_canary(item + from, to - from, &canary[canaries]);
        canaries += !isnan(canary[canaries]);
    }
    out.canary_ns = stats_median(canary, canaries);
    return out;
}

static bool in_regime(const struct figure *figure, const struct regime *regime)
{
    return figure->accepted > 0 && figure->regime == regime->regime &&
           compare_text(figure->run_id, regime->run_id) == 0 &&
           compare_text(figure->host, regime->host) == 0;
}

static double widest(const struct summary *summary, const struct regime *regime)
{
    double width = -1;
    for (size_t i = 0; i < summary->count; i++)
        if (in_regime(&summary->figure[i], regime))
            width = fmax(width, interval_width(summary->figure[i].ns));
    return width < 0 ? INFINITY : width;
}

static int most_blocks(const void *a, const void *b)
{
    const struct regime *x = a, *y = b;
    if (x->blocks != y->blocks)
        return x->blocks > y->blocks ? -1 : 1;
    const int run = compare_text(x->run_id, y->run_id);
    const int order = run ? run : compare_text(x->host, y->host);
    return order ? order : compare_int(x->regime, y->regime);
}

static int fold_regimes(const struct item *item, size_t rows, struct summary *out)
{
    size_t regimes = 0;
    for (size_t from = 0; from < rows; regimes++)
        from = items_end(item, from, rows, compare_regime);
    double *canary = malloc((rows + 1) * sizeof *canary);
    out->regime = calloc(regimes + 1, sizeof *out->regime);
    const bool ok = canary && out->regime;
    for (size_t from = 0, to; ok && from < rows; from = to) {
        to = items_end(item, from, rows, compare_regime);
        struct regime *regime = &out->regime[out->regimes];
        *regime = fold_regime(item + from, to - from, canary);
        regime->width = widest(out, regime);
        out->regimes += regime->blocks > 0; /* rejected blocks are of no regime */
    }
    free(canary);
    if (!ok)
        return -ENOMEM;
    qsort(out->regime, out->regimes, sizeof *out->regime, most_blocks);
    return 0;
}

int summary_build(const struct samples *samples, struct summary *out)
{
    *out = (struct summary){0};
    struct item *item;
    int failed = items_new(samples, &item);
    if (failed)
        return failed;
    items_by_figure(item, samples->count);
    failed = figures_fold(item, samples->count, out);
    items_by_regime(item, samples->count);
    if (!failed)
        failed = fold_regimes(item, samples->count, out);
    if (failed)
        summary_fini(out);
    free(item);
    return failed;
}

void summary_fini(struct summary *summary)
{
    for (size_t i = 0; i < summary->count; i++)
        free(summary->figure[i].block_ns);
    free(summary->figure);
    free(summary->regime);
    *summary = (struct summary){0};
}

bool summary_enough(
    const struct summary *summary, const char *layout, const char *op, double precision)
{
    bool found = false;
    for (size_t i = 0; i < summary->count; i++) {
        const struct figure *figure = &summary->figure[i];
        if (!in_regime(figure, &summary->regime[0]) || compare_text(figure->layout, layout) != 0 ||
            compare_text(figure->op, op) != 0)
            continue;
        found = true;
        if (!(interval_width(figure->ns) <= precision))
            return false;
        if (figure->ratio.n > 0 && !(interval_width(figure->ratio) <= precision))
            return false;
    }
    return found;
}
