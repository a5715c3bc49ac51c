/* SPDX-License-Identifier: MIT
 * Tables of numbers: each part of a card is visited as named values, which are then joined by their
 * names. */
#include "analysis/card/card_table.h"

#include "analysis/format/format.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

enum { NAME = 96, ROWS_MAX = 2000 };

const char *const card_part_name[CARD_PARTS] = {
    [CARD_PRICES] = "Prices: ns an op takes, by the line's state, owner and memory",
    [CARD_CONTENDED] = "Holding curve: ns an op and its gap take while others write to the word",
    [CARD_PRICE_OF_SHARING] = "Holding curve: ns that the others add to an op",
    [CARD_HELD] = "Holding curve: ns a cpu holds the line before another has it",
    [CARD_CLASSES] = "Classes: ns a hand-over between two cpus takes, by distance",
};

/* Whoever looks through the values of a part; the names are those of rows. True: it goes on. */
struct visitor {
    bool (*see)(struct visitor *v, const char *name, struct interval value);
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *const text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static bool visit_prices(const struct card *card, struct visitor *v)
{
    const json_t *const rows = json_object_get(card->root, "prices");
    bool on = true;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *const row = json_array_get(rows, i);
        char name[NAME];
        const char *owner;
        json_t *ns;
        json_object_foreach(json_object_get(row, "ns"), owner, ns)
        {
            snprintf(name, sizeof name, "%s %s|%s|%s", text_of(row, "op"), text_of(row, "state"),
                owner, text_of(row, "home"));
            on = on && v->see(v, name, card_interval(ns));
        }
    }
    return on;
}

static bool visit_curve(const json_t *row, const char *key, struct visitor *v)
{
    const json_t *const gaps = json_object_get(row, "gap_ns");
    bool on = true;
    for (size_t i = 0; i < json_array_size(gaps) && on; i++) {
        char name[NAME];
        snprintf(name, sizeof name, "%s|%s|%g", text_of(row, "op"), text_of(row, "contenders"),
            json_number_value(json_array_get(gaps, i)));
        on = v->see(v, name, card_interval(json_array_get(json_object_get(row, key), i)));
    }
    return on;
}

static bool visit_curves(const struct card *card, const char *key, struct visitor *v)
{
    const json_t *const rows = json_object_get(card->root, "hold");
    bool on = true;
    for (size_t i = 0; i < json_array_size(rows) && on; i++)
        on = visit_curve(json_array_get(rows, i), key, v);
    return on;
}

static bool visit_classes(const struct card *card, struct visitor *v)
{
    const json_t *const rows = json_object_get(card->root, "classes");
    bool on = true;
    for (size_t i = 0; i < json_array_size(rows) && on; i++) {
        const json_t *const row = json_array_get(rows, i);
        on = v->see(v, text_of(row, "distance"), card_interval(json_object_get(row, "ns")));
    }
    return on;
}

static bool visit_part(const struct card *card, enum card_part part, struct visitor *v)
{
    static const char *const keys[CARD_PARTS] = {[CARD_CONTENDED] = "contended_ns",
        [CARD_PRICE_OF_SHARING] = "price_ns",
        [CARD_HELD] = "hold_ns"};
    return part == CARD_PRICES    ? visit_prices(card, v)
           : part == CARD_CLASSES ? visit_classes(card, v)
                                  : visit_curves(card, keys[part], v);
}

struct finding {
    struct visitor visitor; /* first */
    const char *name;
    struct interval value;
};

static bool see_if_named(struct visitor *v, const char *name, struct interval value)
{
    struct finding *const f = (struct finding *)v;
    if (strcmp(name, f->name) != 0)
        return true;
    f->value = value;
    return false;
}

static struct interval find_value(const struct card *card, enum card_part part, const char *name)
{
    struct finding f = {{see_if_named}, name, INTERVAL_NONE};
    visit_part(card, part, &f.visitor);
    return f.value;
}

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
    char text[2 * NAME] = "";
    for (size_t length; *name; name += length + (name[length] == '|')) {
        length = strcspn(name, "|");
        text_append_item(text, sizeof text, ", ", "%.*s", (int)length, name);
    }
    table_cell(t, PAINT_NONE, "%s", text);
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
    struct visitor visitor; /* first */
    const struct card_columns *columns;
    enum card_part part;
    struct table *table;
    size_t cells; /* of a row's name */
    size_t card;  /* whose names are added */
};

static bool column_of(const struct card_columns *c, size_t column, size_t *card)
{
    *card = column ? c->from + column - 1 : 0;
    return *card < c->cards->count && column <= c->count;
}

/* Whether a card before has a row of that name, measured or not. */
static bool is_listed(const struct building *b, const char *name)
{
    size_t card;
    for (size_t i = 0; column_of(b->columns, i, &card) && card < b->card; i++)
        if (find_value(&b->columns->cards->card[card], b->part, name).n > 0)
            return true;
    return false;
}

static bool see_row(struct visitor *v, const char *name, struct interval value)
{
    struct building *const b = (struct building *)v;
    size_t card;
    if (value.n == 0 || is_listed(b, name))
        return true;
    table_row(b->table);
    if (b->columns->joined)
        add_joined(b->table, name);
    else
        add_name(b->table, name, b->cells);
    const struct interval first = find_value(&b->columns->cards->card[0], b->part, name);
    for (size_t i = 0; column_of(b->columns, i, &card); i++)
        add_value(
            b->table, i ? find_value(&b->columns->cards->card[card], b->part, name) : first, first);
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
    struct building b = {{see_row}, columns, part, t, names[part].count, 0};
    for (size_t i = 0; column_of(columns, i, &b.card); i++)
        table_column(b.table, card_heading(&columns->cards->card[b.card]).text, TABLE_LEFT);
    for (size_t i = 0; column_of(columns, i, &b.card); i++)
        visit_part(&columns->cards->card[b.card], part, &b.visitor);
    return b.table;
}
