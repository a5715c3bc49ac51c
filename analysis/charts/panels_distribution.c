/* SPDX-License-Identifier: MIT
 * Panels "distribution": how the blocks of each variant scatter. */

#include "analysis/charts/panels.h"

#include "analysis/charts/panel_select.h"
#include "analysis/charts/quantiles.h"
#include "analysis/format/format.h"
#include "base/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void print_block(struct panel_draft *d, const struct estimate *f, const double *sorted)
{
    fputc('"', d->script);
    print_variant(d->script, f);
    fputs("\"\n", d->script);
    quantiles_print(d->script, sorted, f->ns.n);
}

static void add_row(struct panel_draft *d, const struct estimate *f, const double *sorted)
{
    struct table *const t = d->panel.table;
    table_row(t);
    cell_variant(t, f);
    table_cell(t, PAINT_NONE, "%zu", f->ns.n);
    quantiles_cells(t, sorted, f->ns.n);
    print_variant(d->about, f);
    fputs(": ", d->about);
    quantiles_about(d->about, sorted, f->ns.n, "blocks", "ns");
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
    int failed = panel_begin(&draft, table_with("variant|blocks>|" QUANTILE_COLUMNS("ns")));
    if (failed)
        return failed;
    fprintf(draft.title, "%s: ", pick->estimate[0]->op);
    print_setting(draft.title, dataset, pick->estimate[0]);
    fputs("$data << EOD\n", draft.script);
    for (size_t i = 0; i < pick->count && !failed; i++) {
        fputs(i ? "\n\n" : "", draft.script);
        failed = print_estimate(&draft, pick->estimate[i], &least, &most);
    }
    fprintf(
        draft.script, "EOD\nlog = %d\nunit = 'ns per op, of one block'\n", wants_log(least, most));
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
