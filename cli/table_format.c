/* SPDX-License-Identifier: MIT
 * Text, CSV or JSON. */
#include "cli/table_format.h"

#include "cli/cmd.h"

error_t form_parse(int key, enum form *form)
{
    if (key != 'c' && key != 'j')
        return ARGP_ERR_UNKNOWN;
    *form = key == 'c' ? FORM_CSV : FORM_JSON;
    return 0;
}

int form_put(struct table *table, enum form form)
{
    const int code = form == FORM_CSV    ? table_csv(table, stdout)
                     : form == FORM_JSON ? table_json(table, stdout)
                                         : table_text(table, stdout, cmd_look(stdout));
    table_free(table);
    return code;
}
