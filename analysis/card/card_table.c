/* SPDX-License-Identifier: MIT
 * Tables of numbers: a row for each name that a card has a value of. */
#include "analysis/card/card_table.h"

#include "analysis/card/card_values.h"
#include "analysis/format/format.h"

#include <math.h>
#include <string.h>

enum { ROWS_MAX = 2000 };

const char *const card_part_name[CARD_PARTS] = {
    [CARD_PRICES] = "Prices: ns an op takes, by the line's state, owner and memory",
    [CARD_CONTENDED] = "Holding curve: ns an op and its gap take while others write to the word",
    [CARD_PRICE_OF_SHARING] = "Holding curve: ns that the others add to an op",
    [CARD_HELD] = "Holding curve: ns a cpu holds the line before another has it",
    [CARD_CLASSES] = "Classes: ns a hand-over between two cpus takes, by distance",
};

static bool are_apart(struct interval a, struct interval b)
{
    return a.low > b.high || a.high < b.low; /* false where an end is not known */
}

/* "38.1 (37.9–38.4) 1.32×": the ratio only where it is certain that there is one. */
static void add_value(struct table *t, struct interval value, struct interval first)
{
    char number[CELL_TEXT], range[CELL_TEXT] = "", ratio[CELL_TEXT] = "";
    if (value.n == 0) {
        table_cell(t, PAINT_DIM, "–");
        return;
    }
    number_text(value.mid, number);
    if (isfinite(value.low))
        range_text(value, range);
    const bool apart = are_apart(value, first) && first.mid > 0 && value.mid > 0;
    if (apart)
        ratio_text(value.mid / first.mid, ratio);
    table_cell(t,
        !are_apart(value, first) ? PAINT_NONE
        : value.mid > first.mid  ? PAINT_BAD
                                 : PAINT_GOOD,
        "%s%s%s%s%s%s", number, *range ? " (" : "", range, *range ? ")" : "", *ratio ? " " : "",
        ratio);
}

/* "add modified, same L3, local". */
static void add_joined(struct table *t, const char *name)
{
    char text[CARD_NAME_TEXT];
    table_cell(t, PAINT_NONE, "%s", card_name_joined(name, text));
}

/* As many cells as the names of rows have; the last one takes the rest. */
static void add_name(struct table *t, const char *name, size_t cells)
{
    for (size_t i = 1; i < cells; i++) {
        const size_t length = strcspn(name, "|");
        table_cell(t, PAINT_NONE, "%.*s", (int)length, name);
        name += length + (name[length] == '|');
    }
    table_cell(t, PAINT_NONE, "%s", name);
}

struct building {
    const struct card_columns *columns;
    enum card_part part;
    struct table *table;
    size_t cells; /* of a row's name */
};

static bool add_row(void *context, const char *name)
{
    struct building *const b = context;
    size_t card;
    table_row(b->table);
    if (b->columns->joined)
        add_joined(b->table, name);
    else
        add_name(b->table, name, b->cells);
    const struct interval first = card_value(&b->columns->cards->card[0], b->part, name);
    for (size_t i = 0; card_column(b->columns, i, &card); i++)
        add_value(
            b->table, i ? card_value(&b->columns->cards->card[card], b->part, name) : first, first);
    return table_rows(b->table) < ROWS_MAX;
}

struct table *card_table(const struct card_columns *columns, enum card_part part)
{
    static const struct {
        const char *columns, *joined;
        size_t count;
    } names[CARD_PARTS] = {[CARD_PRICES] = {"op, state|owner|memory", "op and line", 3},
        [CARD_CONTENDED] = {"op|contenders|gap>", "curve", 3},
        [CARD_PRICE_OF_SHARING] = {"op|contenders|gap>", "curve", 3},
        [CARD_HELD] = {"op|contenders|gap>", "curve", 3},
        [CARD_CLASSES] = {"distance", "distance", 1}};
    struct table *const t = table_with(columns->joined ? names[part].joined : names[part].columns);
    size_t card;
    struct building b = {columns, part, t, names[part].count};
    for (size_t i = 0; card_column(columns, i, &card); i++)
        table_column(t, card_heading(&columns->cards->card[card]).text, TABLE_LEFT);
    card_rows(columns, part, add_row, &b);
    return t;
}
