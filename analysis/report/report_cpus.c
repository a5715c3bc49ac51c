/* SPDX-License-Identifier: MIT
 * The cpus that took part: core, L3, package and node of each, once for all runs that agree on it.
 */
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <errno.h>
#include <stdlib.h>

enum { ROWS_MAX = 512 };

struct placed {
    const char *host;
    const struct dataset_cpu *place;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *const x = a, *const y = b;
    const int64_t number[][2] = {{x->place->cpu, y->place->cpu}, {x->place->core, y->place->core},
        {x->place->l3, y->place->l3}, {x->place->package, y->place->package},
        {x->place->node, y->place->node}};
    const int order = compare_text(x->host, y->host);
    return order ? order : compare_ints(number, sizeof number / sizeof *number);
}

static size_t count_places(const struct dataset *d)
{
    size_t count = 0;
    for (size_t i = 0; i < d->runs; i++)
        count += d->run[i].places;
    return count;
}

static void list_places(const struct dataset *d, struct placed *out)
{
    for (size_t i = 0; i < d->runs; i++)
        for (size_t k = 0; k < d->run[i].places; k++)
            *out++ = (struct placed){d->run[i].host, &d->run[i].place[k]};
}

static void add_row(struct table *t, const struct placed *placed, size_t runs)
{
    const struct dataset_cpu *const p = placed->place;
    const int64_t number[] = {p->cpu, p->core, p->l3, p->package, p->node};
    table_row(t);
    for (size_t i = 0; i < sizeof number / sizeof *number; i++)
        cell_int(t, number[i]);
    table_cell(t, PAINT_NONE, "%zu", runs);
    table_cell(t, PAINT_NONE, "%s", placed->host);
}

/* Rows of pairs place one of the two; if another run placed the other, that row is shown instead.
 * `next` is the next in order, and unplaced cpus come first. */
static bool is_told_next(const struct placed *placed, const struct placed *next)
{
    return placed->place->core == SAMPLE_NONE && placed->place->node == SAMPLE_NONE &&
           placed->place->cpu == next->place->cpu && compare_text(placed->host, next->host) == 0;
}

/* How many rows there would be more. */
static size_t add_rows(struct table *t, const struct placed *placed, size_t count)
{
    size_t rows = 0;
    for (size_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && by_place(&placed[from], &placed[to]) == 0)
            to++;
        if (to < count && is_told_next(&placed[from], &placed[to]))
            continue;
        if (rows++ < ROWS_MAX)
            add_row(t, &placed[from], to - from);
    }
    return rows > ROWS_MAX ? rows - ROWS_MAX : 0;
}

int report_print_cpus(const struct report *report, FILE *out)
{
    const size_t count = count_places(report->dataset);
    struct placed *const placed = calloc(count + 1, sizeof *placed);
    if (!placed)
        return -ENOMEM;
    struct table *const t = table_with("cpu>|core>|L3>|package>|node>|runs>|host");
    list_places(report->dataset, placed);
    qsort(placed, count, sizeof *placed, by_place);
    const size_t left_out = add_rows(t, placed, count);
    free(placed);
    fputs("<details><summary>Core, L3, package and node of each cpu</summary>\n", out);
    const int code = report_print_table(out, t, "Cpus that took part");
    fputs("</details>\n", out);
    if (left_out)
        html_print(out, "p", "note", "%zu more are in the CSV and not shown here.", left_out);
    return code;
}
