/* SPDX-License-Identifier: MIT
 * What says whether rows belong together: how their cells compare, and what stands for a cell where
 * a row is a reference or not of a pair. */
#ifndef ANALYSIS_DATASET_CELL_COMPARE_H
#define ANALYSIS_DATASET_CELL_COMPARE_H

#include "base/sample.h"

/* Each compares as strcmp does. Empty and NULL texts are equal, and so are NaN numbers. */
int compare_text(const char *a, const char *b);
int compare_int(int64_t a, int64_t b);
int compare_real(double a, double b);

/* The layout, or that which a reference stands for. */
const char *row_family(const struct sample *row);
int64_t row_align(const struct sample *row); /* SAMPLE_NONE for the reference */
/* The cpu that a row belongs to; SAMPLE_NONE where threads are pooled, as in run. */
int64_t row_cpu(const struct sample *row);

#endif
