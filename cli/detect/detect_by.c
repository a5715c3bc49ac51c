/* SPDX-License-Identifier: MIT
 * The tables of --by: the findings by pairs of functions, or by type. */
#include "cli/detect/detect.h"

#include "analysis/format/format.h"
#include "base/text.h"
#include "cli/cmd.h"

enum { ROWS_SHOWN = 20, WORDS_SHOWN = 6 };

/* "a, b and 3 more" */
static void add_words(struct table *t, const struct view_words *words)
{
    char text[512] = "";
    for (size_t i = 0; i < words->count && i < WORDS_SHOWN; i++)
        text_append_item(text, sizeof text, ", ", "%s", words->at[i]);
    if (words->count > WORDS_SHOWN)
        text_append(text, sizeof text, " and %zu more", words->count - WORDS_SHOWN);
    table_cell(t, PAINT_NONE, "%s", text);
}

/* What happened as a rate; of what did not, how much may. */
static void add_amounts(struct table *t, double per_second, uint64_t possible)
{
    char text[CELL_TEXT];
    table_cell(t, PAINT_NONE, "%s", per_second > 0 ? count_text(per_second, text) : "");
    table_cell(t, PAINT_NONE, "%s", possible ? count_text((double)possible, text) : "");
}

static struct table *function_table(const struct detect_view *view)
{
    struct table *const t = table_with("a second>|latent>|object|function|and function");
    for (size_t i = 0; i < view->by_function.count && i < ROWS_SHOWN; i++) {
        const struct view_pair *const pair = &view->by_function.at[i];
        table_row(t);
        add_amounts(t, pair->per_second, pair->possible);
        TABLE_TEXTS(t, pair->object, pair->functions.at[0], pair->functions.at[1]);
    }
    return t;
}

static struct table *type_table(const struct detect_view *view)
{
    struct table *const t = table_with("a second>|latent>|lines>|type|objects|fields");
    for (size_t i = 0; i < view->by_type.count && i < ROWS_SHOWN; i++) {
        const struct view_type *const type = &view->by_type.at[i];
        char lines[CELL_TEXT];
        table_row(t);
        add_amounts(t, type->per_second, type->possible);
        TABLE_TEXTS(t, count_text((double)type->cache_lines, lines), type->type);
        add_words(t, &type->objects);
        add_words(t, &type->fields);
    }
    return t;
}

void detect_print_by(const struct detect_view *view, enum detect_by by, FILE *out)
{
    const bool functions = by == BY_FUNCTION;
    const size_t count = functions ? view->by_function.count : view->by_type.count;
    if (by == BY_NOTHING || count == 0)
        return;
    fprintf(out, "\nFalse hand-overs by %s:\n", functions ? "pairs of functions" : "type");
    cmd_print_table(functions ? function_table(view) : type_table(view), out);
    if (count > ROWS_SHOWN)
        fprintf(out, "and %zu more rows (--json has all)\n", count - ROWS_SHOWN);
}
