/* SPDX-License-Identifier: MIT
 * Runs side by side: the same variant in a row, a run in a column. Nothing is pooled and nothing
 * judged: that is the business of `compare`. */
#include "analysis/report_inside.h"
#include "analysis/figure_cells.h"
#include "analysis/group.h"
#include "analysis/html.h"
#include "analysis/panel_pick.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MAX = 8, ROWS_MAX = 400 };

/* Only a run's largest regime: labels of regimes mean nothing to another run. */
static bool is_main(const struct dataset *dataset, const struct figure *f)
{
    if (!pick_run(dataset, f))
        return false;
    const struct regime *largest = dataset->summary.regime; /* they stand in that order */
    while (compare_text(largest->run_id, f->run_id) || compare_text(largest->host, f->host))
        largest++;
    return largest->regime == f->regime;
}

static int order_row(const void *a, const void *b)
{
    const struct figure *x = *(const struct figure *const *)a,
                        *y = *(const struct figure *const *)b;
    const int what = order_kind(x, y);
    const int op = what ? what : order_op(x, y);
    return op ? op : order_variant(x, y);
}

struct columns {
    const struct dataset_run *run[RUNS_MAX];
    size_t count, left_out;
};

static struct columns columns_of(const struct dataset *dataset)
{
    struct columns c = {.count = 0};
    for (size_t i = 0; i < dataset->runs; i++) {
        if (strcmp(dataset->run[i].instrument, "run") != 0)
            continue;
        if (c.count < RUNS_MAX)
            c.run[c.count++] = &dataset->run[i];
        else
            c.left_out++;
    }
    return c;
}

static struct table *table_begin(const struct columns *c)
{
    struct table *const t = cells_table("layout|op|variant|role|mode|gap ns>|distance|threads>");
    for (size_t i = 0; i < c->count; i++) {
        char name[128];
        snprintf(name, sizeof name, "%.64s %.8s, ns/op", c->run[i]->host, c->run[i]->run_id);
        table_column(t, name, TABLE_RIGHT);
        table_column(t, "ratio", TABLE_RIGHT);
    }
    return t;
}

static void put_row(
    struct table *t, const struct columns *c, const struct figure **figure, size_t count)
{
    const struct figure *const f = figure[0];
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
        const struct figure *here = NULL;
        for (size_t k = 0; k < count && !here; k++)
            if (compare_text(figure[k]->run_id, c->run[i]->run_id) == 0 &&
                compare_text(figure[k]->host, c->run[i]->host) == 0)
                here = figure[k];
        cell_ns(t, here ? here->ns.mid : NAN);
        cell_ratio(t, here ? here->ratio : (struct interval){.mid = NAN});
    }
}

static int put_rows(const struct columns *c, const struct figure **figure, size_t count, FILE *out)
{
    struct table *const t = table_begin(c);
    qsort(figure, count, sizeof *figure, order_row);
    for (size_t from = 0, to, rows = 0; from < count && rows < ROWS_MAX; from = to) {
        for (to = from + 1; to < count && order_row(&figure[from], &figure[to]) == 0;)
            to++;
        put_row(t, c, figure + from, to - from);
        rows++;
    }
    return report_put_table(out, t, "The same variants in several runs");
}

int report_put_beside(const struct report *report, FILE *out)
{
    const struct summary *const s = &report->dataset->summary;
    const struct columns c = columns_of(report->dataset);
    if (c.count < 2)
        return 0;
    const struct figure **const figure = calloc(s->count + 1, sizeof *figure);
    if (!figure)
        return -ENOMEM;
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        if (is_main(report->dataset, &s->figure[i]))
            figure[count++] = &s->figure[i];
    fputs("<section id=\"beside\">\n<h2>Side by side</h2>\n", out);
    html_put(out, "p", "lead",
        "Each run by itself, in its largest regime; numaprobe compare says "
        "whether two of them differ.");
    const int code = put_rows(&c, figure, count, out);
    if (c.left_out)
        html_put(out, "p", "note", "%zu more runs have no column here.", c.left_out);
    fputs("</section>\n", out);
    free(figure);
    return code;
}
