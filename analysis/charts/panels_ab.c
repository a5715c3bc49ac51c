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

/* The wall times of a program's runs that count, of all sessions, ascending, in ms. -ENOMEM. */
static int sort_times(const struct ab_result *r, unsigned slot, double **out, size_t *count)
{
    size_t runs = 0;
    for (size_t i = 0; i < r->sessions; i++)
        runs += r->session[i].runs;
    *count = 0;
    *out = malloc((runs + 1) * sizeof **out);
    for (size_t i = 0; *out && i < r->sessions; i++)
        for (size_t k = 0; k < r->session[i].runs; k++) {
            const struct ab_run *const run = &r->session[i].run[k];
            if (run->slot == slot && run->accepted && run->value[AB_WALL] > 0)
                (*out)[(*count)++] = 1e3 * run->value[AB_WALL];
        }
    if (*out && *count)
        qsort(*out, *count, sizeof **out, order_doubles);
    return *out ? 0 : -ENOMEM;
}

static int add_times(
    struct panel_draft *d, const struct ab_result *r, unsigned slot, double *least, double *most)
{
    const char *const name = ab_slot_name(slot, r->summary.programs);
    double *sorted;
    size_t count;
    const int failed = sort_times(r, slot, &sorted, &count);
    if (!failed && count) {
        fprintf(d->script, "%s\"%s\"\n", isfinite(*least) ? "\n\n" : "", name);
        quantiles_print(d->script, sorted, count);
        TABLE_ROW(d->panel.table, name);
        table_cell(d->panel.table, PAINT_NONE, "%zu", count);
        quantiles_cells(d->panel.table, sorted, count);
        fprintf(d->about, "%s: ", name);
        quantiles_about(d->about, sorted, count, "runs", "ms");
        *least = fmin(*least, sorted[0]);
        *most = fmax(*most, sorted[count - 1]);
    }
    free(sorted);
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

/* The ratio to a in the same block, for each block that counts. */
struct ratios {
    double *at;
    size_t count;
};

static int collect_ratios(const struct ab_result *r, unsigned slot, struct ratios *out)
{
    size_t blocks = 0;
    for (size_t i = 0; i < r->sessions; i++)
        blocks += r->session[i].runs;
    *out = (struct ratios){.at = malloc((blocks + 1) * sizeof *out->at)};
    for (size_t i = 0; out->at && i < r->sessions; i++) {
        const struct ab_session *const s = &r->session[i];
        double first = NAN, other = NAN;
        for (size_t k = 0; k < s->runs; k++) {
            const struct ab_run *const run = &s->run[k];
            first = run->slot == 0 ? run->value[AB_WALL] : first;
            other = run->slot == slot ? run->value[AB_WALL] : other;
            if (k + 1 < s->runs && s->run[k + 1].block == run->block)
                continue;
            if (run->accepted && other / first > 0 && isfinite(other / first))
                out->at[out->count++] = other / first;
            first = other = NAN;
        }
    }
    return out->at ? 0 : -ENOMEM;
}

/* More would be a band, not a line; each is the median of some blocks in a row then. */
enum { POINTS_MAX = 300 };

static int add_ratios(struct panel_draft *d, const struct ab_result *r, unsigned slot)
{
    const char *const name = ab_slot_name(slot, r->summary.programs);
    struct ratios of;
    const int failed = collect_ratios(r, slot, &of);
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
