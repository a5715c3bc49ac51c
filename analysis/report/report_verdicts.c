/* SPDX-License-Identifier: MIT
 * The top of the page: what was found in programs, then the verdicts by layout, worst first, each
 * question once with the runs that ask it, then what a matrix and a price list say in a line. */
#include "analysis/card/card_page.h"
#include "analysis/charts/panel_select.h"
#include "analysis/format/html.h"
#include "analysis/overview/overview.h"
#include "analysis/report/report_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { VERDICTS_MAX = 200 }; /* shown: worst first, and nobody reads more */

struct mark {
    const char *class, *word;
};

static const struct mark marks[] = {[VERDICT_NONE] = {"dim", "no verdict"},
    [VERDICT_SAME] = {"good", "no cost"},
    [VERDICT_SLOWER] = {"bad", "costs"},
    [VERDICT_FASTER] = {"warn", "packed is faster"},
    [VERDICT_OPEN] = {"warn", "undecided"}};

/* Some of report->verdict, by index, in their order. */
struct verdict_list {
    size_t index[VERDICTS_MAX], count;
};

typedef bool alike_fn(const struct estimate *a, const struct estimate *b);

static bool is_same_layout(const struct estimate *a, const struct estimate *b)
{
    return strcmp(a->layout, b->layout) == 0;
}

static bool is_same_question(const struct estimate *a, const struct estimate *b)
{
    return order_kind(a, b) == 0 && order_op(a, b) == 0;
}

/* Moves those that are like the first of `from` to `to`. */
static void take_alike(
    const struct report *r, struct verdict_list *from, alike_fn *alike, struct verdict_list *to)
{
    const struct estimate *const first = r->verdict[from->index[0]].first;
    size_t left = 0;
    to->index[0] = from->index[0];
    to->count = 1;
    for (size_t i = 1; i < from->count; i++)
        if (alike(first, r->verdict[from->index[i]].first))
            to->index[to->count++] = from->index[i];
        else
            from->index[left++] = from->index[i];
    from->count = left;
}

static size_t count_kind(
    const struct report *r, const struct verdict_list *list, enum verdict_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += r->verdict[list->index[i]].worst == kind;
    return count;
}

static void print_counts(const struct report *r, const struct verdict_list *list, FILE *out)
{
    static const struct {
        enum verdict_kind kind;
        const char *text;
    } counts[] = {{VERDICT_SLOWER, "with a cost"}, {VERDICT_FASTER, "faster packed"},
        {VERDICT_SAME, "without a cost"}, {VERDICT_OPEN, "undecided"},
        {VERDICT_NONE, "without a verdict"}};
    const char *between = "";
    fprintf(out, "%zu comparison%s: ", list->count, list->count == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const size_t count = count_kind(r, list, counts[i].kind);
        if (count == 0 && counts[i].kind != VERDICT_SLOWER)
            continue;
        fprintf(out, "%s%zu %s", between, count, counts[i].text);
        between = ", ";
    }
    fputc('.', out);
}

/* The file, host and regime where there are several; without the separator that begins them. */
static int print_whose(const struct report *r, const struct verdict *v, FILE *out)
{
    char *text = NULL;
    size_t size;
    FILE *const in = open_memstream(&text, &size);
    if (!in)
        return -ENOMEM;
    print_origin(in, r->dataset, v->first);
    const bool failed = fclose(in) != 0;
    if (!failed && *text)
        html_print(out, "small", NULL, "%s", text + strlen("; "));
    free(text);
    return failed ? -ENOMEM : 0;
}

static int print_verdict(
    const struct report *r, const struct ratio_scale *scale, const struct verdict *v, FILE *out)
{
    html_print(out, "span", marks[v->worst].class, "%s", marks[v->worst].word);
    ratio_print(r, scale, v, out);
    fputs("<div class=\"text\">", out);
    html_text(out, v->text);
    const int code = print_whose(r, v, out);
    fputs("</div>\n", out);
    return code;
}

static int print_question_of(const struct report *r, const struct ratio_scale *scale,
    const struct verdict_list *list, FILE *out)
{
    const struct verdict *const first = &r->verdict[list->index[0]];
    char *setting = NULL;
    size_t size;
    FILE *const in = open_memstream(&setting, &size);
    int code = in ? 0 : -ENOMEM;
    if (in) {
        print_question(in, first->first);
        code = fclose(in) ? -ENOMEM : 0;
    }
    fprintf(out, "<li class=\"%s\"><div class=\"what\" style=\"grid-row: span %zu\">",
        marks[first->worst].class, list->count);
    html_print(out, "strong", NULL, "%s", first->first->op);
    html_print(out, "small", NULL, "%s", code ? "" : setting);
    fputs("</div>\n", out);
    for (size_t i = 0; i < list->count && !code; i++)
        code = print_verdict(r, scale, &r->verdict[list->index[i]], out);
    fputs("</li>\n", out);
    free(setting);
    return code;
}

static int print_layout(
    const struct report *r, const struct ratio_scale *scale, struct verdict_list *layout, FILE *out)
{
    struct verdict_list question;
    int code = 0;
    html_print(out, "h3", NULL, "%s", r->verdict[layout->index[0]].first->layout);
    fputs("<ul class=\"verdicts\">\n<li class=\"axis\">", out);
    ratio_print_axis(scale, out);
    fputs("</li>\n", out);
    while (layout->count && !code) {
        take_alike(r, layout, is_same_question, &question);
        code = print_question_of(r, scale, &question, out);
    }
    fputs("</ul>\n", out);
    return code;
}

static int print_layouts(const struct report *r, FILE *out)
{
    struct verdict_list all = {.count = 0}, layout;
    const struct ratio_scale scale = ratio_scale_of(r);
    int code = 0;
    for (size_t i = 0; i < r->verdicts && i < VERDICTS_MAX; i++)
        all.index[all.count++] = i;
    fputs("<p class=\"lead\">", out);
    print_counts(r, &all, out);
    fputs(" A dot is the time at one alignment divided by that of the same words on separate lines "
          "(isolated), with its 95% interval, on a logarithmic scale; the filled dot is the "
          "smallest alignment.</p>\n",
        out);
    while (all.count && !code) {
        take_alike(r, &all, is_same_layout, &layout);
        code = print_layout(r, &scale, &layout, out);
    }
    if (r->verdicts > VERDICTS_MAX)
        html_print(out, "p", "note",
            "%zu more are in the CSV and not shown here; these are the worst.",
            r->verdicts - VERDICTS_MAX);
    return code;
}

/* What has no verdict, but a least and a most. */
static void print_briefs(const struct report *r, enum panels_kind kind, const char *what, FILE *out)
{
    const struct panels *const panels = &r->panels[kind];
    for (size_t i = 0; i < panels->count; i++) {
        fputs("<p class=\"brief\">", out);
        html_print(out, "strong", NULL, "%s", what);
        html_print_text(out, "%s. %s", panels->panel[i].title, panels->panel[i].brief);
        fputs("</p>\n", out);
    }
}

int report_print_verdicts(const struct report *report, FILE *out)
{
    int code = report->hosts ? overview_print_named(report->hosts, out) : 0;
    if (report->detected->files)
        report_print_detect_summary(report, out);
    report_print_watched_summary(report, out);
    card_page_summary(report->cards, out);
    if (report->compared_count)
        report_print_compared_summary(report, out);
    if (report->verdicts && !code)
        code = print_layouts(report, out);
    else if (report_has_rows(report) && !report->maps.groups)
        html_print(
            out, "p", "lead", "No layouts were compared, so there is no verdict on a layout.");
    if (!code && report->maps.groups)
        code = report_print_maps_summary(report, out);
    print_briefs(report, PANELS_MATRIX, "Core to core", out);
    print_briefs(report, PANELS_COSTS, "Price list", out);
    print_briefs(report, PANELS_NODES, "Latency of memory", out);
    return code;
}
