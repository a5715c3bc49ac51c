/* SPDX-License-Identifier: MIT
 * Picks and orders estimates for panels. */
#include "analysis/charts/panel_select.h"

#include "analysis/dataset/cell_compare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Regimes are sorted by their blocks, so the first of a run is its largest. */
bool regime_is_brief(const struct dataset *dataset, const struct regime *regime)
{
    if (regime->blocks >= STATS_BLOCKS_MIN)
        return false;
    for (const struct regime *r = dataset->summary.regime; r < regime; r++)
        if (SAME_RUN(r, regime))
            return true;
    return false;
}

bool pick_run(const struct dataset *dataset, const struct estimate *estimate)
{
    if (estimate->accepted == 0 || estimate->ns.n == 0 ||
        (estimate->instrument[0] && strcmp(estimate->instrument, "run") != 0))
        return false;
    const struct regime *const regime = summary_regime(&dataset->summary, estimate);
    return regime && !regime_is_brief(dataset, regime);
}

int order_variant(const struct estimate *a, const struct estimate *b)
{
    const int order = compare_int(a->align_bytes, b->align_bytes);
    return order ? order : compare_text(a->twin, b->twin);
}

int order_op(const struct estimate *a, const struct estimate *b)
{
    return compare_text(a->op, b->op);
}

int order_origin(const struct estimate *a, const struct estimate *b)
{
    const int host = compare_text(a->host, b->host);
    const int run = host ? host : compare_text(a->run_id, b->run_id);
    return run ? run : compare_int(a->regime, b->regime);
}

int order_kind(const struct estimate *a, const struct estimate *b)
{
    const char *const text[][2] = {
        {a->layout, b->layout}, {a->mode, b->mode}, {a->role, b->role}, {a->distance, b->distance}};
    const int what = compare_texts(text, sizeof text / sizeof *text);
    const int gap = what ? what : compare_real(a->gap_ns, b->gap_ns);
    return gap ? gap : compare_int(a->threads, b->threads);
}

int order_setting(const struct estimate *a, const struct estimate *b)
{
    const int what = order_kind(a, b);
    return what ? what : order_origin(a, b);
}

int order_question(const struct estimate *a, const struct estimate *b)
{
    const int what = order_kind(a, b);
    const int op = what ? what : order_op(a, b);
    return op ? op : order_origin(a, b);
}

static int order_within(const void *a, const void *b, void *within)
{
    const struct estimate *x = *(const struct estimate *const *)a,
                          *y = *(const struct estimate *const *)b;
    const int order = (*(order_fn **)within)(x, y);
    const int op = order ? order : order_op(x, y);
    const int variant = op ? op : order_variant(x, y);
    return variant ? variant : compare_real(x->gap_ns, y->gap_ns);
}

static int pick_figures(
    const struct dataset *dataset, const struct panel_kind *kind, struct panel_selection *out)
{
    const struct summary *const s = &dataset->summary;
    order_fn *within = kind->within;
    *out = (struct panel_selection){.estimate = calloc(s->count + 1, sizeof *out->estimate)};
    if (!out->estimate)
        return -ENOMEM;
    for (size_t i = 0; i < s->count; i++)
        if (kind->wanted(dataset, &s->estimate[i]))
            out->estimate[out->count++] = &s->estimate[i];
    qsort_r(out->estimate, out->count, sizeof *out->estimate, order_within, &within);
    return 0;
}

size_t panel_selection_end(const struct panel_selection *pick, size_t from, order_fn *order)
{
    size_t to = from + 1;
    while (to < pick->count && order(pick->estimate[from], pick->estimate[to]) == 0)
        to++;
    return to;
}

static bool is_first_of_place(const struct panel_selection *pick, size_t index, order_fn *order)
{
    for (size_t i = 0; i < index; i++)
        if (order(pick->estimate[i], pick->estimate[index]) == 0)
            return false;
    return true;
}

size_t panel_place(
    const struct panel_selection *pick, const struct estimate *estimate, order_fn *order)
{
    size_t before = 0;
    for (size_t i = 0; i < pick->count; i++)
        before += order(pick->estimate[i], estimate) < 0 && is_first_of_place(pick, i, order);
    return before;
}

size_t panel_places(const struct panel_selection *pick, order_fn *order)
{
    size_t places = 0;
    for (size_t i = 0; i < pick->count; i++)
        places += is_first_of_place(pick, i, order);
    return places;
}

void print_tics(
    FILE *script, char axis, const struct panel_selection *pick, order_fn *order, name_fn *name)
{
    fprintf(script, "set %ctics (", axis);
    for (size_t i = 0, next = 0; i < pick->count; i++) {
        if (!is_first_of_place(pick, i, order))
            continue;
        fputs(next++ ? ", '" : "'", script);
        name(script, pick->estimate[i]);
        fprintf(script, "' %zu", panel_place(pick, pick->estimate[i], order));
    }
    fputs(")\n", script);
}

struct panel_selection panel_selection_shown(const struct panel_selection *pick)
{
    const bool all = pick->count <= PANEL_FIGURES_MAX;
    return (struct panel_selection){pick->estimate, all ? pick->count : PANEL_FIGURES_MAX};
}

void print_left_out(FILE *note, const struct panel_selection *pick)
{
    if (pick->count > PANEL_FIGURES_MAX)
        fprintf(
            note, "Shows %d of %zu estimates; the CSV has all. ", PANEL_FIGURES_MAX, pick->count);
}

int panels_each(const struct dataset *dataset, const struct panel_kind *kind, struct panels *out)
{
    struct panel_selection pick;
    int code = pick_figures(dataset, kind, &pick);
    for (size_t from = 0, to; !code && from < pick.count; from = to) {
        to = panel_selection_end(&pick, from, kind->panel);
        if (out->count < PANELS_MAX)
            code = kind->build(
                dataset, &(struct panel_selection){pick.estimate + from, to - from}, out);
        else
            out->left_out++;
    }
    free(pick.estimate);
    return code;
}
