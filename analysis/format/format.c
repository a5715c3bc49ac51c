/* SPDX-License-Identifier: MIT
 * Numbers as text and as cells of tables. */
#include "analysis/format/format.h"

#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Digits after the point that leave three significant ones after rounding, at most `most`. */
static int count_decimals(double value, int most)
{
    const double size = fabs(value);
    const int decimals = size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    return decimals < most ? decimals : most;
}

static void print_decimals(char *out, double value, int decimals)
{
    if (isnan(value))
        *out = '\0';
    else if (fabs(value) < 1e7)
        snprintf(out, CELL_TEXT, "%.*f", decimals, value);
    else
        snprintf(out, CELL_TEXT, "%.3g", value);
}

static const char *print_range(struct interval i, int most, char *out)
{
    char low[CELL_TEXT], high[CELL_TEXT];
    const int decimals = count_decimals(i.mid, most);
    print_decimals(low, i.low, decimals);
    print_decimals(high, i.high, decimals);
    if (isnan(i.low))
        *out = '\0';
    else
        snprintf(out, CELL_TEXT, i.low < 0 ? "%.24s to %.24s" : "%.24s–%.24s", low, high);
    return out;
}

enum { NUMBER_DECIMALS = 3, RATIO_DECIMALS = 2 };

const char *number_text(double value, char *out)
{
    print_decimals(out, value, count_decimals(value, NUMBER_DECIMALS));
    return out;
}

const char *range_text(struct interval interval, char *out)
{
    return print_range(interval, NUMBER_DECIMALS, out);
}

/* The range is "" where it is not known. */
static const char *print_value(const char *mid, const char *unit, const char *range, char *out)
{
    if (*range)
        snprintf(out, CELL_TEXT, "%.12s%s (%.44s)", mid, unit, range);
    else
        snprintf(out, CELL_TEXT, "%.12s%s", mid, unit);
    return out;
}

const char *interval_text(struct interval ns, char *out)
{
    char mid[CELL_TEXT], range[CELL_TEXT];
    return print_value(number_text(ns.mid, mid), " ns", range_text(ns, range), out);
}

const char *ratio_text(double ratio, char *out)
{
    print_decimals(out, ratio, count_decimals(ratio, RATIO_DECIMALS));
    if (*out)
        text_append(out, CELL_TEXT, "×");
    return out;
}

const char *ratio_range_text(struct interval ratio, char *out)
{
    return print_range(ratio, RATIO_DECIMALS, out);
}

const char *ratio_interval_text(struct interval ratio, char *out)
{
    char mid[CELL_TEXT], range[CELL_TEXT];
    return print_value(ratio_text(ratio.mid, mid), "", ratio_range_text(ratio, range), out);
}

const char *times_text(struct interval ratio, const char *as, char *out)
{
    const int decimals = count_decimals(ratio.mid, RATIO_DECIMALS);
    char mid[CELL_TEXT], low[CELL_TEXT], high[CELL_TEXT];
    print_decimals(mid, ratio.mid, decimals);
    print_decimals(low, ratio.low, decimals);
    print_decimals(high, ratio.high, decimals);
    snprintf(out, CELL_TEXT, "%.12s times as %.8s", mid, as);
    if (isfinite(ratio.low))
        text_append(out, CELL_TEXT, " (%.12s to %.12s)", low, high);
    return out;
}

const char *count_text(double count, char *out)
{
    static const struct {
        double from, by;
        const char *unit;
    } units[] = {{999.5e6, 1e9, " G"}, {999.5e3, 1e6, " M"}, {1e4, 1e3, " k"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (count >= units[i].from) {
            snprintf(out, CELL_TEXT, "%.3g%s", count / units[i].by, units[i].unit);
            return out;
        }
    print_decimals(out, count, 0);
    return out;
}

const char *percent_text(double share, char *out)
{
    const double percent = share * 100;
    if (isnan(percent))
        *out = '\0';
    else
        snprintf(out, CELL_TEXT, fabs(percent) < 999.5 ? "%.3g%%" : "%.0f%%", percent);
    return out;
}

void cell_number(struct table *table, double value)
{
    char text[CELL_TEXT];
    table_cell(table, PAINT_NONE, "%s", number_text(value, text));
}

void cell_range(struct table *table, struct interval interval)
{
    char text[CELL_TEXT];
    table_cell(table, PAINT_NONE, "%s", range_text(interval, text));
}

const enum table_paint verdict_paints[] = {[VERDICT_NONE] = PAINT_DIM,
    [VERDICT_SAME] = PAINT_NONE,
    [VERDICT_SLOWER] = PAINT_BAD,
    [VERDICT_FASTER] = PAINT_GOOD,
    [VERDICT_OPEN] = PAINT_WARN};

void cell_ratio(struct table *table, struct interval ratio)
{
    char text[CELL_TEXT];
    const enum table_paint paint =
        isnan(ratio.mid) ? PAINT_NONE : verdict_paints[verdict_kind(ratio)];
    table_cell(table, paint, "%s", ratio_text(ratio.mid, text));
}

void cell_ratio_range(struct table *table, struct interval ratio)
{
    char text[CELL_TEXT];
    table_cell(table, PAINT_NONE, "%s", ratio_range_text(ratio, text));
}

void cell_int(struct table *table, int64_t value)
{
    if (value == SAMPLE_NONE)
        table_cell(table, PAINT_NONE, NULL);
    else
        table_cell(table, PAINT_NONE, "%" PRId64, value);
}

void cell_variant(struct table *table, const struct estimate *f)
{
    const char *const between = *f->twin ? " " : "";
    if (f->align_bytes == SAMPLE_NONE)
        table_cell(table, PAINT_NONE, "isolated%s%s", between, f->twin);
    else
        table_cell(table, PAINT_NONE, "%" PRId64 " B%s%s", f->align_bytes, between, f->twin);
}
