/* SPDX-License-Identifier: MIT
 * Prices of cards next to each other: what a table of a hundred rows does not show at a glance. */
#include "analysis/card/card_chart.h"

#include "analysis/card/card_values.h"
#include "analysis/format/html.h"

#include <math.h>

enum { WIDTH = 720, NAMES = 250, MARGIN = 16, HEAD = 20, ROW = 18, ROWS_MOST = 200 };

struct chart {
    const struct card_columns *columns;
    double low, high; /* ns: the ends of the scale */
    size_t rows;
    FILE *out;
};

static void widen(struct chart *c, double ns)
{
    if (ns > 0 && isfinite(ns)) {
        c->low = fmin(c->low, ns);
        c->high = fmax(c->high, ns);
    }
}

static bool measure_row(void *context, const char *name)
{
    struct chart *const c = context;
    size_t card;
    for (size_t i = 0; card_column(c->columns, i, &card); i++) {
        const struct interval v = card_value(&c->columns->cards->card[card], CARD_PRICES, name);
        widen(c, v.low);
        widen(c, v.mid);
        widen(c, v.high);
    }
    return ++c->rows < ROWS_MOST;
}

static double place_of(const struct chart *c, double ns)
{
    return NAMES + MARGIN + (WIDTH - NAMES - 2 * MARGIN) * log(ns / c->low) / log(c->high / c->low);
}

/* A line at each power of ten, and at 2 and 5 of them where there are few. */
static void print_scale(const struct chart *c, FILE *out)
{
    static const double steps[] = {1, 2, 5};
    const size_t count = c->high / c->low < 1000 ? 3 : 1;
    for (int e = -3; e <= 12; e++)
        for (size_t i = 0; i < count; i++) {
            const double ns = steps[i] * pow(10, e);
            if (ns < c->low || ns > c->high)
                continue;
            fprintf(out,
                "<path class=\"grid\" d=\"M%.1f %dV%zu\"/><text class=\"at\" x=\"%.1f\" "
                "y=\"%d\">%g ns</text>\n",
                place_of(c, ns), HEAD, HEAD + c->rows * ROW, place_of(c, ns), HEAD - 6, ns);
        }
}

static void print_dot(const struct chart *c, size_t column, double y, struct interval v)
{
    if (!(v.mid > 0))
        return;
    fprintf(c->out, "<g class=\"card%zu\">", column + 1);
    if (v.low > 0 && isfinite(v.high))
        fprintf(
            c->out, "<path d=\"M%.1f %.1fH%.1f\"/>", place_of(c, v.low), y, place_of(c, v.high));
    fprintf(c->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/></g>", place_of(c, v.mid), y);
}

/* The dots of a row are below each other, so that equal ones are all seen. */
static bool print_row(void *context, const char *name)
{
    struct chart *const c = context;
    char text[CARD_NAME_TEXT];
    size_t card, cards = 0;
    const double middle = HEAD + ROW * ((double)c->rows + 0.5);
    fprintf(c->out, "<text x=\"%d\" y=\"%.1f\">", NAMES, middle + 4);
    html_text(c->out, card_name_joined(name, text));
    fputs("</text>", c->out);
    while (card_column(c->columns, cards, &card))
        cards++;
    for (size_t i = 0; card_column(c->columns, i, &card); i++)
        print_dot(c, i, middle + ((double)i - (double)(cards - 1) / 2) * 2.5,
            card_value(&c->columns->cards->card[card], CARD_PRICES, name));
    fputc('\n', c->out);
    return ++c->rows < ROWS_MOST;
}

static void print_key(const struct card_columns *columns, FILE *out)
{
    size_t card;
    fputs("<p class=\"note\">", out);
    for (size_t i = 0; card_column(columns, i, &card); i++) {
        fprintf(out, "<span class=\"card%zu\" aria-hidden=\"true\">●</span> ", i + 1);
        html_text(out, card_heading(&columns->cards->card[card]).text);
        fputc('\n', out);
    }
    fputs("</p>\n", out);
}

void card_chart_print(const struct card_columns *columns, FILE *out)
{
    struct chart c = {columns, INFINITY, 0, 0, out};
    card_rows(columns, CARD_PRICES, measure_row, &c);
    if (c.rows < 2 || !(c.high > c.low))
        return;
    html_print(out, "h3", NULL, "Prices at a glance");
    print_key(columns, out);
    fprintf(out,
        "<div class=\"drawing scroll\" style=\"max-width: %dpx; --least: %dpx\" tabindex=\"0\" "
        "role=\"region\" aria-label=\"Chart: prices of cards\">\n",
        WIDTH, WIDTH * 3 / 4);
    fprintf(out,
        "<svg class=\"prices\" viewBox=\"0 0 %d %zu\" role=\"img\" aria-label=\"Prices of %zu ops "
        "and lines, logarithmic, from %.3g to %.3g ns; the table has the numbers\">\n",
        WIDTH, HEAD + c.rows * ROW + 4, c.rows, c.low, c.high);
    print_scale(&c, out);
    c.rows = 0;
    card_rows(columns, CARD_PRICES, print_row, &c);
    fputs("</svg>\n</div>\n", out);
}
