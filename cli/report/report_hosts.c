/* SPDX-License-Identifier: MIT
 * The same words and numbers as on the page (analysis/overview/overview.c). */
#include "cli/report/report_hosts.h"

#include "analysis/format/format.h"
#include "analysis/overview/overview.h"
#include "cli/cmd.h"

#include <math.h>

enum { ROWS_MAX = 40 };

static void add_named(struct table *t, const struct hosts *h, const struct peers_named *n)
{
    const struct hosts_kind *const kind = &h->kind[n->kind];
    char confidence[CONFIDENCE_TEXT];
    table_row(t);
    table_cell(t, PAINT_BAD, "%s", hosts_named_host(h, n)->name);
    table_cell(t, PAINT_NONE, "%+.1f%%", off_percent(n->off));
    if (n->quantity == PEERS_ALL) {
        table_cell(t, PAINT_NONE, NULL);
        table_cell(t, PAINT_NONE, NULL);
    } else {
        cell_number(t, exp(kind->value[n->host * kind->quantities + n->quantity]));
        cell_number(t, exp(h->result.quantity[n->kind][n->quantity].median));
    }
    table_cell(t, PAINT_NONE, "%s", confidence_text(n->chance, confidence));
    table_cell(t, PAINT_NONE, "%s", hosts_named_quantity(h, n));
}

void report_hosts_print(const struct hosts *hosts, FILE *out)
{
    const size_t named = count_named_hosts(hosts), few = count_not_compared(hosts);
    fprintf(out, "%zu hosts of %zu kind%s, %zu of them not like the others", hosts->count,
        hosts->kinds, hosts->kinds == 1 ? "" : "s", named);
    if (few)
        fprintf(out, ", %zu not compared: fewer than %d of a kind", few, PEERS_HOSTS_MIN);
    fputc('\n', out);
    if (!named)
        return;
    struct table *const t = table_with("host|off>|ns>|median>|confidence>|value");
    for (size_t i = 0; i < hosts->result.count && i < ROWS_MAX; i++)
        add_named(t, hosts, &hosts->result.named[i]);
    table_text(t, out, cmd_look(out));
    table_free(t);
    if (hosts->result.count > ROWS_MAX)
        fprintf(out, "and %zu more: see the page\n", hosts->result.count - ROWS_MAX);
}

void report_hosts_warn(const struct hosts *hosts)
{
    for (size_t i = 0; i < hosts->notes; i++)
        cmd_warn(stderr, "%s", hosts->note[i]);
}
