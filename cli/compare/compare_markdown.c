/* SPDX-License-Identifier: MIT
 * A comparison as GitHub-flavoured Markdown. */
#include "analysis/format/format.h"
#include "analysis/format/markdown.h"
#include "cli/compare/compare_forms.h"

#include <math.h>

static void print_cell(const char *text, FILE *out)
{
    fputs(" ", out);
    markdown_text(out, text);
    fputs(" |", out);
}

static void print_table_header(FILE *out)
{
    fputs("| layout | op | variant | role | A ns | B ns | B/A | 95% | delta | n A | n B | |\n"
          "|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|---|\n",
        out);
}

static void print_pair(const struct compare_pair *pair, FILE *out)
{
    const struct estimate *a = pair->a.estimate, *b = pair->b.estimate;
    char text[COMPARE_TEXT];
    fputs("|", out);
    print_cell(a->layout, out);
    print_cell(a->op, out);
    compare_variant_text(a, text);
    print_cell(text, out);
    print_cell(a->role, out);
    print_cell(number_text(a->ns.mid, text), out);
    print_cell(number_text(b->ns.mid, text), out);
    print_cell(ratio_text(pair->ratio.mid, text), out);
    print_cell(ratio_range_text(pair->ratio, text), out);
    if (isnan(pair->delta))
        fputs(" |", out);
    else
        fprintf(out, " %+.2f |", pair->delta);
    fprintf(out, " %zu | %zu | %s |\n", a->ns.n, b->ns.n, compare_verdicts[pair->kind]);
}

static bool has_changed(const struct compare_pair *pair)
{
    return pair->kind == VERDICT_SLOWER || pair->kind == VERDICT_FASTER;
}

static void print_changed(const struct comparison *c, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < c->pairs; i++) {
        if (!has_changed(&c->pair[i]))
            continue;
        if (!any)
            print_table_header(out);
        any = true;
        print_pair(&c->pair[i], out);
    }
    if (any)
        fputc('\n', out);
}

static void print_runs(const struct compare_pair *pair, FILE *out)
{
    for (int i = 0; i < COMPARE_RUN_LINES; i++) {
        char text[COMPARE_LINE];
        compare_run_line(pair, i, text);
        if (!*text)
            continue;
        fputs("- ", out);
        markdown_text(out, text);
        fputc('\n', out);
    }
    fputc('\n', out);
}

static void print_all_pairs(const struct comparison *c, FILE *out)
{
    fprintf(out, "<details><summary>All estimates: %zu</summary>\n", c->pairs);
    for (size_t from = 0, to; from < c->pairs; from = to) {
        char text[COMPARE_LINE];
        const struct compare_pair *const first = &c->pair[from];
        fputc('\n', out);
        if (from == 0 || !compare_same_runs(first - 1, first))
            print_runs(first, out);
        compare_section_text(first, text);
        markdown_text(out, text);
        fputs("\n\n", out);
        print_table_header(out);
        for (to = from; to < c->pairs && compare_same_section(first, &c->pair[to]); to++)
            print_pair(&c->pair[to], out);
    }
    fputs("\n</details>\n", out);
}

static void print_singles(const struct comparison *c, FILE *out)
{
    if (c->singles == 0)
        return;
    fprintf(out, "\n<details><summary>Without a partner: %zu</summary>\n\n", c->singles);
    fputs("| only in | layout | op | variant | role | why |\n|---|---|---|---|---|---|\n", out);
    for (size_t i = 0; i < c->singles; i++) {
        const struct estimate *f = c->single[i].side.estimate;
        char text[COMPARE_TEXT];
        fprintf(out, "| %s |", c->single[i].in_b ? "B" : "A");
        print_cell(f->layout, out);
        print_cell(f->op, out);
        compare_variant_text(f, text);
        print_cell(text, out);
        print_cell(f->role, out);
        print_cell(compare_alone_texts[c->single[i].why], out);
        fputc('\n', out);
    }
    fputs("\n</details>\n", out);
}

void compare_print_markdown(const struct compare_report *r, FILE *out)
{
    fputs("**numaprobe compare**: ", out);
    compare_answer(r, out);
    fputc('\n', out);
    print_changed(r->comparison, out);
    print_all_pairs(r->comparison, out);
    print_singles(r->comparison, out);
}
