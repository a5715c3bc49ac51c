/* SPDX-License-Identifier: MIT
 * Tables of cards for a terminal. */
#include "cli/report/report_cards.h"

#include "analysis/card/card_table.h"
#include "cli/cmd.h"

#include <errno.h>

static int print_table(struct table *table, const char *heading, FILE *out)
{
    int code = table ? 0 : -ENOMEM;
    if (table_rows(table)) {
        fprintf(out, "%s\n", heading);
        code = table_text(table, out, cmd_look(out));
        fputc('\n', out);
    }
    table_free(table);
    return code == -ENOMEM ? code : 0;
}

int report_cards_term(const struct cards *cards, FILE *out)
{
    struct card_columns columns = {cards, 1, 1, false};
    int code = print_table(card_table_facts(cards), "Machines", out);
    do {
        for (enum card_part p = 0; p < CARD_PARTS && !code; p++)
            code = print_table(card_table(&columns, p), card_part_name[p], out);
    } while (!code && ++columns.from < cards->count);
    return code ? code : print_table(card_table_lacks(cards), "Not measured", out);
}
