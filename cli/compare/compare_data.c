/* SPDX-License-Identifier: MIT
 * A comparison as CSV and JSON: everything, unrounded. */
#include "analysis/format/format.h"
#include "cli/compare/compare_forms.h"

#include <math.h>

static void add_real(struct table *t, double value)
{
    if (isfinite(value))
        table_cell(t, PAINT_NONE, "%.9g", value);
    else
        table_cell(t, PAINT_NONE, NULL);
}

static void add_variant(struct table *t, const struct estimate *f)
{
    TABLE_ROW(t, f->instrument, f->layout, f->op);
    cell_int(t, f->align_bytes);
    TABLE_TEXTS(t, f->role, f->mode, f->twin);
    add_real(t, f->gap_ns);
    cell_int(t, f->threads);
    TABLE_TEXTS(t, f->state, f->home);
    cell_int(t, f->cpu);
    cell_int(t, f->peer);
    cell_int(t, f->beside);
}

/* NULL: empty cells. */
static void add_side(struct table *t, const struct compare_side *side)
{
    if (!side) {
        TABLE_TEXTS(t, "", "", "", "", "", "", "", "");
        return;
    }
    const struct estimate *f = side->estimate;
    TABLE_TEXTS(t, f->run_id, f->host, f->distance);
    add_real(t, side->canary_ns);
    cell_int(t, (int64_t)f->ns.n);
    add_real(t, f->ns.mid);
    add_real(t, f->ns.low);
    add_real(t, f->ns.high);
}

static void add_pair(struct table *t, const struct compare_pair *pair)
{
    add_variant(t, pair->a.estimate);
    add_side(t, &pair->a);
    add_side(t, &pair->b);
    add_real(t, pair->ratio.mid);
    add_real(t, pair->ratio.low);
    add_real(t, pair->ratio.high);
    add_real(t, pair->delta);
    TABLE_TEXTS(t, compare_verdicts[pair->kind]);
    if (pair->kind == VERDICT_NONE)
        table_cell(t, PAINT_NONE, "fewer than %d blocks", STATS_BLOCKS_MIN);
    else
        table_cell(t, PAINT_NONE, NULL);
    cell_int(t, pair->a.estimate->clients);
    cell_int(t, pair->a.estimate->client_threads);
}

static void add_single(struct table *t, const struct compare_single *single)
{
    add_variant(t, single->side.estimate);
    add_side(t, single->in_b ? NULL : &single->side);
    add_side(t, single->in_b ? &single->side : NULL);
    TABLE_TEXTS(t, "", "", "", "", single->in_b ? "only in B" : "only in A",
        compare_alone_texts[single->why]);
    cell_int(t, single->side.estimate->clients);
    cell_int(t, single->side.estimate->client_threads);
}

int compare_print_data(const struct compare_report *r, enum table_format form, FILE *out)
{
    struct table *t = table_with(
        "instrument|layout|op|align_bytes|role|mode|twin|gap_ns|threads|state|home|cpu|peer|beside|"
        "run_a|host_a|distance_a|canary_a_ns|n_a|ns_a|ns_low_a|ns_high_a|"
        "run_b|host_b|distance_b|canary_b_ns|n_b|ns_b|ns_low_b|ns_high_b|"
        "ratio|ratio_low|ratio_high|cliffs_delta|verdict|reason|clients|"
        "client_threads");
    for (size_t i = 0; i < r->comparison->pairs; i++)
        add_pair(t, &r->comparison->pair[i]);
    for (size_t i = 0; i < r->comparison->singles; i++)
        add_single(t, &r->comparison->single[i]);
    return form == TABLE_CSV ? table_print_csv(t, out) : table_print_json(t, "compare", out);
}
