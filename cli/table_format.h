/* SPDX-License-Identifier: MIT
 * The forms in which commands print a table: text, or by --csv or --json data. */
#ifndef CLI_TABLE_FORMAT_H
#define CLI_TABLE_FORMAT_H

#include "base/table.h"
#include "cli/options.h"
#include "cli/output_files.h"

enum table_format { TABLE_TEXT, TABLE_CSV, TABLE_JSON };

/* The options of a command that only prints a table. */
struct table_args {
    const char *csv, *json; /* NULL: not given; "-": standard output */
    bool quiet;
};

/* Rows for a command whose arguments have a struct table_args `form`. */
#define TABLE_FORMAT_OPTIONS                                                                       \
    {"--csv", 'c', "[FILE]", "Write CSV, without FILE to standard output", NULL,                   \
        OPTION_FILE(form.csv)},                                                                    \
        {"--json", 'j', "[FILE]", "Write JSON, without FILE to standard output", NULL,             \
            OPTION_FILE(form.json)},                                                               \
    {                                                                                              \
        "--quiet", 'q', NULL, "Print no table for people", NULL, OPTION_FLAG(form.quiet)           \
    }

/* What a command prints; its functions return 0 or -errno. */
struct table_output {
    int (*text)(void *context, FILE *out);
    int (*csv)(void *context, FILE *out);
    int (*json)(void *context, FILE *out);
    void *context;
};
/* Writes the files asked for; the text only where there are none, and no --quiet. Returns `status`,
 * or another exit code after a message. */
int table_write(const struct table_args *args, const struct table_output *output, int status);

/* Each prints a table and frees it. 0 or -errno. JSON is {"schema": 1, "command": COMMAND, "rows":
 * [...]}, for every command whose JSON is one table. */
int table_print_csv(struct table *table, FILE *out);
int table_print_json(struct table *table, const char *command, FILE *out);

#endif
