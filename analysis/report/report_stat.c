/* SPDX-License-Identifier: MIT
 * What `stat` counted around programs. */
#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { ROWS_MAX = 400 };

static bool same_program(const struct dataset_stat *a, const struct dataset_stat *b)
{
    return strcmp(a->host, b->host) == 0 && strcmp(a->command, b->command) == 0 &&
           strcmp(a->source, b->source) == 0 && strcmp(a->tool, b->tool) == 0 &&
           (a->seconds == b->seconds || (isnan(a->seconds) && isnan(b->seconds)));
}

static void add_row(struct table *t, const struct dataset_stat *s)
{
    table_row(t);
    cell_int(t, s->cpu);
    table_cell(t, PAINT_NONE, "%s", s->role);
    cell_int(t, s->count);
    if (isnan(s->share))
        table_cell(t, PAINT_NONE, NULL);
    else
        table_cell(t, PAINT_NONE, "%.0f%%", s->share * 100);
    table_cell(t, PAINT_NONE, "%s", s->scope);
    table_cell(t, PAINT_NONE, "%s", s->event);
    table_cell(t, PAINT_DIM, "%s", s->reason);
}

static int print_program(const struct dataset_stat *s, size_t rows, FILE *out)
{
    char caption[256];
    struct table *const t = table_with("cpu>|role|count>|ran>|scope|event|why not");
    for (size_t i = 0; i < rows; i++)
        add_row(t, &s[i]);
    snprintf(caption, sizeof caption, "Counted around %.160s", s->command);
    fputs("<h3>", out);
    html_print_text(out, "%s; host %s", s->command, s->host);
    fputs("</h3>\n", out);
    fputs("<p class=\"note\">", out);
    html_print_text(out, "By %s", s->tool);
    if (!isnan(s->seconds))
        html_print_text(out, ", %.3f s", s->seconds);
    if (s->status != SAMPLE_NONE)
        html_print_text(out, ", exit status %" PRId64, s->status);
    fputs(".</p>\n", out);
    return report_print_table(out, t, caption);
}

int report_print_stat(const struct report *report, FILE *out)
{
    const struct dataset *const d = report->dataset;
    int code = 0;
    html_print(out, "p", "lead", "%s",
        "Events around a whole program. An empty count was not counted; the reason is in the last "
        "column.");
    for (size_t from = 0, to; from < d->stats && from < ROWS_MAX && !code; from = to) {
        for (to = from + 1; to < d->stats && same_program(&d->stat[from], &d->stat[to]);)
            to++;
        code = print_program(&d->stat[from], to - from, out);
    }
    if (d->stats > ROWS_MAX)
        html_print(out, "p", "note", "Not all of %zu rows are shown.", d->stats);
    return code;
}
