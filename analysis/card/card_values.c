/* SPDX-License-Identifier: MIT
 * Each part of a card is visited as named values, which are then joined by their names. */
#include "analysis/card/card_values.h"

#include "base/text.h"

#include <string.h>

enum { NAME = 96 };

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

struct interval card_value(const struct card *card, enum card_part part, const char *name)
{
    struct finding f = {{see_if_named}, name, INTERVAL_NONE};
    visit_part(card, part, &f.visitor);
    return f.value;
}

const char *card_name_joined(const char *name, char out[CARD_NAME_TEXT])
{
    *out = '\0';
    for (size_t length; *name; name += length + (name[length] == '|')) {
        length = strcspn(name, "|");
        text_append_item(out, CARD_NAME_TEXT, ", ", "%.*s", (int)length, name);
    }
    return out;
}

bool card_column(const struct card_columns *c, size_t column, size_t *card)
{
    *card = column ? c->from + column - 1 : 0;
    return *card < c->cards->count && column <= c->count;
}

struct listing {
    struct visitor visitor; /* first */
    const struct card_columns *columns;
    enum card_part part;
    size_t card; /* whose names are seen */
    card_row_fn *row;
    void *context;
};

/* Whether a card before has a value of that name. */
static bool is_listed(const struct listing *l, const char *name)
{
    size_t card;
    for (size_t i = 0; card_column(l->columns, i, &card) && card < l->card; i++)
        if (card_value(&l->columns->cards->card[card], l->part, name).n > 0)
            return true;
    return false;
}

static bool see_row(struct visitor *v, const char *name, struct interval value)
{
    struct listing *const l = (struct listing *)v;
    return value.n == 0 || is_listed(l, name) || l->row(l->context, name);
}

void card_rows(
    const struct card_columns *columns, enum card_part part, card_row_fn *row, void *context)
{
    struct listing l = {{see_row}, columns, part, 0, row, context};
    for (size_t i = 0; card_column(columns, i, &l.card); i++)
        if (!visit_part(&columns->cards->card[l.card], part, &l.visitor))
            return;
}
