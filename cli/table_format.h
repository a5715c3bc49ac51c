/* SPDX-License-Identifier: MIT
 * The forms in which commands print a table: text, or --csv, or --json. */
#ifndef CLI_TABLE_FORMAT_H
#define CLI_TABLE_FORMAT_H

#include "base/table.h"
#include "cli/options.h"

enum table_format { TABLE_TEXT, TABLE_CSV, TABLE_JSON };

/* The arguments of a command that only prints a table, and its options. */
struct table_args {
    enum table_format form;
};
extern const struct option_row table_format_rows[];
enum { TABLE_FORMAT_ROWS = 2 };

/* The same rows in the table of a command whose arguments have a member `form`. */
#define TABLE_FORMAT_ROW(name, letter, help, value)                                                \
    {                                                                                              \
        name, letter, NULL, help, NULL, OPTION_SET(form, value)                                    \
    }
#define TABLE_FORMAT_OPTIONS                                                                       \
    TABLE_FORMAT_ROW("--csv", 'c', "Print CSV", TABLE_CSV),                                        \
        TABLE_FORMAT_ROW("--json", 'j', "Print JSON", TABLE_JSON)

/* Prints the table on stdout and frees it. 0 or -errno. */
int table_print(struct table *table, enum table_format form);

#endif
