/* SPDX-License-Identifier: MIT
 * Cards as HTML: many cards are several tables, of which each begins with the first card. */
#include "analysis/card/card_page.h"

#include "analysis/card/card_chart.h"
#include "analysis/card/card_table.h"
#include "analysis/format/html.h"

#include <errno.h>

enum { BESIDE = 5 /* cards next to the first */ };

/* The heading is shown, the table's caption is for those who hear the page. */
static int print_table(struct table *table, const char *heading, FILE *out)
{
    int code = table ? 0 : -ENOMEM;
    if (table_rows(table)) {
        html_print(out, "h3", NULL, "%s", heading);
        code = html_table(out, table, heading);
    }
    table_free(table);
    return code == -ENOMEM ? code : 0;
}

static int print_columns(const struct card_columns *columns, FILE *out)
{
    int code = print_table(card_table_machines(columns), "Machines", out);
    if (!code)
        card_chart_print(columns, out);
    for (enum card_part p = 0; p < CARD_PARTS && !code; p++)
        code = print_table(card_table(columns, p), card_part_name[p], out);
    return code;
}

static int print_lacks(const struct cards *cards, FILE *out)
{
    struct table *const lacks = card_table_lacks(cards);
    const bool any = table_rows(lacks) > 0;
    if (any)
        fputs("<details>\n<summary>What is not there, and why</summary>\n", out);
    const int code = print_table(lacks, "Not measured", out);
    if (any)
        fputs("</details>\n", out);
    return code;
}

void card_page_summary(const struct cards *cards, FILE *out)
{
    if (cards->count == 0)
        return;
    fputs("<p class=\"lead\">", out);
    html_print_text(out, "%zu machine card%s", cards->count, cards->count > 1 ? "s" : "");
    for (size_t i = 0; i < cards->count && i < BESIDE; i++)
        html_print_text(out, "%s%s", i ? ", " : ": ", card_label(&cards->card[i]));
    fputs(cards->count > BESIDE ? ", …" : "", out);
    fputs(": under <a href=\"#cards\">Cards</a>.</p>\n", out);
}

int card_page_print(const struct cards *cards, FILE *out)
{
    struct card_columns columns = {cards, 1, BESIDE, true};
    int code = 0;
    if (cards->count > 1)
        html_print(out, "p", "note", "%s",
            "Medians in ns with their 95% intervals. Where the interval of a card is apart from "
            "that of the first, the ratio of the two is next to it. Facts that differ are marked.");
    do {
        code = print_columns(&columns, out);
        columns.from += BESIDE;
    } while (!code && columns.from < cards->count);
    return code ? code : print_lacks(cards, out);
}
