/* SPDX-License-Identifier: MIT
 * What several parts of the page need. */
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <errno.h>

bool report_has_rows(const struct report *r)
{
    return !r->hosts &&
           (r->dataset->runs || r->dataset->stats ||
               r->detected->files + r->watched->count + r->compared_count + r->cards->count == 0);
}

int report_print_table(FILE *out, struct table *table, const char *caption)
{
    const int code = table ? html_table(out, table, caption) : -ENOMEM;
    table_free(table);
    return code == -ENOMEM ? code : 0;
}
