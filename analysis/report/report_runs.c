/* SPDX-License-Identifier: MIT
 * Runs side by side: the same variant in a row, a run in a column. Nothing is pooled or
 * judged: that is the business of `compare`. */
#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { RUNS_MAX = 8, ROWS_MAX = 400 };

/* Only a run's largest regime: labels of regimes mean nothing to another run. */
static bool is_main(const struct dataset *dataset, const struct estimate *f)
{
    if (!pick_run(dataset, f))
        return false;
    const struct regime *largest = dataset->summary.regime; /* they are in that order */
    while (!SAME_RUN(largest, f))
        largest++;
    return largest->regime == f->regime;
}

static int order_row(const void *a, const void *b)
{
    const struct estimate *x = *(const struct estimate *const *)a,
                          *y = *(const struct estimate *const *)b;
    const int what = order_kind(x, y);
    const int op = what ? what : order_op(x, y);
    return op ? op : order_variant(x, y);
}

/* One estimate of each run that has a column. */
struct columns {
    const struct estimate *run[RUNS_MAX];
    size_t count, left_out;
};

static void add_column(struct columns *c, const struct estimate *estimate)
{
    for (size_t i = 0; i < c->count; i++)
        if (SAME_RUN(c->run[i], estimate))
            return;
    if (c->count < RUNS_MAX)
        c->run[c->count++] = estimate;
    else
        c->left_out++;
}

static struct table *new_table(const struct dataset *d, const struct columns *c)
{
    struct table *const t = table_with("layout|op|variant|role|mode|gap ns>|distance|threads>");
    for (size_t i = 0; i < c->count; i++) {
        const struct dataset_run *const run = dataset_run_of(d, c->run[i]->run_id, c->run[i]->host);
        char file[RUN_NAME_TEXT], name[2 * RUN_NAME_TEXT];
        snprintf(name, sizeof name, "%s%s%.64s, ns/op", run ? run_name_text(d, run, file) : "",
            has_other_host(d) ? " on " : "", has_other_host(d) ? c->run[i]->host : "");
        table_column(t, name, TABLE_RIGHT);
        table_column(t, "ratio", TABLE_RIGHT);
    }
    return t;
}

static void add_row(
    struct table *t, const struct columns *c, const struct estimate **estimate, size_t count)
{
    const struct estimate *const f = estimate[0];
    table_row(t);
    table_cell(t, PAINT_NONE, "%s", f->layout);
    table_cell(t, PAINT_NONE, "%s", f->op);
    cell_variant(t, f);
    table_cell(t, PAINT_NONE, "%s", f->role);
    table_cell(t, PAINT_NONE, "%s", f->mode);
    if (isnan(f->gap_ns))
        table_cell(t, PAINT_NONE, NULL);
    else
        table_cell(t, PAINT_NONE, "%g", f->gap_ns);
    table_cell(t, PAINT_NONE, "%s", f->distance);
    cell_int(t, f->threads);
    for (size_t i = 0; i < c->count; i++) {
        const struct estimate *here = NULL;
        for (size_t k = 0; k < count && !here; k++)
            if (SAME_RUN(estimate[k], c->run[i]))
                here = estimate[k];
        cell_number(t, here ? here->ns.mid : NAN);
        cell_ratio(t, here ? here->ratio : (struct interval){.mid = NAN});
    }
}

static size_t row_end(const struct estimate **estimate, size_t from, size_t count)
{
    size_t to = from + 1;
    while (to < count && order_row(&estimate[from], &estimate[to]) == 0)
        to++;
    return to;
}

/* Removes what only one run has measured. */
static size_t filter_shared(const struct estimate **estimate, size_t count)
{
    size_t kept = 0;
    for (size_t from = 0, to; from < count; from = to) {
        to = row_end(estimate, from, count);
        for (size_t i = from; i < to && to - from > 1; i++)
            estimate[kept++] = estimate[i];
    }
    return kept;
}

int report_list_shared(struct report *report)
{
    const struct summary *const s = &report->dataset->summary;
    const struct estimate **const shared = calloc(s->count + 1, sizeof *shared);
    size_t count = 0;
    if (!shared)
        return -ENOMEM;
    for (size_t i = 0; i < s->count; i++)
        if (is_main(report->dataset, &s->estimate[i]))
            shared[count++] = &s->estimate[i];
    qsort(shared, count, sizeof *shared, order_row);
    report->shared = shared;
    report->shared_count = filter_shared(shared, count);
    return 0;
}

bool report_has_shared(const struct report *report)
{
    return report->shared_count > 0 && report_has_rows(report);
}

int report_print_runs(const struct report *report, FILE *out)
{
    const struct estimate **const shared = report->shared;
    const size_t count = report->shared_count;
    struct columns columns = {.count = 0};
    for (size_t i = 0; i < count; i++)
        add_column(&columns, shared[i]);
    struct table *const t = new_table(report->dataset, &columns);
    html_print(out, "p", "lead", "%s",
        "Each run separately, in its largest regime; numaprobe compare reports whether two "
        "differ.");
    for (size_t from = 0, to, rows = 0; from < count && rows < ROWS_MAX; from = to, rows++) {
        to = row_end(shared, from, count);
        add_row(t, &columns, shared + from, to - from);
    }
    const int code = report_print_table(out, t, "The same variants in several runs");
    if (columns.left_out)
        html_print(out, "p", "note", "Only the first %d runs have a column here.", RUNS_MAX);
    return code;
}
