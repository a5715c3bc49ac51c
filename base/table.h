/* SPDX-License-Identifier: MIT
 * A table that is built once and rendered as text, CSV or JSON.
 * The text form is for 80 columns; the other two contain every cell as it was given. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table; /* opaque; owns copies of all its strings */

enum table_align { TABLE_LEFT, TABLE_RIGHT };
enum table_paint { PAINT_NONE, PAINT_GOOD, PAINT_BAD, PAINT_WARN, PAINT_DIM };

struct table_look {
    bool colour;    /* ANSI colours by the cells' paint */
    unsigned width; /* columns of the terminal; a last, left-aligned column is wrapped to it; 0: no
                       limit */
};

/* NULL when out of memory; every later call accepts such a NULL and does nothing. */
struct table *table_new(void);
/* Columns from "name|name|...": right-aligned where the name ends in '>', which is not shown.
 * An unnamed column needs its '|' also at the end: "|" is one, "||" are two. */
struct table *table_with(const char *columns);
void table_free(struct table *table);
/* All columns are added before the first row. */
void table_column(struct table *table, const char *name, enum table_align align);
void table_row(struct table *table);
/* Cells are added from left to right; a row may end early. NULL or "" is an empty cell. */
void table_cell(struct table *table, enum table_paint paint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Texts as cells; TABLE_ROW begins a row with them. NULL or "" is an empty cell. */
#define TABLE_TEXTS(table, ...)                                                                    \
    table_add_texts(table, (const char *const[]){__VA_ARGS__},                                     \
        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
#define TABLE_ROW(table, ...) (table_row(table), TABLE_TEXTS(table, __VA_ARGS__))
void table_add_texts(struct table *table, const char *const *text, size_t count);
size_t table_rows(const struct table *table);

/* Each returns 0, -ENOMEM (also for a table that lost a cell when out of memory) or -EIO. */
int table_text(const struct table *table, FILE *out, struct table_look look);
int table_csv(const struct table *table, FILE *out);
int table_json(const struct table *table, FILE *out);

#endif
