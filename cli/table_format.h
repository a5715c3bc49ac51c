/* SPDX-License-Identifier: MIT
 * The forms in which commands print a table: text, or --csv, or --json. */
#ifndef CLI_TABLE_FORMAT_H
#define CLI_TABLE_FORMAT_H

#include "base/table.h"

#include <argp.h>

enum table_format { TABLE_TEXT, TABLE_CSV, TABLE_JSON };

/* Rows of a command's option table. */
#define FORM_OPTIONS                                                                               \
    {"csv", 'c', NULL, 0, "As CSV", 0},                                                            \
    {                                                                                              \
        "json", 'j', NULL, 0, "As JSON", 0                                                         \
    }

/* For a command's argp parser: takes the two options, ARGP_ERR_UNKNOWN for any other key. */
error_t table_format_parse(int key, enum table_format *form);
/* Prints the table on stdout and frees it. 0 or -errno. */
int table_print(struct table *table, enum table_format form);

#endif
