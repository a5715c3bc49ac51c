/* SPDX-License-Identifier: MIT
 * A comparison for a terminal: the answer, then section by section, then what had no partner. */
#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "cli/compare/compare_forms.h"

#include <math.h>

static struct table *new_pair_table(void)
{
    struct table *t = estimate_table("op|variant|role|A ns>|B ns>|B/A>|95%>|delta>|n>");
    table_column(t, "", TABLE_LEFT); /* the verdict, which needs no name */
    return t;
}

static void add_pair(struct table *t, const struct compare_pair *pair)
{
    const struct estimate *a = pair->a.figure, *b = pair->b.figure;
    const enum table_paint paint = verdict_paints[pair->kind];
    char text[COMPARE_TEXT];
    table_row(t);
    table_cell(t, PAINT_NONE, "%s", a->op);
    compare_variant_text(a, text);
    table_cell(t, PAINT_NONE, "%s", text);
    table_cell(t, PAINT_NONE, "%s", a->role);
    cell_number(t, a->ns.mid);
    cell_number(t, b->ns.mid);
    table_cell(t, paint, "%s", ratio_text(pair->ratio.mid, text));
    cell_ratio_range(t, pair->ratio);
    if (isnan(pair->delta))
        table_cell(t, PAINT_NONE, NULL);
    else
        table_cell(t, PAINT_NONE, "%+.2f", pair->delta);
    table_cell(t, PAINT_NONE, "%zu/%zu", a->ns.n, b->ns.n);
    if (pair->kind != VERDICT_SAME)
        table_cell(t, paint, "%s", compare_verdicts[pair->kind]);
}

static void print_section(const struct compare_pair *pair, size_t count, FILE *out)
{
    char text[COMPARE_LINE];
    compare_section_text(pair, text);
    fprintf(out, "\n%s\n", text);
    struct table *t = new_pair_table();
    for (size_t i = 0; i < count; i++)
        add_pair(t, &pair[i]);
    table_text(t, out, cmd_look(out));
    table_free(t);
}

enum { SINGLES_SHOWN = 12 };

static void print_singles(const struct comparison *c, FILE *out)
{
    if (c->singles == 0)
        return;
    struct table *t = estimate_table("only in|layout|op|variant|role|why");
    for (size_t i = 0; i < c->singles && i < SINGLES_SHOWN; i++) {
        const struct estimate *f = c->single[i].side.figure;
        char text[COMPARE_TEXT];
        compare_variant_text(f, text);
        table_row(t);
        table_cell(t, PAINT_NONE, c->single[i].in_b ? "B" : "A");
        table_cell(t, PAINT_NONE, "%s", f->layout);
        table_cell(t, PAINT_NONE, "%s", f->op);
        table_cell(t, PAINT_NONE, "%s", text);
        table_cell(t, PAINT_NONE, "%s", f->role);
        table_cell(t, PAINT_DIM, "%s", compare_alone_texts[c->single[i].why]);
    }
    fputc('\n', out);
    table_text(t, out, cmd_look(out));
    table_free(t);
    if (c->singles > SINGLES_SHOWN)
        fprintf(out, "and %zu more: --csv names all.\n", c->singles - SINGLES_SHOWN);
}

static void print_runs(const struct compare_pair *pair, FILE *out)
{
    fputc('\n', out);
    for (int i = 0; i < COMPARE_RUN_LINES; i++) {
        char text[COMPARE_LINE];
        compare_run_line(pair, i, text);
        if (*text)
            cmd_warn(out, "%s", text);
    }
}

void compare_print_text(const struct compare_report *r, FILE *out)
{
    const struct comparison *c = r->comparison;
    compare_answer(r, out);
    for (size_t from = 0, to; from < c->pairs; from = to) {
        to = from + 1;
        while (to < c->pairs && compare_same_section(&c->pair[from], &c->pair[to]))
            to++;
        if (from == 0 || !compare_same_runs(&c->pair[from - 1], &c->pair[from]))
            print_runs(&c->pair[from], out);
        print_section(&c->pair[from], to - from, out);
    }
    print_singles(c, out);
    if (r->gate > 0 && r->tally.worse == 0 && r->tally.unjudged == 0)
        fprintf(out, "\nGate passed%s.\n",
            r->tally.open ? "; what is undecided needs more blocks" : "");
}
