/* SPDX-License-Identifier: MIT
 * A comparison for a terminal: the answer, then section by section, then what had no partner. */
#include "analysis/format/format.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/compare/compare_forms.h"

#include <math.h>

static void add_pair(struct table *t, const struct compare_pair *pair)
{
    const struct estimate *a = pair->a.estimate, *b = pair->b.estimate;
    const enum table_paint paint = verdict_paints[pair->kind];
    char text[COMPARE_TEXT];
    if (estimate_is_map(a)) {
        compare_strategy_text(a, text);
        TABLE_ROW(t, text);
    } else {
        compare_variant_text(a, text);
        TABLE_ROW(t, a->op, text, a->role);
    }
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
    text_print(out, "\n%s\n", text);
    /* The last column is the verdict, which needs no name. */
    struct table *t = table_with(estimate_is_map(pair->a.estimate)
                                     ? "strategy|A ns>|B ns>|B/A>|95%>|delta>|n>||"
                                     : "op|variant|role|A ns>|B ns>|B/A>|95%>|delta>|n>||");
    for (size_t i = 0; i < count; i++)
        add_pair(t, &pair[i]);
    cmd_print_table(t, out);
}

enum { SINGLES_SHOWN = 12 };

static void print_singles(const struct comparison *c, FILE *out)
{
    if (c->singles == 0)
        return;
    struct table *t = table_with("only in|layout|op|variant|role|why");
    for (size_t i = 0; i < c->singles && i < SINGLES_SHOWN; i++) {
        const struct estimate *f = c->single[i].side.estimate;
        char text[COMPARE_TEXT];
        compare_variant_text(f, text);
        TABLE_ROW(t, c->single[i].in_b ? "B" : "A", f->layout, f->op, text, f->role);
        table_cell(t, PAINT_DIM, "%s", compare_alone_texts[c->single[i].why]);
    }
    fputc('\n', out);
    cmd_print_table(t, out);
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
