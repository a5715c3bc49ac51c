/* SPDX-License-Identifier: MIT
 * The top of the page: the verdicts, worst first, and what one has to know before quoting them. */
#include "analysis/charts/panel_select.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <errno.h>
#include <stdlib.h>

struct mark {
    const char *class, *word;
};

static const struct mark marks[] = {[VERDICT_NONE] = {"dim", "no verdict"},
    [VERDICT_SAME] = {"good", "no cost"},
    [VERDICT_SLOWER] = {"bad", "costs"},
    [VERDICT_FASTER] = {"warn", "packed is faster"},
    [VERDICT_OPEN] = {"warn", "undecided"}};

static int print_verdict(const struct report *r, const struct verdict *v, FILE *out)
{
    char *setting = NULL;
    size_t size;
    FILE *const in = open_memstream(&setting, &size);
    if (!in)
        return -ENOMEM;
    print_setting(in, r->dataset, v->first);
    if (fclose(in) != 0) {
        free(setting);
        return -ENOMEM;
    }
    fprintf(out, "<li class=\"%s\"><span class=\"mark\">%s</span> ", marks[v->worst].class,
        marks[v->worst].word);
    html_print(out, "strong", NULL, "%s", v->first->op);
    html_print(out, "span", "text", "%s", v->text);
    html_print(out, "small", NULL, "%s", setting);
    fputs("</li>\n", out);
    free(setting);
    return 0;
}

static size_t count_kind(const struct report *r, enum verdict_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < r->verdicts; i++)
        count += r->verdict[i].worst == kind;
    return count;
}

static void print_summary(const struct report *r, FILE *out)
{
    const size_t bad = count_kind(r, VERDICT_SLOWER), open = count_kind(r, VERDICT_OPEN),
                 none = count_kind(r, VERDICT_NONE);
    if (r->verdicts == 0) {
        html_print(out, "p", "lead", "No layouts were compared, so there is no verdict.");
        return;
    }
    html_print(out, "p", "lead",
        "%zu of %zu questions show a cost%s. %zu undecided, %zu without a verdict.", bad,
        r->verdicts, bad ? ", the worst first" : "", open, none);
}

/* Pairs of cpus have no verdict, but a nearest and a farthest. */
static void print_matrices(const struct report *r, FILE *out)
{
    const struct panels *const matrices = &r->panels[PANELS_MATRIX];
    for (size_t i = 0; i < matrices->count; i++)
        html_print(out, "p", NULL, "Core to core, %s. %s", matrices->panel[i].title,
            matrices->panel[i].about);
}

int report_print_verdicts(const struct report *report, FILE *out)
{
    int code = 0;
    if (report->detected->files)
        report_print_detect_summary(report, out);
    if (report_has_rows(report))
        print_summary(report, out);
    fputs("<ul class=\"verdicts\">\n", out);
    for (size_t i = 0; i < report->verdicts && !code; i++)
        code = print_verdict(report, &report->verdict[i], out);
    fputs("</ul>\n", out);
    print_matrices(report, out);
    return code;
}
