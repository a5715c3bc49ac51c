/* SPDX-License-Identifier: MIT
 * Text, CSV or JSON. */
#include "cli/table_format.h"

#include "cli/cmd.h"

#define ARGS struct table_args
const struct option_row table_format_rows[TABLE_FORMAT_ROWS] = {TABLE_FORMAT_OPTIONS};

int table_print(struct table *table, enum table_format form)
{
    const int code = form == TABLE_CSV    ? table_csv(table, stdout)
                     : form == TABLE_JSON ? table_json(table, stdout)
                                          : table_text(table, stdout, cmd_look(stdout));
    table_free(table);
    return code;
}
