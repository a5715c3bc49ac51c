/* SPDX-License-Identifier: MIT
 * How values scatter, as quantiles: ten thousand of them draw no more than twenty do. For
 * analysis/charts/panels_*.c and the chart "distribution". */
#ifndef ANALYSIS_CHARTS_QUANTILES_H
#define ANALYSIS_CHARTS_QUANTILES_H

#include "analysis/charts/chart.h"

/* Of ascending values, 0 < share <= 1: always one that was measured (the nearest rank, Hyndman and
 * Fan 1996, type 1). */
double quantile_of(const double *sorted, size_t count, double share);

/* The lines of a block: value, and the share in percent that is not above it. */
void quantiles_print(FILE *script, const double *sorted, size_t count);

/* The columns of a table with them, each with its unit; cells of a row. */
#define QUANTILE_COLUMNS(unit)                                                                     \
    "least " unit ">|5% " unit ">|25% " unit ">|50% " unit ">|75% " unit ">|95% " unit             \
    ">|most " unit ">"
void quantiles_cells(struct table *table, const double *sorted, size_t count);
/* "half of N NAME between A and B UNIT. " */
void quantiles_about(
    FILE *about, const double *sorted, size_t count, const char *name, const char *unit);

#endif
