/* SPDX-License-Identifier: MIT
 * Panels "events": the events counted per op, with the time, for each variant of one op. */

#include "analysis/charts/panels.h"

#include "analysis/charts/panel_select.h"
#include "analysis/format/format.h"

#include <math.h>

/* The events of a contested line, then L3 misses, which such a line does not cause within one L3.
 */
static const enum event_role shown[] = {
    EVENT_RFO, EVENT_FILL_SAME_L3, EVENT_FILL_REMOTE, EVENT_L3_MISS, EVENT_L3_MISS_REMOTE};
enum { SHOWN = sizeof shown / sizeof *shown };

static bool is_counted(const struct estimate *f)
{
    for (int i = 0; i < SHOWN; i++)
        if (f->per_op[shown[i]].n > 0)
            return true;
    return false;
}

static bool pick_counted(const struct dataset *dataset, const struct estimate *estimate)
{
    return pick_run(dataset, estimate) && is_counted(estimate);
}

static struct table *list_events(const struct panel_selection *pick)
{
    struct table *const t = table_with("variant|ns/op>");
    char text[CELL_TEXT];
    for (int r = 0; r < EVENT_HARDWARE; r++) {
        snprintf(text, sizeof text, "%s/op", event_roles[r].name);
        table_column(t, text, TABLE_RIGHT);
    }
    for (size_t i = 0; i < pick->count; i++) {
        const struct estimate *const f = pick->estimate[i];
        table_row(t);
        cell_variant(t, f);
        cell_number(t, f->ns.mid);
        for (int r = 0; r < EVENT_HARDWARE; r++)
            cell_number(t, f->per_op[r].n ? f->per_op[r].mid : NAN);
    }
    return t;
}

static void print_role(
    struct panel_draft *d, const struct panel_selection *pick, enum event_role role)
{
    print_word(d->script, event_roles[role].name);
    fputc('\n', d->script);
    fprintf(d->about, "%s per op:", event_roles[role].name);
    for (size_t i = 0; i < pick->count; i++) {
        const struct estimate *const f = pick->estimate[i];
        const struct interval e = f->per_op[role];
        fprintf(d->script, "%zu %g %g %g\n", i, e.n ? e.mid : NAN, e.n ? e.low : NAN,
            e.n ? e.high : NAN);
        fputs(i ? ", " : " ", d->about);
        print_variant(d->about, f);
        if (e.n)
            fprintf(d->about, " %.3g", e.mid);
        else
            fputs(" not counted", d->about);
    }
    fputs(". ", d->about);
}

/* A variant's name and, below it, its time. */
static void print_events_tics(FILE *script, const struct panel_selection *pick)
{
    char text[CELL_TEXT];
    for (size_t i = 0; i < pick->count; i++) {
        fputs(i ? ", \"" : "set xtics (\"", script);
        print_variant(script, pick->estimate[i]);
        fprintf(script, "\\n%s ns\" %zu", number_text(pick->estimate[i]->ns.mid, text), i);
    }
    fputs(")\n", script);
}

static bool any_counted(const struct panel_selection *pick, enum event_role role)
{
    for (size_t i = 0; i < pick->count; i++)
        if (pick->estimate[i]->per_op[role].n > 0)
            return true;
    return false;
}

static int build_events(
    const struct dataset *dataset, const struct panel_selection *all, struct panels *out)
{
    struct panel_draft draft;
    const struct panel_selection shown_figures = panel_selection_shown(all), *const pick =
                                                                                 &shown_figures;
    const int failed = panel_begin(&draft, list_events(pick));
    if (failed)
        return failed;
    fprintf(draft.title, "%s: ", pick->estimate[0]->op);
    print_setting(draft.title, dataset, pick->estimate[0]);
    const struct dataset_run *const run =
        dataset_run_of(dataset, pick->estimate[0]->run_id, pick->estimate[0]->host);
    if (run)
        fprintf(draft.note, "Counted by %s.", run->counters);
    fputs("$data << EOD\n", draft.script);
    bool first = true;
    for (int i = 0; i < SHOWN; i++) {
        if (!any_counted(pick, shown[i]))
            continue;
        fputs(first ? "" : "\n\n", draft.script);
        print_role(&draft, pick, shown[i]);
        first = false;
    }
    fputs("EOD\n", draft.script);
    print_events_tics(draft.script, pick);
    print_left_out(draft.note, all);
    return panel_end(&draft, out);
}

int panels_events(const struct dataset *dataset, struct panels *out)
{
    static const struct panel_kind kind = {
        pick_counted, order_question, order_question, build_events};
    return panels_each(dataset, &kind, out);
}
