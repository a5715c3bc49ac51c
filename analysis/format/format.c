/* SPDX-License-Identifier: MIT
 * Figures as cells of tables. */
#include "analysis/format/format.h"

#include "analysis/verdict/verdict.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct table *estimate_table(const char *names)
{
    struct table *const t = table_new();
    for (const char *at = names; *at;) {
        char name[CELL_TEXT];
        const size_t length = strcspn(at, "|");
        const bool right = length > 0 && at[length - 1] == '>';
        snprintf(name, sizeof name, "%.*s", (int)(length - right), at);
        table_column(t, name, right ? TABLE_RIGHT : TABLE_LEFT);
        at += length + (at[length] == '|');
    }
    return t;
}

/* Three significant digits, as far as a stopwatch of nanoseconds has them. */
static int digits_of(double ns)
{
    return fabs(ns) < 1 ? 3 : fabs(ns) < 10 ? 2 : fabs(ns) < 100 ? 1 : 0;
}

static void put_number(char *out, double value, int digits)
{
    if (isnan(value))
        *out = '\0';
    else if (fabs(value) < 1e7)
        snprintf(out, CELL_TEXT, "%.*f", digits, value);
    else
        snprintf(out, CELL_TEXT, "%.3g", value);
}

const char *ns_text(double ns, char *out)
{
    put_number(out, ns, digits_of(ns));
    return out;
}

const char *range_text(struct interval i, char *out)
{
    char low[CELL_TEXT], high[CELL_TEXT];
    const int digits = digits_of(i.mid);
    put_number(low, i.low, digits);
    put_number(high, i.high, digits);
    if (isnan(i.low))
        *out = '\0';
    else
        snprintf(out, CELL_TEXT, i.low < 0 ? "%.24s to %.24s" : "%.24s–%.24s", low, high);
    return out;
}

const char *interval_text(struct interval ns, char *out)
{
    char mid[CELL_TEXT], range[CELL_TEXT];
    ns_text(ns.mid, mid);
    if (isnan(ns.low))
        snprintf(out, CELL_TEXT, "%.16s ns", mid);
    else
        snprintf(out, CELL_TEXT, "%.12s ns (%.44s)", mid, range_text(ns, range));
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
    put_number(out, count, 0);
    return out;
}

void cell_ns(struct table *table, double ns)
{
    char text[CELL_TEXT];
    table_cell(table, PAINT_NONE, "%s", ns_text(ns, text));
}

void cell_range(struct table *table, struct interval ns)
{
    char text[CELL_TEXT];
    table_cell(table, PAINT_NONE, "%s", range_text(ns, text));
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

void cell_ratio(struct table *table, struct interval ratio)
{
    static const enum table_paint paint[] = {[VERDICT_NONE] = PAINT_DIM,
        [VERDICT_SAME] = PAINT_NONE,
        [VERDICT_SLOWER] = PAINT_BAD,
        [VERDICT_FASTER] = PAINT_GOOD,
        [VERDICT_OPEN] = PAINT_WARN};
    if (isnan(ratio.mid))
        table_cell(table, PAINT_NONE, NULL);
    else
        table_cell(table, paint[verdict_kind(ratio)], "%.2f×", ratio.mid);
}

void cell_per_op(struct table *table, double per_op)
{
    if (isnan(per_op))
        table_cell(table, PAINT_NONE, NULL);
    else
        table_cell(table, PAINT_NONE, "%.*f", per_op < 10 ? 3 : per_op < 100 ? 1 : 0, per_op);
}
