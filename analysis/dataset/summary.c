/* SPDX-License-Identifier: MIT
 * The summary as a whole: its estimates, its regimes, and whether they are narrow enough. */
#include "analysis/dataset/summary.h"

#include "analysis/dataset/estimate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* The canary runs around a block, so that all its folds carry the same one. */
static bool block_canary(
    const struct trial_folds *p, const uint32_t *index, size_t count, double *canary)
{
    bool accepted = false;
    *canary = NAN;
    for (size_t i = 0; i < count; i++) {
        const struct trial_fold *fold = &p->fold[index[i]];
        accepted = accepted || fold->accepted;
        if (fold->accepted && isnan(*canary))
            *canary = fold->canary_ns;
    }
    return accepted;
}

static struct regime fold_regime(
    const struct trial_folds *p, const uint32_t *index, size_t count, double *canary)
{
    const struct estimate_key *name = &p->name[p->fold[*index].estimate].name;
    struct regime out = {.run_id = name->run_id, .host = name->host, .regime = name->regime};
    size_t canaries = 0;
    for (size_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && p->fold[index[to]].block == p->fold[index[from]].block)
            to++;
        out.blocks += block_canary(p, index + from, to - from, &canary[canaries]);
        canaries += !isnan(canary[canaries]);
    }
    out.canary_ns = stats_median_among(canary, canaries);
    return out;
}

static bool in_regime(const struct estimate *estimate, const struct regime *regime)
{
    return estimate->accepted > 0 && estimate->regime == regime->regime &&
           SAME_RUN(estimate, regime);
}

static double widest_width(const struct summary *summary, const struct regime *regime)
{
    double width = -1;
    for (size_t i = 0; i < summary->count; i++)
        if (in_regime(&summary->estimate[i], regime))
            width = fmax(width, interval_width(summary->estimate[i].ns));
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

/* Numbers the regimes; `first` is room for one name of each. */
static size_t number_regimes(const struct trial_folds *p, uint32_t *group, uint32_t *first)
{
    size_t regimes = 0;
    for (size_t i = 0; i < p->names; i++) {
        const struct trial_fold_key *name = &p->name[i];
        size_t g = 0;
        while (g < regimes && (p->name[first[g]].run != name->run ||
                                  p->name[first[g]].name.regime != name->name.regime))
            g++;
        if (g == regimes)
            first[regimes++] = (uint32_t)i;
        group[i] = (uint32_t)g;
    }
    return regimes;
}

static int fold_groups(const struct trial_folds *p, const struct trial_fold_order *order,
    size_t groups, struct summary *out)
{
    double *canary = malloc((p->folds + 1) * sizeof *canary);
    out->regime = calloc(groups + 1, sizeof *out->regime);
    const bool ok = canary && out->regime;
    for (size_t g = 0; ok && g < groups; g++) {
        struct regime *regime = &out->regime[out->regimes];
        *regime = fold_regime(
            p, order->index + order->start[g], order->start[g + 1] - order->start[g], canary);
        regime->width = widest_width(out, regime);
        out->regimes += regime->blocks > 0; /* rejected blocks are of no regime */
    }
    free(canary);
    if (ok)
        qsort(out->regime, out->regimes, sizeof *out->regime, most_blocks);
    return ok ? 0 : -ENOMEM;
}

static int fold_regimes(const struct trial_folds *p, struct summary *out)
{
    uint32_t *group = malloc((p->names + 1) * sizeof *group);
    uint32_t *first = malloc((p->names + 1) * sizeof *first);
    const size_t groups = group && first ? number_regimes(p, group, first) : 0;
    struct trial_fold_order order = {0};
    int failed = group && first ? trial_folds_sort(p, group, groups, &order) : -ENOMEM;
    if (!failed)
        failed = fold_groups(p, &order, groups, out);
    trial_fold_order_fini(&order);
    free(group);
    free(first);
    return failed;
}

int summary_fold(struct trial_folds *folds, struct summary *out)
{
    *out = (struct summary){0};
    if (trial_folds_close(folds) == 0 && estimates_fold(folds, out) == 0 &&
        fold_regimes(folds, out) == 0)
        return 0;
    summary_fini(out);
    return -ENOMEM;
}

/* Equal texts of a run need not share an address. */
static int add_interned(struct trial_folds *folds, struct strings *strings, struct sample row)
{
    const char **const text[] = {&row.run_id, &row.host, &row.instrument, &row.layout,
        &row.reference_for, &row.op, &row.mode, &row.state, &row.home, &row.distance, &row.role,
        &row.twin};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        *text[i] = strings_intern(strings, *text[i] ? *text[i] : "");
        if (!*text[i])
            return -ENOMEM;
    }
    return trial_folds_add(folds, &row);
}

int summary_build(const struct samples *samples, struct summary *out)
{
    struct trial_folds folds;
    struct strings *strings = strings_new();
    int failed = trial_folds_init(&folds);
    *out = (struct summary){0};
    if (!strings)
        failed = -ENOMEM;
    for (size_t i = 0; i < samples->count && !failed; i++)
        failed = add_interned(&folds, strings, samples->row[i]);
    if (!failed)
        failed = summary_fold(&folds, out);
    if (failed)
        strings_free(strings);
    else
        out->strings = strings;
    trial_folds_fini(&folds);
    return failed;
}

void summary_fini(struct summary *summary)
{
    for (size_t i = 0; i < summary->count; i++)
        free(summary->estimate[i].block_ns);
    free(summary->estimate);
    free(summary->regime);
    strings_free(summary->strings);
    *summary = (struct summary){0};
}

bool summary_enough(
    const struct summary *summary, const char *layout, const char *op, double precision)
{
    bool found = false;
    for (size_t i = 0; i < summary->count; i++) {
        const struct estimate *estimate = &summary->estimate[i];
        if (!in_regime(estimate, &summary->regime[0]) ||
            compare_text(estimate->layout, layout) != 0 || compare_text(estimate->op, op) != 0)
            continue;
        found = true;
        if (!(interval_width(estimate->ns) <= precision))
            return false;
        if (estimate->ratio.n > 0 && !(interval_width(estimate->ratio) <= precision))
            return false;
    }
    return found;
}

const struct regime *summary_regime(const struct summary *summary, const struct estimate *estimate)
{
    for (size_t i = 0; i < summary->regimes; i++)
        if (summary->regime[i].regime == estimate->regime &&
            SAME_RUN(&summary->regime[i], estimate))
            return &summary->regime[i];
    return NULL;
}

double summary_canary(const struct summary *summary, const struct estimate *estimate)
{
    const struct regime *const regime = summary_regime(summary, estimate);
    return regime ? regime->canary_ns : NAN;
}
