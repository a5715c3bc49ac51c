/* SPDX-License-Identifier: MIT
 * Panels of what `ab` compared: how the runs of each program scatter, and the ratios block by
 * block, in which a drift or a jump of the machine shows. */
#include "analysis/charts/panels.h"

#include "analysis/charts/panel_select.h"
#include "analysis/charts/quantiles.h"
#include "analysis/format/format.h"
#include "base/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static void print_title(FILE *out, const struct ab_result *r)
{
    for (unsigned i = 0; i < r->summary.programs; i++)
        fprintf(out, "%s%s: %s", i ? ", " : "", ab_slot_name(i, r->summary.programs),
            r->session->command[i]);
}

/* Of a program in all blocks that count, of all sessions in turn: its wall time in ms, or, with
 * `ratio`, that over the wall time of a. */
struct values {
    double *at;
    size_t count;
};

static int add_session(const struct ab_session *s, unsigned slot, bool ratio, struct values *out)
{
    struct ab_blocks of;
    const int failed = ab_blocks_of(s, AB_WALL, &of);
    for (size_t i = 0; i < of.blocks && !failed; i++) {
        const double wall = of.value[slot * of.blocks + i],
                     value = ratio ? wall / of.value[i] : 1e3 * wall;
        if (value > 0 && isfinite(value))
            out->at[out->count++] = value;
    }
    free(of.value);
    return failed;
}

static int collect(const struct ab_result *r, unsigned slot, bool ratio, struct values *out)
{
    size_t blocks = 0;
    for (size_t i = 0; i < r->sessions; i++)
        blocks += r->each[i].blocks;
    *out = (struct values){.at = malloc((blocks + 1) * sizeof *out->at)};
    int failed = out->at ? 0 : -ENOMEM;
    for (size_t i = 0; i < r->sessions && !failed; i++)
        failed = add_session(&r->session[i], slot, ratio, out);
    return failed;
}

static int add_times(
    struct panel_draft *d, const struct ab_result *r, unsigned slot, double *least, double *most)
{
    const char *const name = ab_slot_name(slot, r->summary.programs);
    struct values of;
    const int failed = collect(r, slot, false, &of);
    if (!failed && of.count) {
        qsort(of.at, of.count, sizeof *of.at, order_doubles);
        fprintf(d->script, "%s\"%s\"\n", isfinite(*least) ? "\n\n" : "", name);
        quantiles_print(d->script, of.at, of.count);
        TABLE_ROW(d->panel.table, name);
        table_cell(d->panel.table, PAINT_NONE, "%zu", of.count);
        quantiles_cells(d->panel.table, of.at, of.count);
        fprintf(d->about, "%s: ", name);
        quantiles_about(d->about, of.at, of.count, "runs", "ms");
        *least = fmin(*least, of.at[0]);
        *most = fmax(*most, of.at[of.count - 1]);
    }
    free(of.at);
    return failed;
}

int panels_ab_distribution(const struct ab_result *r, struct panels *out)
{
    double least = INFINITY, most = 0;
    struct panel_draft draft;
    int failed = panel_begin(&draft, table_with("program|runs>|" QUANTILE_COLUMNS("ms")));
    if (failed)
        return failed;
    print_title(draft.title, r);
    fputs("$data << EOD\n", draft.script);
    for (unsigned slot = 0; slot <= r->summary.programs && !failed; slot++)
        failed = add_times(&draft, r, slot, &least, &most);
    fprintf(
        draft.script, "EOD\nlog = %d\nunit = 'wall time of a run, ms'\n", wants_log(least, most));
    const int ended = panel_end(&draft, out);
    return failed ? failed : ended;
}

/* More would be a band, not a line; each is the median of some blocks in a row then. */
enum { POINTS_MAX = 300 };

static int add_ratios(struct panel_draft *d, const struct ab_result *r, unsigned slot)
{
    const char *const name = ab_slot_name(slot, r->summary.programs);
    struct values of;
    const int failed = collect(r, slot, true, &of);
    const size_t each = (of.count + POINTS_MAX - 1) / POINTS_MAX;
    char text[2][CELL_TEXT];
    if (!failed && of.count) {
        fprintf(d->script, "%s\"%s\"\n", slot > 1 ? "\n\n" : "", name);
        for (size_t i = 0; i < of.count; i += each) {
            const size_t size = i + each < of.count ? each : of.count - i;
            fprintf(d->script, "%zu %g\n", i + 1, stats_median_among(of.at + i, size));
        }
        const struct interval ratio = r->summary.of[slot].ratio[AB_WALL];
        TABLE_ROW(d->panel.table, name);
        table_cell(d->panel.table, PAINT_NONE, "%zu", of.count);
        TABLE_TEXTS(d->panel.table, ab_ratio_text(ratio, text[0]), ab_range_text(ratio, text[1]));
        fprintf(d->about, "%s: %s (%s). ", name, text[0], text[1]);
        if (each > 1 && slot == 1)
            fprintf(d->note, "A point is the median of %zu blocks in a row.", each);
    }
    free(of.at);
    return failed;
}

int panels_ab_ratios(const struct ab_result *r, struct panels *out)
{
    struct panel_draft draft;
    int failed = panel_begin(&draft, table_with("program|blocks>|ratio>|95%>"));
    if (failed)
        return failed;
    print_title(draft.title, r);
    fputs("$data << EOD\n", draft.script);
    for (unsigned slot = 1; slot <= r->summary.programs && !failed; slot++)
        failed = add_ratios(&draft, r, slot);
    fputs("EOD\n", draft.script);
    const int ended = panel_end(&draft, out);
    return failed ? failed : ended;
}
