/* SPDX-License-Identifier: MIT
 * The tables of a comparison. */
#include "analysis/ab/ab_table.h"

#include "analysis/format/format.h"

#include <math.h>

/* What a value is divided by for the table. */
struct unit {
    double size;
    const char *name;
};

static struct unit unit_of(enum ab_measure measure, double value)
{
    static const struct unit second = {1, "s"}, milli = {1e-3, "ms"}, micro = {1e-6, "µs"},
                             mib = {1 << 20, "MiB"}, none = {1, ""};
    if (measure == AB_MEMORY)
        return mib;
    if (measure != AB_WALL && measure != AB_CPU)
        return none;
    return value < 1e-3 ? micro : value < 1 ? milli : second;
}

static struct interval scaled(struct interval value, double size)
{
    return (struct interval){value.low / size, value.mid / size, value.high / size, value.n};
}

static void add_program(struct table *t, const struct ab_result *r, enum ab_measure measure,
    unsigned slot, struct unit unit)
{
    char text[CELL_TEXT];
    const struct ab_estimate *const e = &r->summary.of[slot];
    const struct interval value = scaled(e->value[measure], unit.size);
    TABLE_ROW(t, ab_measure_name(measure), unit.name, ab_slot_name(slot, r->summary.programs));
    table_cell(t, PAINT_NONE, "%zu", value.n);
    cell_number(t, value.mid);
    cell_range(t, value);
    TABLE_TEXTS(t, ab_ratio_text(e->ratio[measure], text));
    TABLE_TEXTS(t, ab_range_text(e->ratio[measure], text));
}

struct table *ab_table_estimates(const struct ab_result *r)
{
    struct table *const t = table_with("measure|unit|program|n>|median>|95%>|ratio>|95%>");
    for (int measure = 0; measure < AB_MEASURES; measure++) {
        const double value = r->summary.of[0].value[measure].mid;
        for (unsigned slot = 0; !isnan(value) && slot <= r->summary.programs; slot++)
            add_program(t, r, measure, slot, unit_of(measure, value));
    }
    return t;
}

struct table *ab_table_sessions(const struct ab_result *r)
{
    struct table *const t = table_with("session|host|begun|program|n>|ratio>|95%>");
    char text[CELL_TEXT];
    for (size_t i = 0; i < r->sessions; i++)
        for (unsigned slot = 1; slot <= r->summary.programs; slot++) {
            const struct interval ratio = r->each[i].of[slot].ratio[r->rule.judged];
            TABLE_ROW(t, r->session[i].id, r->session[i].host, r->session[i].started_at,
                ab_slot_name(slot, r->summary.programs));
            table_cell(t, PAINT_NONE, "%zu", ratio.n);
            TABLE_TEXTS(t, ab_ratio_text(ratio, text));
            TABLE_TEXTS(t, ab_range_text(ratio, text));
        }
    return t;
}
