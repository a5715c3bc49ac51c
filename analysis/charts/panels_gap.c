/* SPDX-License-Identifier: MIT
 * Panels "gap": what sharing adds to an op against the private work before it, from runs with
 * several gaps and from the holding curve of costs. */

#include "analysis/charts/panels.h"

#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/format.h"

#include <inttypes.h>
#include <math.h>

/* The reference of the prices has no alignment. */
static bool is_base(const struct estimate *f)
{
    return f->align_bytes == SAMPLE_NONE;
}

static bool pick_gap(const struct dataset *dataset, const struct estimate *f)
{
    if (isnan(f->gap_ns))
        return false;
    const struct regime *const regime = summary_regime(&dataset->summary, f);
    return estimate_is_hold(f)
               ? f->accepted > 0 && f->ns.n > 0 && !(regime && regime_is_brief(dataset, regime))
               : pick_run(dataset, f);
}

/* The setting of one panel, except the regime. Numbers of contenders are curves of one panel. */
static int order_curves(const struct estimate *a, const struct estimate *b)
{
    const char *const text[][2] = {{a->layout, b->layout}, {a->op, b->op}, {a->mode, b->mode},
        {a->role, b->role}, {a->distance, b->distance}, {a->host, b->host}};
    const int order = compare_texts(text, sizeof text / sizeof *text);
    if (order)
        return order;
    return estimate_is_hold(a) && estimate_is_hold(b) ? 0 : compare_int(a->threads, b->threads);
}

static int order_curve(const struct estimate *a, const struct estimate *b)
{
    const int variant = order_variant(a, b);
    return variant ? variant : compare_int(a->threads, b->threads);
}

/* Runs have one gap each, and the labels of their regimes mean nothing to each other: a panel takes
 * what lies within one regime's bounds by the canary. */
struct level {
    const struct dataset *dataset;
    const struct panel_selection *pick;
    double canary_ns; /* NaN: those without one */
};

static bool is_at_level(const struct level *l, const struct estimate *f)
{
    const double canary = summary_canary(&l->dataset->summary, f);
    if (isnan(canary) || isnan(l->canary_ns))
        return isnan(canary) && isnan(l->canary_ns);
    return canary >= l->canary_ns && canary <= l->canary_ns * REGIME_FACTOR;
}

/* The reference is the first estimate of a group. */
static const struct estimate *reference_of(const struct dataset *dataset, const struct estimate *f)
{
    while (f > dataset->summary.estimate && estimate_same_group(f, f - 1))
        f--;
    return is_base(f) ? f : NULL;
}

/* What sharing adds to an op: the reference's time by the ratio of the same blocks, less one. Of a
 * point of the holding curve the difference itself is known. */
static struct interval price_of(const struct dataset *dataset, const struct estimate *f)
{
    if (estimate_is_hold(f))
        return f->added_ns;
    const struct estimate *const reference = reference_of(dataset, f);
    const double ns = reference ? reference->ns.mid : NAN;
    return (struct interval){.low = ns * (f->ratio.low - 1),
        .mid = ns * (f->ratio.mid - 1),
        .high = ns * (f->ratio.high - 1),
        .n = f->ratio.n};
}

/* One gap alone is not a curve, and times without a reference have no price. */
static bool is_curve(const struct level *l)
{
    const struct estimate *first = NULL;
    for (size_t i = 0; i < l->pick->count; i++) {
        const struct estimate *const f = l->pick->estimate[i];
        if (!is_at_level(l, f) || is_base(f) || isnan(price_of(l->dataset, f).mid))
            continue;
        if (first && compare_real(first->gap_ns, f->gap_ns))
            return true;
        first = f;
    }
    return false;
}

static void print_curve_name(FILE *out, const struct estimate *f)
{
    if (estimate_is_hold(f))
        fprintf(out, "%" PRId64 " contenders", f->threads);
    else
        print_variant(out, f);
}

static void add_hold(struct table *t, const struct dataset *dataset, const struct estimate *f)
{
    const struct estimate *const alone = reference_of(dataset, f);
    table_cell(t, PAINT_NONE, "%" PRId64 " contenders", f->threads);
    table_cell(t, PAINT_NONE, "%g", f->gap_ns);
    cell_number(t, f->added_ns.mid);
    cell_range(t, f->added_ns);
    cell_number(t, f->held_ns.mid);
    cell_number(t, f->ops_a_hold.mid);
    cell_range(t, f->held_ns);
    cell_range(t, f->ops_a_hold);
    cell_number(t, alone ? alone->ns.mid : NAN);
    cell_number(t, f->ns.mid);
    table_cell(t, PAINT_NONE, "%zu", f->ns.n);
}

static void add_variant(struct table *t, const struct dataset *dataset, const struct estimate *f)
{
    const struct interval price = price_of(dataset, f);
    cell_variant(t, f);
    table_cell(t, PAINT_NONE, "%g", f->gap_ns);
    table_cell(t, PAINT_NONE, "%zu", f->ns.n);
    cell_number(t, f->ns.mid);
    cell_range(t, f->ns);
    cell_number(t, price.mid);
    cell_range(t, price);
    cell_ratio(t, f->ratio);
}

static void print_point(
    struct panel_draft *d, const struct dataset *dataset, const struct estimate *f)
{
    struct table *const t = d->panel.table;
    const struct interval price = price_of(dataset, f);
    char text[3][CELL_TEXT];
    fprintf(d->script, "%g %g %g %g\n", f->gap_ns, price.mid, price.low, price.high);
    fprintf(d->about, " %s ns at a gap of %g ns", number_text(price.mid, text[0]), f->gap_ns);
    if (f->held_ns.n > 0)
        fprintf(d->about, " (held %s ns, %s adds a hold)", number_text(f->held_ns.mid, text[1]),
            number_text(f->ops_a_hold.mid, text[2]));
    table_row(t);
    (estimate_is_hold(f) ? add_hold : add_variant)(t, dataset, f);
    cell_number(t, summary_canary(&dataset->summary, f));
    const struct dataset_run *const run = dataset_run_of(dataset, f->run_id, f->host);
    char name[RUN_NAME_TEXT];
    table_cell(t, PAINT_NONE, "%s", run ? run_name_text(dataset, run, name) : "");
}

static void print_curves(struct panel_draft *d, const struct level *l)
{
    const struct estimate *last = NULL;
    fputs("$data << EOD\n", d->script);
    for (size_t i = 0; i < l->pick->count; i++) {
        const struct estimate *const f = l->pick->estimate[i];
        if (!is_at_level(l, f) || is_base(f))
            continue;
        if (!last || order_curve(last, f)) {
            fprintf(d->script, "%s\"", last ? "\n\n" : "");
            print_curve_name(d->script, f);
            fputs("\"\n", d->script);
            fputs(last ? ". " : "", d->about);
            print_curve_name(d->about, f);
            fputc(':', d->about);
        } else {
            fputc(',', d->about);
        }
        print_point(d, l->dataset, f);
        last = f;
    }
    fputs("EOD\n", d->script);
    fputc('.', d->about);
}

static void print_title(FILE *out, const struct level *l)
{
    const struct estimate *const f = l->pick->estimate[0];
    fprintf(out, "%s: %s", f->op, f->layout);
    const char *const word[] = {f->mode, f->role, f->distance};
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        fprintf(out, "%s%s", *word[i] ? ", " : "", word[i]);
    if (has_other_host(l->dataset))
        fprintf(out, "; host %s", f->host);
    if (!isnan(l->canary_ns))
        fprintf(out, "; canary from %.0f ns", l->canary_ns);
}

static int build_level(const struct level *l, struct panels *out)
{
    struct panel_draft draft;
    const int failed = panel_begin(&draft,
        table_with(estimate_is_hold(l->pick->estimate[0])
                       ? "curve|gap ns>|price ns>|95% of price>|held ns>|adds a hold>|95% of "
                         "held>|95% of adds>|alone ns>|contended ns>|"
                         "blocks>|canary ns>|run"
                       : "curve|gap ns>|blocks>|ns/op>|95%>|price ns>|95% of price>|ratio>|"
                         "canary ns>|run"));
    if (failed)
        return failed;
    print_title(draft.title, l);
    print_curves(&draft, l);
    return panel_end(&draft, out);
}

/* The next level up; NaN after the highest. */
static double next_canary(
    const struct dataset *dataset, const struct panel_selection *pick, double above)
{
    double next = NAN;
    for (size_t i = 0; i < pick->count; i++) {
        const double canary = summary_canary(&dataset->summary, pick->estimate[i]);
        if (canary > above)
            next = fmin(next, canary);
    }
    return next;
}

static int build_gap(
    const struct dataset *dataset, const struct panel_selection *pick, struct panels *out)
{
    struct level level = {dataset, pick, NAN};
    int code = is_curve(&level) ? build_level(&level, out) : 0;
    for (level.canary_ns = next_canary(dataset, pick, 0); !code && !isnan(level.canary_ns);
         level.canary_ns = next_canary(dataset, pick, level.canary_ns * REGIME_FACTOR))
        if (is_curve(&level))
            code = build_level(&level, out);
    return code;
}

/* As order_curves, and the points of a curve one after the other. */
static int order_points(const struct estimate *a, const struct estimate *b)
{
    const int panel = order_curves(a, b);
    const int curve = panel ? panel : order_curve(a, b);
    return curve ? curve : compare_real(a->gap_ns, b->gap_ns);
}

int panels_gap(const struct dataset *dataset, struct panels *out)
{
    static const struct panel_kind kind = {pick_gap, order_points, order_curves, build_gap};
    return panels_each(dataset, &kind, out);
}
