/* SPDX-License-Identifier: MIT
 * The tables of a fleet's page: a row for each host, by kind; and a row for each quantity of a
 * kind.
 */
#include "analysis/overview/overview.h"

#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIFFERS_TEXT = 1024, OFF_TEXT = 512, OFF_MAX = 3, KINDS_MAX = 200, VALUES_MAX = 100 };

static int print_table(struct table *table, const char *caption, FILE *out)
{
    const int code = table ? html_table(out, table, caption) : -ENOMEM;
    table_free(table);
    return code == -ENOMEM ? code : 0;
}

/* A machine may have no hypervisor or no verdict that costs; all else is only not known. */
static const char *fact_text(const char *const *fact, int which)
{
    const bool may_lack = which == HOSTS_HYPERVISOR || which == HOSTS_VERDICTS;
    return *fact[which] ? fact[which] : may_lack ? "none" : "not known";
}

/* "kernel 6.1.0 (others 6.6.2); lacks 12 values" */
static void differs_text(const struct hosts_kind *kind, const struct host *host, char *out)
{
    *out = '\0';
    for (int f = 0; f < HOSTS_FACTS; f++)
        if (host->differs[f])
            text_append_item(out, DIFFERS_TEXT, "; ", "%s %s (others: %s)", hosts_fact_name[f],
                fact_text(host->fact, f), fact_text(kind->fact, f));
    if (host->differs[HOSTS_VERSION])
        text_append_item(out, DIFFERS_TEXT, "; ", "its values are not compared");
    if (host->lacking)
        text_append_item(
            out, DIFFERS_TEXT, "; ", "lacks %zu values that the others have", host->lacking);
    if (host->alone)
        text_append_item(out, DIFFERS_TEXT, "; ", "%zu values that the others lack", host->alone);
}

/* Named ones of each row of a kind: where they begin, and how many. */
struct row_named {
    size_t from, count;
};

static struct row_named *list_named(const struct hosts *h, size_t kind)
{
    struct row_named *const row = calloc(h->kind[kind].hosts + 1, sizeof *row);
    for (size_t i = 0, end; row && i < h->result.count; i = end) {
        end = hosts_named_end(h, i);
        if (h->result.named[i].kind == kind)
            row[h->result.named[i].host] = (struct row_named){i, end - i};
    }
    return row;
}

static void off_text(const struct hosts *h, const struct row_named *row, char *out)
{
    *out = '\0';
    for (size_t i = 0; i < row->count && i < OFF_MAX; i++) {
        const struct peers_named *const n = &h->result.named[row->from + i];
        text_append_item(
            out, OFF_TEXT, "; ", "%+.1f%% %s", off_percent(n->off), hosts_named_quantity(h, n));
    }
    if (row->count > OFF_MAX)
        text_append_item(out, OFF_TEXT, "; ", "%zu more", row->count - OFF_MAX);
}

static const char *state_of(const struct host *host, const struct hosts_kind *kind, size_t named)
{
    if (named)
        return "not like the others";
    if (kind->hosts < PEERS_HOSTS_MIN)
        return "too few to compare";
    return host_differs(host) ? "differs" : "like the others";
}

/* The median of a host's deviations, in percent; NaN where nothing is compared. */
static double typical_off(const struct hosts *h, size_t kind, size_t row)
{
    const struct hosts_kind *const k = &h->kind[kind];
    double *const off = calloc(k->quantities + 1, sizeof *off);
    size_t count = 0;
    for (size_t q = 0; off && q < k->quantities; q++) {
        const struct peers_quantity *const of = &h->result.quantity[kind][q];
        const double value = k->value[row * k->quantities + q];
        if (!isnan(value) && !isnan(of->spread))
            off[count++] = value - of->median;
    }
    const double median = count ? off_percent(stats_median_among(off, count)) : NAN;
    free(off);
    return median;
}

static void add_host(
    struct table *t, const struct hosts *h, const struct row_named *named, size_t index)
{
    const struct host *const host = &h->host[index];
    const struct hosts_kind *const kind = &h->kind[host->kind];
    char off[OFF_TEXT], differs[DIFFERS_TEXT];
    const double typical = typical_off(h, host->kind, host->row);
    off_text(h, named, off);
    differs_text(kind, host, differs);
    table_row(t);
    table_cell(t, PAINT_NONE, "%s", host->name);
    table_cell(t,
        named->count ? PAINT_BAD
        : *differs   ? PAINT_WARN
                     : PAINT_NONE,
        "%s", state_of(host, kind, named->count));
    table_cell(t, PAINT_NONE, "%s", off);
    if (isnan(typical))
        table_cell(t, PAINT_NONE, NULL);
    else
        table_cell(t, PAINT_NONE, "%+.1f", typical);
    table_cell(t, PAINT_NONE, "%s", differs);
    if (host->verdicts)
        table_cell(t, PAINT_NONE, "%zu of %zu cost%s%s", host->costs, host->verdicts,
            *host->worst ? ": " : "", host->worst);
    else
        table_cell(t, PAINT_NONE, NULL);
    cell_int(t, (int64_t)host->values);
    cell_int(t, (int64_t)host->rejected);
}

/* What a kind has in common, but for its name. */
static void print_kind(const struct hosts *h, size_t k, FILE *out)
{
    const struct hosts_kind *const kind = &h->kind[k];
    char text[HOSTS_KIND_TEXT], common[DIFFERS_TEXT] = "";
    html_print(out, "h3", NULL, "%s: %zu host%s", hosts_kind_text(kind, text), kind->hosts,
        kind->hosts == 1 ? "" : "s");
    for (int f = HOSTS_KERNEL; f < HOSTS_VERDICTS; f++)
        if (*kind->fact[f])
            text_append_item(
                common, sizeof common, ", ", "%s %s", hosts_fact_name[f], kind->fact[f]);
    if (kind->hosts < PEERS_HOSTS_MIN)
        html_print(out, "p", "note",
            "Fewer than %d hosts: none is compared with the others, and a difference would not be "
            "seen.",
            PEERS_HOSTS_MIN);
    else if (*common)
        html_print(out, "p", "note", "Most have %s.", common);
}

static int print_kind_hosts(const struct hosts *h, size_t k, FILE *out)
{
    struct row_named *const named = list_named(h, k);
    if (!named)
        return -ENOMEM;
    struct table *const t =
        table_with("host|state|off|all values %>|differs in|verdicts|values>|rejected rows>");
    print_kind(h, k, out);
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = 0; i < h->kind[k].hosts; i++) {
            const size_t index = h->kind[k].host[i];
            const int rank = named[i].count ? 0 : host_differs(&h->host[index]) ? 1 : 2;
            if (rank == pass)
                add_host(t, h, &named[i], index);
        }
    free(named);
    return print_table(t, "Hosts of a kind", out);
}

int overview_print_hosts(const struct hosts *h, FILE *out)
{
    int code = 0;
    fputs("<p class=\"lead\">A row for each host, those that are named first, then those that "
          "differ. "
          "All values: the median of the host's differences from its kind, in percent.</p>\n",
        out);
    for (size_t k = 0; k < h->kinds && k < KINDS_MAX && !code; k++)
        code = print_kind_hosts(h, k, out);
    if (h->kinds > KINDS_MAX)
        html_print(
            out, "p", "note", "%zu more kinds, all as small, are not shown.", h->kinds - KINDS_MAX);
    return code;
}

static const char *host_at(const struct hosts *h, size_t k, size_t quantity, double value)
{
    const struct hosts_kind *const kind = &h->kind[k];
    for (size_t i = 0; i < kind->hosts; i++)
        if (kind->value[i * kind->quantities + quantity] == value)
            return h->host[kind->host[i]].name;
    return "";
}

static void add_quantity(struct table *t, const struct hosts *h, size_t k, size_t q)
{
    const struct hosts_kind *const kind = &h->kind[k];
    const struct peers_quantity *const of = &h->result.quantity[k][q];
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < kind->hosts; i++) {
        const double value = kind->value[i * kind->quantities + q];
        low = fmin(low, value);
        high = fmax(high, value);
    }
    table_row(t);
    table_cell(t, PAINT_NONE, "%s", h->quantity[kind->quantity[q]].name);
    cell_int(t, (int64_t)of->hosts);
    cell_number(t, exp(of->median));
    if (isnan(of->spread))
        table_cell(t, PAINT_NONE, NULL);
    else
        table_cell(t, PAINT_NONE, "%.1f", 100 * of->spread);
    cell_number(t, exp(low));
    table_cell(t, PAINT_NONE, "%s", host_at(h, k, q, low));
    cell_number(t, exp(high));
    table_cell(t, PAINT_NONE, "%s", host_at(h, k, q, high));
    table_cell(t, PAINT_NONE, "%s", h->quantity[kind->quantity[q]].version);
}

static int print_kind_values(const struct hosts *h, size_t k, FILE *out)
{
    const struct hosts_kind *const kind = &h->kind[k];
    char text[HOSTS_KIND_TEXT];
    struct table *const t = table_with(
        "value|hosts>|median ns>|spread %>|least ns>|of host|greatest ns>|of host|numaprobe");
    size_t compared = 0;
    for (size_t q = 0; q < kind->quantities; q++) {
        compared += !isnan(h->result.quantity[k][q].spread);
        if (!isnan(h->result.quantity[k][q].spread) && compared <= VALUES_MAX)
            add_quantity(t, h, k, q);
    }
    fputs("<details><summary>", out);
    html_print_text(
        out, "%s: %zu value%s", hosts_kind_text(kind, text), compared, compared == 1 ? "" : "s");
    fputs("</summary>\n", out);
    const int code = compared || !t ? print_table(t, "Values of a kind", out) : 0;
    if (!compared)
        table_free(t);
    if (compared > VALUES_MAX)
        html_print(out, "p", "note", "%zu more are compared and not shown.", compared - VALUES_MAX);
    if (compared < kind->quantities)
        html_print(out, "p", "note",
            "%zu value%s of fewer than %d hosts of one version of numaprobe %s not compared.",
            kind->quantities - compared, kind->quantities - compared == 1 ? "" : "s",
            PEERS_HOSTS_MIN, kind->quantities - compared == 1 ? "is" : "are");
    fputs("</details>\n", out);
    return code;
}

int overview_print_values(const struct hosts *h, FILE *out)
{
    int code = 0;
    fputs(
        "<p class=\"lead\">What is compared within each kind. The spread is the standard deviation "
        "of the logarithm between hosts, without those that are named and without what all values "
        "of a host have in common; the larger it is, the farther off a host has to be.</p>\n",
        out);
    for (size_t k = 0; k < h->kinds && k < KINDS_MAX && !code; k++)
        code = print_kind_values(h, k, out);
    return code;
}
