/* SPDX-License-Identifier: MIT
 * The top of a fleet's page: which hosts are not like the others of their kind, in what, and by how
 * much. */
#include "analysis/overview/overview.h"

#include "analysis/format/format.h"
#include "analysis/format/html.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { NAMED_MAX = 50, OF_A_HOST_MAX = 6, NOTES_MAX = 100 }; /* the tables have all */
enum { STRIP_WIDTH = 320, STRIP_HEIGHT = 34, STRIP_MARGIN = 12 };

double off_percent(double off)
{
    return 100 * expm1(off);
}

const char *confidence_text(double chance, char *out)
{
    const double least = 1e-4;
    snprintf(out, CONFIDENCE_TEXT, chance < least ? "more than 99.99%%" : "%.2f%%",
        100 * (1 - fmax(chance, least)));
    return out;
}

size_t count_named_hosts(const struct hosts *h)
{
    size_t count = 0;
    for (size_t i = 0; i < h->result.count; i = hosts_named_end(h, i))
        count++;
    return count;
}

size_t count_not_compared(const struct hosts *h)
{
    size_t count = 0;
    for (size_t k = 0; k < h->kinds; k++)
        count += h->kind[k].hosts < PEERS_HOSTS_MIN ? h->kind[k].hosts : 0;
    return count;
}

static size_t count_differing(const struct hosts *h)
{
    size_t count = 0;
    for (size_t i = 0; i < h->count; i++)
        count += host_differs(&h->host[i]);
    return count;
}

bool host_differs(const struct host *host)
{
    for (int f = 0; f < HOSTS_FACTS; f++)
        if (host->differs[f])
            return true;
    return host->lacking || host->alone;
}

static void print_summary(const struct hosts *h, FILE *out)
{
    const size_t named = count_named_hosts(h), few = count_not_compared(h),
                 differing = count_differing(h);
    char floor[CELL_TEXT];
    fputs("<p class=\"lead\">", out);
    if (named)
        html_print_text(out, "%zu of %zu hosts %s not like the others of %s kind. ", named,
            h->count, named == 1 ? "is" : "are", named == 1 ? "its" : "their");
    else if (h->result.tests)
        html_print_text(
            out, "No host is named: all values are like those of the others of the kind. ");
    else
        html_print_text(
            out, "Nothing is compared: no value of a kind has %d hosts. ", PEERS_HOSTS_MIN);
    if (h->result.tests)
        html_print_text(out,
            "In 19 of 20 healthy fleets no host is named: all %zu comparisons share one error "
            "rate of 5%%. "
            "A difference below %s is not named, however certain.",
            h->result.tests, percent_text(expm1(peers_default.floor), floor));
    if (few)
        html_print_text(out, " %zu host%s of kinds with fewer than %d hosts %s not compared.", few,
            few == 1 ? "" : "s", PEERS_HOSTS_MIN, few == 1 ? "is" : "are");
    if (differing)
        html_print_text(out, " %zu host%s in the machine or in what was measured: see Hosts.",
            differing, differing == 1 ? " differs" : "s differ");
    fputs("</p>\n", out);
}

struct strip {
    double low, high; /* of the picture, as logarithms */
};

static double x_of(const struct strip *s, double value)
{
    const double share = (value - s->low) / (s->high - s->low);
    return STRIP_MARGIN + share * (STRIP_WIDTH - 2 * STRIP_MARGIN);
}

/* Where the others are: from the least to the greatest, and their median; and the host. However
 * many there are, it is four shapes. */
static void print_strip(const struct strip_view *v, FILE *out)
{
    const struct strip s = {
        fmin(v->of->low, v->value) - 0.005, fmax(v->of->high, v->value) + 0.005};
    const double left = x_of(&s, v->of->low), middle = x_of(&s, v->of->median);
    fprintf(out,
        "<svg class=\"strip\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%+.1f%% from the "
        "median; "
        "the others: %+.1f%% to %+.1f%%\"><path class=\"grid\" d=\"M%d 12H%d\"/>"
        "<rect x=\"%.1f\" y=\"7\" width=\"%.1f\" height=\"10\" rx=\"2\"/>"
        "<path class=\"one\" d=\"M%.1f 3V21\"/><circle cx=\"%.1f\" cy=\"12\" r=\"5\"/>",
        STRIP_WIDTH, STRIP_HEIGHT, off_percent(v->value - v->of->median),
        off_percent(v->of->low - v->of->median), off_percent(v->of->high - v->of->median),
        STRIP_MARGIN, STRIP_WIDTH - STRIP_MARGIN, left, fmax(2, x_of(&s, v->of->high) - left),
        middle, x_of(&s, v->value));
    fprintf(out, "<text x=\"%.1f\" y=\"32\">0</text><text x=\"%.1f\" y=\"32\">%+.0f%%</text></svg>",
        middle, fmax(24, fmin(STRIP_WIDTH - 24, x_of(&s, v->value))),
        off_percent(v->value - v->of->median));
}

/* "176 ns, the others 160 ns". Without a unit, since canaries and prices are both times. */
static void print_values(const struct strip_view *v, FILE *out)
{
    char own[CELL_TEXT], others[CELL_TEXT];
    html_print_text(out, "%s ns; median of the others %s ns, spread %.1f%%",
        number_text(exp(v->value), own), number_text(exp(v->of->median), others),
        100 * v->of->spread);
}

static void print_named(const struct hosts *h, const struct peers_named *n, FILE *out)
{
    const struct hosts_kind *const kind = &h->kind[n->kind];
    char confidence[CONFIDENCE_TEXT];
    fputs("<div class=\"off\"><div class=\"text\">", out);
    html_print(out, "strong", NULL, "%+.1f%%", off_percent(n->off));
    html_print_text(out, " %s", hosts_named_quantity(h, n));
    fputs("<small>", out);
    struct strip_view v = {0};
    if (n->quantity == PEERS_ALL) {
        html_print_text(out, "median over its values; each may be within what is usual");
    } else {
        v = (struct strip_view){&h->result.quantity[n->kind][n->quantity],
            kind->value[n->host * kind->quantities + n->quantity]};
        print_values(&v, out);
    }
    html_print_text(out, "; confidence %s", confidence_text(n->chance, confidence));
    fputs("</small></div>", out);
    if (v.of)
        print_strip(&v, out);
    fputs("</div>\n", out);
}

static void print_host(const struct hosts *h, size_t from, size_t end, FILE *out)
{
    char kind[HOSTS_KIND_TEXT];
    const struct peers_named *const n = &h->result.named[from];
    fputs("<li class=\"bad\"><div class=\"what\">", out);
    html_print(out, "strong", NULL, "%s", hosts_named_host(h, n)->name);
    html_print(out, "small", NULL, "%s", hosts_kind_text(&h->kind[n->kind], kind));
    fputs("</div>\n<div>", out);
    for (size_t i = from; i < end && i < from + OF_A_HOST_MAX; i++)
        print_named(h, &h->result.named[i], out);
    if (end - from > OF_A_HOST_MAX)
        html_print(out, "p", "note", "and %zu more values", end - from - OF_A_HOST_MAX);
    fputs("</div></li>\n", out);
}

struct named_host {
    size_t from, end;
    double chance, off;
};

/* The surest first; of many that are as sure as a number can be, the farthest. */
static int surest_first(const void *a, const void *b)
{
    const struct named_host *const x = a, *const y = b;
    if (x->chance < y->chance || x->chance > y->chance)
        return x->chance < y->chance ? -1 : 1;
    return (x->off < y->off) - (x->off > y->off);
}

static int print_list(const struct hosts *h, FILE *out)
{
    struct named_host *const host = calloc(h->result.count, sizeof *host);
    size_t count = 0;
    if (!host)
        return -ENOMEM;
    for (size_t i = 0, end; i < h->result.count; i = end) {
        end = hosts_named_end(h, i);
        host[count++] =
            (struct named_host){i, end, h->result.named[i].chance, fabs(h->result.named[i].off)};
    }
    qsort(host, count, sizeof *host, surest_first);
    fputs("<ul class=\"verdicts fleet\">\n", out);
    for (size_t i = 0; i < count && i < NAMED_MAX; i++)
        print_host(h, host[i].from, host[i].end, out);
    fputs("</ul>\n", out);
    if (count > NAMED_MAX)
        html_print(out, "p", "note", "%zu more are marked in the tables; these are the surest.",
            count - NAMED_MAX);
    free(host);
    return 0;
}

static void print_notes(const struct hosts *h, FILE *out)
{
    if (!h->notes)
        return;
    fputs("<h3>Left out</h3>\n<ul class=\"warnings\">\n", out);
    for (size_t i = 0; i < h->notes && i < NOTES_MAX; i++)
        html_print(out, "li", "warn", "%s", h->note[i]);
    fputs("</ul>\n", out);
    if (h->notes > NOTES_MAX)
        html_print(out, "p", "note", "and %zu more", h->notes - NOTES_MAX);
}

int overview_print_named(const struct hosts *h, FILE *out)
{
    print_summary(h, out);
    const int code = h->result.count ? print_list(h, out) : 0;
    print_notes(h, out);
    return code;
}
