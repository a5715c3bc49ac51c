/* SPDX-License-Identifier: MIT
 * The page as a whole, and its sections of charts. */
#include "analysis/charts/svg.h"
#include "analysis/format/html.h"
#include "analysis/report/report_detect.h"
#include "analysis/report/report_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int report_print_table(FILE *out, struct table *table, const char *caption)
{
    const int code = table ? html_table(out, table, caption) : -ENOMEM;
    table_free(table);
    return code == -ENOMEM ? code : 0;
}

/* All of a drawing; NULL when it is empty. The caller frees it. */
static char *whole(FILE *file, size_t *size)
{
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    const long end = ftell(file);
    char *const text = end > 0 ? malloc((size_t)end) : NULL;
    rewind(file);
    *size = text ? fread(text, 1, (size_t)end, file) : 0;
    return text;
}

static void put_drawing(const struct drawing *d, size_t number, FILE *out)
{
    char prefix[32];
    size_t size;
    snprintf(prefix, sizeof prefix, "c%zu", number);
    char *const svg = whole(d->out, &size);
    const struct svg_label label = {prefix, d->panel->title, d->panel->about};
    fprintf(out, "<div class=\"drawing\" data-chart=\"%s\">", d->chart->name);
    if (*d->why.text || !svg || svg_print(out, svg, size, &label) != 0)
        html_print(out, "p", "warn", "This chart could not be drawn: %s.",
            *d->why.text ? d->why.text : "gnuplot wrote no SVG");
    fputs("</div>\n", out);
    free(svg);
}

static bool put_drawings(const struct report *r, const struct panel *panel, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < r->drawings && !*r->no_charts.text; i++)
        if (r->drawing[i].panel == panel) {
            put_drawing(&r->drawing[i], i, out);
            any = true;
        }
    return any;
}

static int put_panel(const struct report *r, const struct report_section *section,
    const struct panel *panel, FILE *out)
{
    fprintf(out, "<figure class=\"panel%s\">\n<figcaption><h3>", section->open ? " wide" : "");
    html_text(out, panel->title);
    fputs("</h3></figcaption>\n", out);
    const bool drawn = put_drawings(r, panel, out);
    const bool folded = drawn && !section->open;
    fputs(folded ? "<details><summary>Data as a table</summary>\n" : "<div>", out);
    const int code = html_table(out, panel->table, panel->title);
    fputs(folded ? "</details>\n" : "</div>\n", out);
    if (*panel->note)
        html_print(out, "p", "note", "%s", panel->note);
    fputs("</figure>\n", out);
    return code == -ENOMEM ? code : 0;
}

int report_print_section(const struct report *report, size_t index, FILE *out)
{
    const struct report_section *const section = &report_sections[index];
    const struct panels *const panels = &report->panels[index];
    int code = 0;
    fprintf(out, "<section id=\"%s\">\n", section->id);
    html_print(out, "h2", NULL, "%s", section->heading);
    html_print(out, "p", "lead", "%s", panels->count ? section->lead : section->none);
    fprintf(out, "<div class=\"panels%s\">\n", section->open ? " one" : "");
    for (size_t i = 0; i < panels->count && !code; i++)
        code = put_panel(report, section, &panels->panel[i], out);
    fputs("</div>\n", out);
    if (panels->left_out)
        html_print(
            out, "p", "note", "%zu more are in the CSV and not shown here.", panels->left_out);
    fputs("</section>\n", out);
    return code;
}

static void put_head(const struct report *r, FILE *out)
{
    fprintf(out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; form-action "
        "'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>numaprobe report",
        report_script_hash);
    if (r->dataset->runs) {
        fputs(": ", out);
        html_text(out, r->dataset->run[0].host);
        fputs(r->dataset->runs > 1 ? " …" : "", out);
    } else if (r->detected->files) {
        fputs(": ", out);
        report_detect_print_program(r->detected->file[0], out);
        fputs(r->detected->files > 1 ? " …" : "", out);
    }
    fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", report_style);
}

static size_t count_hosts(const struct dataset *d)
{
    size_t hosts = 0;
    for (size_t i = 0; i < d->runs; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = strcmp(d->run[k].host, d->run[i].host) == 0;
        hosts += !seen;
    }
    return hosts;
}

static void put_link(const char *id, const char *name, FILE *out)
{
    fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", id, name);
}

static void put_nav(const struct report *r, FILE *out)
{
    const bool rows = report_has_rows(r);
    fputs("<nav aria-label=\"Contents\"><ul>\n", out);
    put_link("answer", "Answer", out);
    if (rows)
        put_link("warnings", "Warnings", out);
    for (size_t i = 0; rows && i < REPORT_SECTIONS; i++)
        put_link(report_sections[i].id, report_sections[i].heading, out);
    put_link("found", "False sharing", out);
    if (rows) {
        put_link("stat", "Programs", out);
        put_link("machines", "Machines", out);
    }
    put_link("again", "Run it again", out);
    fputs("</ul></nav>\n", out);
}

static void put_header(const struct report *r, FILE *out)
{
    const size_t hosts = count_hosts(r->dataset), runs = r->dataset->runs,
                 programs = r->detected->files;
    fputs("<a class=\"skip\" href=\"#answer\">Skip to the answer</a>\n<header>\n"
          "<h1>What the layout of shared data costs</h1>\n<p class=\"lead\">numaprobe report over ",
        out);
    if (report_has_rows(r))
        fprintf(out, "%zu run%s on %zu host%s", runs, runs == 1 ? "" : "s", hosts,
            hosts == 1 ? "" : "s");
    if (programs)
        fprintf(out, "%s%zu watched program%s", report_has_rows(r) ? " and " : "", programs,
            programs == 1 ? "" : "s");
    if (report_has_rows(r))
        fputs(
            ". Every figure is a median with a 95% interval over blocks; roles, regimes and hosts "
            "are never pooled",
            out);
    fputs(".</p>\n", out);
    put_nav(r, out);
    fputs("</header>\n<main>\n", out);
}

bool report_has_rows(const struct report *r)
{
    return r->dataset->runs || r->dataset->stats || r->detected->files == 0;
}

static int put_figures(const struct report *report, FILE *out)
{
    int code = report_print_warnings(report, out);
    if (!code)
        code = report_print_runs(report, out);
    for (size_t i = 0; i < REPORT_SECTIONS && !code; i++)
        code = report_print_section(report, i, out);
    return code;
}

int report_html(const struct report *report, FILE *out)
{
    const bool rows = report_has_rows(report);
    put_head(report, out);
    put_header(report, out);
    int code = report_print_verdicts(report, out);
    if (!code && rows)
        code = put_figures(report, out);
    if (!code)
        code = report_print_detect(report, out);
    if (!code && rows)
        code = report_print_stat(report, out);
    if (!code && rows)
        code = report_print_machines(report, out);
    if (!code)
        code = report_print_commands(report, out);
    fprintf(out,
        "</main>\n<footer><p>numaprobe " VERSION ". How each figure comes about, and what "
        "it cannot see, is in docs/method.md of the source.</p></footer>\n"
        "<script>%s</script>\n</body>\n</html>\n",
        report_script);
    return code;
}
