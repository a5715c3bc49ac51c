/* SPDX-License-Identifier: MIT
 * A matrix as a heat map for a terminal of 80 columns. */
#ifndef CLI_MATRIX_MATRIX_HEAT_H
#define CLI_MATRIX_MATRIX_HEAT_H

#include "base/cpuset.h"

#include <stdbool.h>
#include <stdio.h>

enum { HEAT_NUMBERS = 12, HEAT_CPUS = 72 }; /* as many cpus fit with numbers; with shades */

/* `square`: cpus x cpus, NaN where there is no estimate. Up to HEAT_NUMBERS cpus each cell is its
 * number, up to HEAT_CPUS a digit from 0 (nearest) to 9 on a logarithmic scale; in colour where
 * wanted. Prints nothing for more. */
void matrix_heat(const struct cpuset *cpus, const double *square, bool colour, FILE *out);

#endif
