/* SPDX-License-Identifier: MIT
 * Cards side by side, as tables: a column for each card. A value whose interval is apart from that
 * of the first card has its ratio to it next to it. */
#ifndef ANALYSIS_CARD_CARD_TABLE_H
#define ANALYSIS_CARD_CARD_TABLE_H

#include "analysis/card/card_file.h"
#include "base/table.h"

/* Which cards are columns: the first of all, to which the others are compared, and `count` more
 * beginning with `from`. */
struct card_columns {
    const struct cards *cards;
    size_t from, count;
    bool joined; /* what a value is of is one column, for narrow pages */
};

enum card_part {
    CARD_PRICES,
    CARD_CONTENDED,
    CARD_PRICE_OF_SHARING,
    CARD_HELD,
    CARD_CLASSES,
    CARD_PARTS
};
/* What the part's numbers are, as a heading. */
extern const char *const card_part_name[CARD_PARTS];

/* The caller frees it; without rows where no card has such values, NULL when out of memory. */
struct table *card_table(const struct card_columns *columns, enum card_part part);
/* The machines: a row for each fact. Facts that differ are painted. */
struct table *card_table_machines(const struct card_columns *columns);
/* The same for a narrow terminal: a row for each fact and card, one for all where they agree. */
struct table *card_table_facts(const struct cards *cards);
/* What cards have no value for, with the reason: a row for each card and reason. */
struct table *card_table_lacks(const struct cards *cards);

#endif
