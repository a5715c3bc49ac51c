/* SPDX-License-Identifier: MIT
 * Text, CSV or JSON. */
#include "cli/table_format.h"

#include "cli/cmd.h"

error_t table_format_parse(int key, enum table_format *form)
{
    if (key != 'c' && key != 'j')
        return ARGP_ERR_UNKNOWN;
    *form = key == 'c' ? TABLE_CSV : TABLE_JSON;
    return 0;
}

int table_print(struct table *table, enum table_format form)
{
    const int code = form == TABLE_CSV    ? table_csv(table, stdout)
                     : form == TABLE_JSON ? table_json(table, stdout)
                                          : table_text(table, stdout, cmd_look(stdout));
    table_free(table);
    return code;
}
