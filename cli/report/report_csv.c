/* SPDX-License-Identifier: MIT
 * The estimates of the page as CSV, a row each. */
#include "cli/report/report_csv.h"

#include "analysis/format/format.h"
#include "base/table.h"

#include <math.h>

static void cell_real(struct table *t, double value)
{
    if (isnan(value))
        table_cell(t, PAINT_NONE, NULL);
    else
        table_cell(t, PAINT_NONE, "%.6g", value);
}

static void cell_interval(struct table *t, struct interval i)
{
    cell_real(t, i.mid);
    cell_real(t, i.low);
    cell_real(t, i.high);
}

static void add_estimate(struct table *t, const struct dataset *d, const struct estimate *e)
{
    const struct dataset_run *const run = dataset_run_of(d, e->run_id, e->host);
    const struct regime *const regime = summary_regime(&d->summary, e);
    TABLE_ROW(t, run ? run->source : "", e->host, e->run_id, e->instrument, e->layout, e->op);
    cell_int(t, e->align_bytes);
    TABLE_TEXTS(t, e->role, e->mode, e->twin, e->distance, e->state, e->home, e->load);
    const int64_t count[] = {
        e->cpu, e->peer, e->beside, e->threads, e->clients, e->client_threads, e->regime};
    for (size_t i = 0; i < sizeof count / sizeof *count; i++)
        cell_int(t, count[i]);
    cell_real(t, e->gap_ns);
    cell_real(t, regime ? regime->canary_ns : NAN);
    cell_int(t, (int64_t)e->ns.n);
    cell_interval(t, e->ns);
    cell_interval(t, e->ratio);
    cell_real(t, e->p50_ns);
    cell_real(t, e->p99_ns);
}

int report_csv(const struct dataset *dataset, FILE *out)
{
    struct table *const t = table_with(
        "file|host|run_id|instrument|layout|op|align_bytes|role|mode|twin|distance|state|home|load|"
        "cpu|peer|beside|threads|clients|client_threads|regime|gap_ns|canary_ns|n|ns|ns_low|ns_"
        "high|"
        "ratio|ratio_low|ratio_high|p50_ns|p99_ns");
    for (size_t i = 0; i < dataset->summary.count; i++)
        if (dataset->summary.estimate[i].ns.n)
            add_estimate(t, dataset, &dataset->summary.estimate[i]);
    const int code = table_csv(t, out);
    table_free(t);
    return code;
}
