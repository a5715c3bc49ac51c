/* SPDX-License-Identifier: MIT
 * Panels on the page: charts, and their data as tables. */
#include "analysis/charts/svg.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <errno.h>
#include <stdlib.h>

/* All of a drawing; NULL when it is empty. The caller frees it. */
static char *read_file(FILE *file, size_t *size)
{
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    const long end = ftell(file);
    char *const text = end > 0 ? malloc((size_t)end) : NULL;
    rewind(file);
    *size = text ? fread(text, 1, (size_t)end, file) : 0;
    return text;
}

/* A chart that is wider than others scrolls on a narrow screen, where its text would be too small.
 */
static void print_box(const struct drawing *d, FILE *out)
{
    const unsigned width = d->panel->width_px;
    if (width <= CHART_WIDTH_PX) {
        fprintf(out, "<div class=\"drawing\" data-chart=\"%s\" style=\"max-width: %upx\">",
            d->chart->name, width);
        return;
    }
    fprintf(out,
        "<div class=\"drawing scroll\" data-chart=\"%s\" style=\"max-width: %upx; --least: %upx\" "
        "tabindex=\"0\" role=\"region\" aria-label=\"Chart: ",
        d->chart->name, width, width * 3 / 4);
    html_text(out, d->panel->title);
    fputs("\">", out);
}

static void print_drawing(const struct drawing *d, size_t number, FILE *out)
{
    char prefix[32];
    size_t size = 0;
    snprintf(prefix, sizeof prefix, "c%zu", number);
    char *const svg = read_file(d->out, &size);
    const struct svg_label label = {prefix, d->panel->title, d->panel->about};
    print_box(d, out);
    if (*d->why.text || !svg || svg_print(out, svg, size, &label) != 0)
        html_print(out, "p", "warn", "This chart could not be drawn: %s.",
            *d->why.text ? d->why.text : "gnuplot wrote no SVG");
    fputs("</div>\n", out);
    free(svg);
}

static bool print_drawings(const struct report *r, const struct panel *panel, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < r->drawings && !*r->no_charts.text; i++)
        if (r->drawing[i].panel == panel) {
            print_drawing(&r->drawing[i], i, out);
            any = true;
        }
    return any;
}

static int print_panel(const struct report *r, const struct report_section *section,
    const struct panel *panel, FILE *out)
{
    fprintf(out, "<figure class=\"panel%s\">\n<figcaption><h3>", section->open ? " wide" : "");
    html_text(out, panel->title);
    fputs("</h3></figcaption>\n", out);
    const bool drawn = print_drawings(r, panel, out);
    const bool folded = drawn && !section->open;
    fputs(folded ? "<details><summary>Data as a table</summary>\n" : "<div>", out);
    const int code = html_table(out, panel->table, panel->title);
    fputs(folded ? "</details>\n" : "</div>\n", out);
    if (*panel->note)
        html_print(out, "p", "note", "%s", panel->note);
    fputs("</figure>\n", out);
    return code == -ENOMEM ? code : 0;
}

int report_print_panels(
    const struct report *report, const struct report_section *section, FILE *out)
{
    const struct panels *const panels = &report->panels[section->panels];
    int code = 0;
    html_print(out, "p", "lead", "%s", section->lead);
    fprintf(out, "<div class=\"panels%s\">\n", section->open || section->whole ? " one" : "");
    for (size_t i = 0; i < panels->count && !code; i++)
        code = print_panel(report, section, &panels->panel[i], out);
    fputs("</div>\n", out);
    if (panels->left_out)
        html_print(
            out, "p", "note", "%zu more are in the CSV and not shown here.", panels->left_out);
    return code;
}
