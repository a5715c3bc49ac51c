/* SPDX-License-Identifier: MIT
 * A comparison as CSV and JSON: everything, unrounded. */
#include "analysis/format/format.h"
#include "cli/compare/compare_forms.h"

#include <math.h>

static void put_text(struct table *t, const char *text)
{
    table_cell(t, PAINT_NONE, "%s", text);
}

static void put_real(struct table *t, double value)
{
    if (isfinite(value))
        table_cell(t, PAINT_NONE, "%.9g", value);
    else
        table_cell(t, PAINT_NONE, NULL);
}

static struct table *new_table(void)
{
    return estimate_table(
        "instrument|layout|op|align_bytes|role|mode|twin|gap_ns|threads|state|home|cpu|peer|beside|"
        "run_a|host_a|distance_a|canary_a_ns|n_a|ns_a|ns_low_a|ns_high_a|"
        "run_b|host_b|distance_b|canary_b_ns|n_b|ns_b|ns_low_b|ns_high_b|"
        "ratio|ratio_low|ratio_high|cliffs_delta|verdict|reason");
}

static void put_variant(struct table *t, const struct estimate *f)
{
    put_text(t, f->instrument);
    put_text(t, f->layout);
    put_text(t, f->op);
    cell_int(t, f->align_bytes);
    put_text(t, f->role);
    put_text(t, f->mode);
    put_text(t, f->twin);
    put_real(t, f->gap_ns);
    cell_int(t, f->threads);
    put_text(t, f->state);
    put_text(t, f->home);
    cell_int(t, f->cpu);
    cell_int(t, f->peer);
    cell_int(t, f->beside);
}

enum { SIDE_COLUMNS = 8 };

/* NULL: empty cells. */
static void put_side(struct table *t, const struct compare_side *side)
{
    for (int i = 0; !side && i < SIDE_COLUMNS; i++)
        table_cell(t, PAINT_NONE, NULL);
    if (!side)
        return;
    const struct estimate *f = side->figure;
    put_text(t, f->run_id);
    put_text(t, f->host);
    put_text(t, f->distance);
    put_real(t, side->canary_ns);
    cell_int(t, (int64_t)f->ns.n);
    put_real(t, f->ns.mid);
    put_real(t, f->ns.low);
    put_real(t, f->ns.high);
}

static void put_pair(struct table *t, const struct compare_pair *pair)
{
    table_row(t);
    put_variant(t, pair->a.figure);
    put_side(t, &pair->a);
    put_side(t, &pair->b);
    put_real(t, pair->ratio.mid);
    put_real(t, pair->ratio.low);
    put_real(t, pair->ratio.high);
    put_real(t, pair->delta);
    put_text(t, compare_verdicts[pair->kind]);
    if (pair->kind == VERDICT_NONE)
        table_cell(t, PAINT_NONE, "fewer than %d blocks", STATS_BLOCKS_MIN);
}

static void put_single(struct table *t, const struct compare_single *single)
{
    table_row(t);
    put_variant(t, single->side.figure);
    put_side(t, single->in_b ? NULL : &single->side);
    put_side(t, single->in_b ? &single->side : NULL);
    for (int i = 0; i < 4; i++)
        table_cell(t, PAINT_NONE, NULL);
    put_text(t, single->in_b ? "only in B" : "only in A");
    put_text(t, compare_alone_texts[single->why]);
}

int compare_print_data(const struct compare_report *r, enum table_format form, FILE *out)
{
    struct table *t = new_table();
    for (size_t i = 0; i < r->comparison->pairs; i++)
        put_pair(t, &r->comparison->pair[i]);
    for (size_t i = 0; i < r->comparison->singles; i++)
        put_single(t, &r->comparison->single[i]);
    const int code = form == TABLE_CSV ? table_csv(t, out) : table_json(t, out);
    table_free(t);
    return code;
}
