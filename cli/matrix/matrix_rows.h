/* SPDX-License-Identifier: MIT
 * Batches as rows of the CSV, made one by one: a large machine's would not fit in memory. */
#ifndef CLI_MATRIX_MATRIX_ROWS_H
#define CLI_MATRIX_MATRIX_ROWS_H

#include "probes/matrix/matrix.h"

#include <stdio.h>

/* Header and every batch, counted or not. Write errors show in ferror(out). */
void matrix_rows_write(const struct matrix *matrix, const struct matrix_plan *plan, FILE *out);

#endif
