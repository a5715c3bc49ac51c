/* SPDX-License-Identifier: MIT
 * Quantiles of sorted values. */
#include "analysis/charts/quantiles.h"

#include "analysis/format/format.h"

#include <math.h>

double quantile_of(const double *sorted, size_t count, double share)
{
    const double rank = ceil(share * (double)count);
    return sorted[rank < 1 ? 0 : (size_t)rank - 1];
}

void quantiles_print(FILE *script, const double *sorted, size_t count)
{
    enum { STEPS = 40 }; /* quantiles 0, 2.5%, ... 100% */
    for (int i = 0; i <= STEPS; i++)
        fprintf(
            script, "%g %g\n", quantile_of(sorted, count, (double)i / STEPS), 100.0 * i / STEPS);
}

void quantiles_cells(struct table *table, const double *sorted, size_t count)
{
    static const double shares[] = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        cell_number(table, quantile_of(sorted, count, shares[i]));
}

void quantiles_about(
    FILE *about, const double *sorted, size_t count, const char *name, const char *unit)
{
    char text[2][CELL_TEXT];
    fprintf(about, "half of %zu %s between %s and %s %s. ", count, name,
        number_text(quantile_of(sorted, count, 0.25), text[0]),
        number_text(quantile_of(sorted, count, 0.75), text[1]), unit);
}
