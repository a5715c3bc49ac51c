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

static int compare_regime(const struct regime *a, const struct regime *b)
{
    const int run = compare_text(a->run_id, b->run_id);
    const int order = run ? run : compare_text(a->host, b->host);
    return order ? order : compare_int(a->regime, b->regime);
}

static int by_regime(const void *a, const void *b)
{
    return compare_regime(a, b);
}

static int by_pointer(const void *a, const void *b)
{
    return compare_regime(*(const struct regime *const *)a, *(const struct regime *const *)b);
}

static struct regime regime_of(const struct estimate *estimate)
{
    return (struct regime){
        .run_id = estimate->run_id, .host = estimate->host, .regime = estimate->regime};
}

/* The regimes are in the order of by_regime. */
static void widen_regimes(struct summary *summary)
{
    for (size_t i = 0; i < summary->regimes; i++)
        summary->regime[i].width = -1;
    for (size_t i = 0; i < summary->count; i++) {
        const struct estimate *const e = &summary->estimate[i];
        const struct regime key = regime_of(e);
        struct regime *const r =
            bsearch(&key, summary->regime, summary->regimes, sizeof key, by_regime);
        if (r && e->accepted > 0)
            r->width = fmax(r->width, interval_width(e->ns));
    }
    for (size_t i = 0; i < summary->regimes; i++)
        if (summary->regime[i].width < 0)
            summary->regime[i].width = INFINITY;
}

static int most_blocks(const void *a, const void *b)
{
    const struct regime *x = a, *y = b;
    if (x->blocks != y->blocks)
        return x->blocks > y->blocks ? -1 : 1;
    return compare_regime(x, y);
}

/* The regime of a name. */
struct name_regime {
    uint32_t name, run;
    int64_t regime;
};

static int by_run(const void *a, const void *b)
{
    const struct name_regime *x = a, *y = b;
    return x->run != y->run ? compare_int(x->run, y->run) : compare_int(x->regime, y->regime);
}

/* Numbers the regimes of all names; `sorted` is room for one of each. */
static size_t number_regimes(
    const struct trial_folds *p, uint32_t *group, struct name_regime *sorted)
{
    size_t regimes = 0;
    for (uint32_t i = 0; i < p->names; i++)
        sorted[i] = (struct name_regime){i, p->name[i].run, p->name[i].name.regime};
    qsort(sorted, p->names, sizeof *sorted, by_run);
    for (size_t i = 0; i < p->names; i++) {
        regimes += i == 0 || by_run(&sorted[i - 1], &sorted[i]) != 0;
        group[sorted[i].name] = (uint32_t)regimes - 1;
    }
    return regimes;
}

static void fill_regimes(const struct trial_folds *p, const struct trial_fold_order *order,
    size_t groups, double *canary, struct summary *out)
{
    for (size_t g = 0; g < groups; g++) {
        struct regime *regime = &out->regime[out->regimes];
        *regime = fold_regime(
            p, order->index + order->start[g], order->start[g + 1] - order->start[g], canary);
        out->regimes += regime->blocks > 0; /* rejected blocks are of no regime */
    }
    qsort(out->regime, out->regimes, sizeof *out->regime, by_regime);
    widen_regimes(out);
    qsort(out->regime, out->regimes, sizeof *out->regime, most_blocks);
    for (size_t i = 0; i < out->regimes; i++)
        out->by_name[i] = &out->regime[i];
    qsort(out->by_name, out->regimes, sizeof *out->by_name, by_pointer);
}

static int fold_groups(const struct trial_folds *p, const struct trial_fold_order *order,
    size_t groups, struct summary *out)
{
    double *canary = malloc((p->folds + 1) * sizeof *canary);
    out->regime = calloc(groups + 1, sizeof *out->regime);
    out->by_name = calloc(groups + 1, sizeof *out->by_name);
    const bool ok = canary && out->regime && out->by_name;
    if (ok)
        fill_regimes(p, order, groups, canary, out);
    free(canary);
    return ok ? 0 : -ENOMEM;
}

static int fold_regimes(const struct trial_folds *p, struct summary *out)
{
    uint32_t *group = malloc((p->names + 1) * sizeof *group);
    struct name_regime *sorted = malloc((p->names + 1) * sizeof *sorted);
    const size_t groups = group && sorted ? number_regimes(p, group, sorted) : 0;
    struct trial_fold_order order = {0};
    int failed = group && sorted ? trial_folds_sort(p, group, groups, &order) : -ENOMEM;
    if (!failed)
        failed = fold_groups(p, &order, groups, out);
    trial_fold_order_fini(&order);
    free(group);
    free(sorted);
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
    for (size_t i = 0; i < summary->count; i++) {
        free(summary->estimate[i].block_ns);
        free(summary->estimate[i].block_place);
        free(summary->estimate[i].block);
    }
    free(summary->estimate);
    free(summary->regime);
    free(summary->by_name);
    strings_free(summary->strings);
    *summary = (struct summary){0};
}

bool summary_enough(
    const struct summary *summary, const char *layout, const char *op, double precision)
{
    bool found = false;
    for (size_t i = 0; i < summary->count; i++) {
        const struct estimate *estimate = &summary->estimate[i];
        const struct regime regime = regime_of(estimate);
        if (estimate->accepted == 0 || compare_regime(&regime, &summary->regime[0]) != 0 ||
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
    const struct regime key = regime_of(estimate), *const wanted = &key;
    const struct regime *const *const found =
        bsearch(&wanted, summary->by_name, summary->regimes, sizeof *summary->by_name, by_pointer);
    return found ? *found : NULL;
}

double summary_canary(const struct summary *summary, const struct estimate *estimate)
{
    const struct regime *const regime = summary_regime(summary, estimate);
    return regime ? regime->canary_ns : NAN;
}
