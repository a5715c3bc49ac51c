/* SPDX-License-Identifier: MIT
 * Panels "distribution": how the blocks of each variant scatter, as quantiles, so that an estimate
 * of ten thousand blocks draws no more than one of twenty. */

#include "analysis/charts/panels.h"

#include "analysis/charts/panel_select.h"
#include "analysis/format/format.h"
#include "base/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 40 }; /* quantiles 0, 2.5%, ... 100% */

/* The nearest rank (Hyndman and Fan 1996, type 1): always a value that was measured. */
static double sorted_quantile(const double *sorted, size_t count, double share)
{
    const double rank = ceil(share * (double)count);
    return sorted[rank < 1 ? 0 : (size_t)rank - 1];
}

static void print_block(struct panel_draft *d, const struct estimate *f, const double *sorted)
{
    fputc('"', d->script);
    print_variant(d->script, f);
    fputs("\"\n", d->script);
    for (int i = 0; i <= STEPS; i++)
        fprintf(d->script, "%g %g\n", sorted_quantile(sorted, f->ns.n, (double)i / STEPS),
            100.0 * i / STEPS);
}

static void add_row(struct panel_draft *d, const struct estimate *f, const double *sorted)
{
    static const double shares[] = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
    char text[2][CELL_TEXT];
    struct table *const t = d->panel.table;
    table_row(t);
    cell_variant(t, f);
    table_cell(t, PAINT_NONE, "%zu", f->ns.n);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        cell_number(t, sorted_quantile(sorted, f->ns.n, shares[i]));
    print_variant(d->about, f);
    fprintf(d->about, ": half of %zu blocks between %s and %s ns. ", f->ns.n,
        number_text(sorted_quantile(sorted, f->ns.n, 0.25), text[0]),
        number_text(sorted_quantile(sorted, f->ns.n, 0.75), text[1]));
}

static int print_estimate(
    struct panel_draft *d, const struct estimate *f, double *least, double *most)
{
    double *const sorted = malloc((f->ns.n + 1) * sizeof *sorted);
    if (!sorted)
        return -ENOMEM;
    memcpy(sorted, f->block_ns, f->ns.n * sizeof *sorted);
    qsort(sorted, f->ns.n, sizeof *sorted, order_doubles);
    *least = fmin(*least, sorted[0]);
    *most = fmax(*most, sorted[f->ns.n - 1]);
    print_block(d, f, sorted);
    add_row(d, f, sorted);
    free(sorted);
    return 0;
}

static int build_distribution(
    const struct dataset *dataset, const struct panel_selection *all, struct panels *out)
{
    const struct panel_selection shown = panel_selection_shown(all), *const pick = &shown;
    double least = INFINITY, most = 0;
    struct panel_draft draft;
    int failed = panel_begin(&draft,
        table_with("variant|blocks>|least ns>|5% ns>|25% ns>|50% ns>|75% ns>|95% ns>|most ns>"));
    if (failed)
        return failed;
    fprintf(draft.title, "%s: ", pick->estimate[0]->op);
    print_setting(draft.title, dataset, pick->estimate[0]);
    fputs("$data << EOD\n", draft.script);
    for (size_t i = 0; i < pick->count && !failed; i++) {
        fputs(i ? "\n\n" : "", draft.script);
        failed = print_estimate(&draft, pick->estimate[i], &least, &most);
    }
    fprintf(draft.script, "EOD\nlog = %d\n", wants_log(least, most));
    print_left_out(draft.note, all);
    const int ended = panel_end(&draft, out);
    return failed ? failed : ended;
}

int panels_distribution(const struct dataset *dataset, struct panels *out)
{
    static const struct panel_kind kind = {
        pick_run, order_question, order_question, build_distribution};
    return panels_each(dataset, &kind, out);
}
