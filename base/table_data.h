/* SPDX-License-Identifier: MIT
 * The contents of a table, for the files that render it. All others use base/table.h. */
#ifndef BASE_TABLE_DATA_H
#define BASE_TABLE_DATA_H

#include "base/table.h"

struct table_name {
    char *text;
    enum table_align align;
};

struct table_entry {
    char *text; /* NULL: empty */
    enum table_paint paint;
};

struct table {
    struct table_name *column;
    size_t columns, rows;
    struct table_entry *entry; /* rows x columns */
    size_t filled;             /* columns of the last row that have been given */
    size_t room;               /* entries allocated */
    bool lost;                 /* memory ran out: must not be rendered as if complete */
};

/* Text of a cell, "" when it is empty. */
const char *table_at(const struct table *table, size_t row, size_t column);
/* What every renderer returns before it starts and when it is done. */
int table_whole(const struct table *table);
int table_written(FILE *out);

#endif
