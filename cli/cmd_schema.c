/* SPDX-License-Identifier: MIT
 * numaprobe schema: every column of the CSV, from the table that writes it. */
#include "cli/cmd.h"

#include "base/sample.h"
#include "cli/table_format.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
    (void)arg;
    return table_format_parse(key, state->input);
}

static struct table *columns(void)
{
    static const char *const types[] = {
        [SAMPLE_TYPE_TEXT] = "text", [SAMPLE_TYPE_INT] = "integer", [SAMPLE_TYPE_REAL] = "real"};
    struct table *table = table_new();
    table_column(table, "column", TABLE_LEFT);
    table_column(table, "type", TABLE_LEFT);
    table_column(table, "unit", TABLE_LEFT);
    table_column(table, "meaning", TABLE_LEFT);
    for (size_t i = 0; i < sample_column_count; i++) {
        const struct sample_column *c = &sample_columns[i];
        table_row(table);
        table_cell(table, PAINT_NONE, "%s", c->name);
        table_cell(table, PAINT_NONE, "%s", types[c->type]);
        table_cell(table, PAINT_NONE, "%s", c->unit);
        table_cell(table, PAINT_NONE, "%s", c->meaning);
    }
    return table;
}

static int run(int argc, char **argv)
{
    static const struct argp_option options[] = {FORM_OPTIONS, {0}};
    static const struct argp argp = {options, parse, NULL,
        "Tells every column of the CSV: its type, unit and meaning. An empty cell is 'not "
        "measured'.",
        NULL, NULL, NULL};
    enum table_format form = TABLE_TEXT;
    const int status = cmd_parse(&argp, argc, argv, &form);
    if (status >= 0)
        return status;
    return cmd_done(table_print(columns(), form) ? EXIT_FAILED : EXIT_DONE);
}

const struct cmd cmd_schema = {"schema", "tell every column of the CSV", run};
