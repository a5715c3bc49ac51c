/* SPDX-License-Identifier: MIT
 * numaprobe schema: every column of the CSV, from the table that writes it. */
#include "cli/cmd.h"

#include "base/sample.h"
#include "cli/table_format.h"

static struct table *columns_table(void)
{
    static const char *const types[] = {
        [SAMPLE_TYPE_TEXT] = "text", [SAMPLE_TYPE_INT] = "integer", [SAMPLE_TYPE_REAL] = "real"};
    struct table *table = table_with("column|type|unit|meaning");
    for (size_t i = 0; i < sample_column_count; i++) {
        const struct sample_column *c = &sample_columns[i];
        TABLE_ROW(table, c->name, types[c->type], c->unit, c->meaning);
    }
    return table;
}

static int print_text(void *context, FILE *out)
{
    (void)context;
    return cmd_print_table(columns_table(), out);
}

static int print_csv(void *context, FILE *out)
{
    (void)context;
    return table_print_csv(columns_table(), out);
}

static int print_json(void *context, FILE *out)
{
    (void)context;
    return table_print_json(columns_table(), "schema", out);
}

struct schema_args {
    struct table_args form;
};

#define ARGS struct schema_args
static const struct option_row rows[] = {TABLE_FORMAT_OPTIONS};

static const struct options options = {
    .summary = "Lists every column of the CSV: its type, unit and meaning. An empty cell is 'not "
               "measured'.",
    .ending = "Examples:\n"
              "  numaprobe schema\n"
              "  numaprobe schema --csv columns.csv",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

static int schema_main(int argc, char **argv)
{
    static const struct table_output output = {print_text, print_csv, print_json, NULL};
    struct schema_args args = {0};
    const int status = options_parse(&options, &argc, &argv, &args);
    return status >= 0 ? status : table_write(&args.form, &output, EXIT_DONE);
}

const struct cmd cmd_schema = {
    "schema", "list every column of the CSV", schema_main, &options, NULL};
