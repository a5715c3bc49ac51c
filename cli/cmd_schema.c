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

static const struct options options = {
    .summary = "Lists every column of the CSV: its type, unit and meaning. An empty cell is 'not "
               "measured'.",
    .row = table_format_rows,
    .rows = TABLE_FORMAT_ROWS,
};

static int schema_main(int argc, char **argv)
{
    struct table_args args = {0};
    const int status = options_parse(&options, &argc, &argv, &args);
    if (status >= 0)
        return status;
    return cmd_done(table_print(columns_table(), args.form) ? EXIT_FAILED : EXIT_DONE);
}

const struct cmd cmd_schema = {"schema", "list every column of the CSV", schema_main, &options};
