/* SPDX-License-Identifier: MIT
 * Panels "latency": the time of each op at each alignment, and the table of all that is known of
 * it.
 */

#include "analysis/charts/panels.h"

#include "analysis/charts/panel_select.h"
#include "analysis/format/format.h"

#include <math.h>

static void add_row(struct table *t, const struct estimate *f)
{
    table_row(t);
    table_cell(t, PAINT_NONE, "%s", f->op);
    cell_variant(t, f);
    cell_number(t, f->ns.mid);
    cell_ratio(t, f->ratio);
    cell_range(t, f->ns);
    cell_ratio_range(t, f->ratio);
    table_cell(t, PAINT_NONE, "%zu", f->ns.n);
    cell_number(t, f->p50_ns);
    cell_number(t, f->p99_ns);
    if (isnan(f->fairness))
        table_cell(t, PAINT_NONE, NULL);
    else
        table_cell(t, PAINT_NONE, "%.2f", f->fairness);
    table_cell(t, PAINT_NONE, "%zu", f->rejected);
}

static struct table *list_latencies(const struct panel_selection *pick)
{
    struct table *const t = table_with("op|variant|ns/op>|ratio>|95% of ns>|95% of ratio>|"
                                       "blocks>|p50 ns>|p99 ns>|fairness>|rejected>");
    for (size_t i = 0; i < pick->count; i++)
        add_row(t, pick->estimate[i]);
    return t;
}

static void print_latency(struct panel_draft *d, const struct panel_selection *pick)
{
    fputs("$data << EOD\n", d->script);
    for (size_t i = 0; i < pick->count; i++) {
        const struct estimate *const f = pick->estimate[i];
        char text[CELL_TEXT];
        const bool first = print_op_start(d, pick, i);
        fprintf(d->script, "%zu %g %g %g\n", panel_place(pick, f, order_variant), f->ns.mid,
            f->ns.low, f->ns.high);
        fputs(first ? " " : ", ", d->about);
        print_variant(d->about, f);
        fprintf(d->about, " %s", interval_text(f->ns, text));
    }
    fputs("EOD\n", d->script);
    print_tics(d->script, 'x', pick, order_variant, print_variant);
    fputc('.', d->about);
}

static int build_latency(
    const struct dataset *dataset, const struct panel_selection *all, struct panels *out)
{
    struct panel_draft draft;
    const struct panel_selection shown = panel_selection_shown(all);
    const int failed = panel_begin(&draft, list_latencies(&shown));
    if (failed)
        return failed;
    print_setting(draft.title, dataset, all->estimate[0]);
    print_latency(&draft, &shown);
    print_left_out(draft.note, all);
    return panel_end(&draft, out);
}

int panels_latency(const struct dataset *dataset, struct panels *out)
{
    static const struct panel_kind kind = {pick_run, order_setting, order_setting, build_latency};
    return panels_each(dataset, &kind, out);
}
