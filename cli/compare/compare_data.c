/* SPDX-License-Identifier: MIT
 * A comparison as CSV and JSON: everything, unrounded. */
#include "analysis/format/format.h"
#include "cli/compare/compare_forms.h"

#include <math.h>

static void add_text(struct table *t, const char *text)
{
    table_cell(t, PAINT_NONE, "%s", text);
}

static void add_real(struct table *t, double value)
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

static void add_variant(struct table *t, const struct estimate *f)
{
    add_text(t, f->instrument);
    add_text(t, f->layout);
    add_text(t, f->op);
    cell_int(t, f->align_bytes);
    add_text(t, f->role);
    add_text(t, f->mode);
    add_text(t, f->twin);
    add_real(t, f->gap_ns);
    cell_int(t, f->threads);
    add_text(t, f->state);
    add_text(t, f->home);
    cell_int(t, f->cpu);
    cell_int(t, f->peer);
    cell_int(t, f->beside);
}

enum { SIDE_COLUMNS = 8 };

/* NULL: empty cells. */
static void add_side(struct table *t, const struct compare_side *side)
{
    for (int i = 0; !side && i < SIDE_COLUMNS; i++)
        table_cell(t, PAINT_NONE, NULL);
    if (!side)
        return;
    const struct estimate *f = side->figure;
    add_text(t, f->run_id);
    add_text(t, f->host);
    add_text(t, f->distance);
    add_real(t, side->canary_ns);
    cell_int(t, (int64_t)f->ns.n);
    add_real(t, f->ns.mid);
    add_real(t, f->ns.low);
    add_real(t, f->ns.high);
}

static void add_pair(struct table *t, const struct compare_pair *pair)
{
    table_row(t);
    add_variant(t, pair->a.figure);
    add_side(t, &pair->a);
    add_side(t, &pair->b);
    add_real(t, pair->ratio.mid);
    add_real(t, pair->ratio.low);
    add_real(t, pair->ratio.high);
    add_real(t, pair->delta);
    add_text(t, compare_verdicts[pair->kind]);
    if (pair->kind == VERDICT_NONE)
        table_cell(t, PAINT_NONE, "fewer than %d blocks", STATS_BLOCKS_MIN);
}

static void add_single(struct table *t, const struct compare_single *single)
{
    table_row(t);
    add_variant(t, single->side.figure);
    add_side(t, single->in_b ? NULL : &single->side);
    add_side(t, single->in_b ? &single->side : NULL);
    for (int i = 0; i < 4; i++)
        table_cell(t, PAINT_NONE, NULL);
    add_text(t, single->in_b ? "only in B" : "only in A");
    add_text(t, compare_alone_texts[single->why]);
}

int compare_print_data(const struct compare_report *r, enum table_format form, FILE *out)
{
    struct table *t = new_table();
    for (size_t i = 0; i < r->comparison->pairs; i++)
        add_pair(t, &r->comparison->pair[i]);
    for (size_t i = 0; i < r->comparison->singles; i++)
        add_single(t, &r->comparison->single[i]);
    const int code = form == TABLE_CSV ? table_csv(t, out) : table_json(t, out);
    table_free(t);
    return code;
}
