/* SPDX-License-Identifier: MIT
 * The values of cards by their names, for tables and charts of them. */
#ifndef ANALYSIS_CARD_CARD_VALUES_H
#define ANALYSIS_CARD_CARD_VALUES_H

#include "analysis/card/card_table.h"

/* Each name that a card of the columns has a value of, once, in the order of the cards; false ends
 * it. The parts of a name have '|' between them. */
typedef bool card_row_fn(void *context, const char *name);
void card_rows(
    const struct card_columns *columns, enum card_part part, card_row_fn *row, void *context);
/* n is 0 where the card has no such value. */
struct interval card_value(const struct card *card, enum card_part part, const char *name);
/* Which card a column is of; false when there is no such column. */
bool card_column(const struct card_columns *columns, size_t column, size_t *card);

enum { CARD_NAME_TEXT = 192 };
/* "add modified, same L3, local". */
const char *card_name_joined(const char *name, char out[CARD_NAME_TEXT]);

#endif
