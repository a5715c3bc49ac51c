/* SPDX-License-Identifier: MIT
 * Decides whether rows belong together: how their cells compare, and what replaces a cell if
 * a row is a reference or not of a pair. */
#ifndef ANALYSIS_DATASET_CELL_COMPARE_H
#define ANALYSIS_DATASET_CELL_COMPARE_H

#include "base/compare.h"
#include "base/sample.h"

/* Each compares as strcmp does. Empty and NULL texts are equal, and so are NaN numbers. */
int compare_text(const char *a, const char *b);
int compare_real(double a, double b);
/* The first of `count` pairs that differs decides. */
int compare_texts(const char *const (*pair)[2], size_t count);
int compare_ints(const int64_t (*pair)[2], size_t count);

/* Whether two run_ids and their hosts name the same run; two things that have both. */
bool compare_run(const char *run_id, const char *host, const char *run_id2, const char *host2);
#define SAME_RUN(a, b) compare_run((a)->run_id, (a)->host, (b)->run_id, (b)->host)

/* The layout, or the one whose reference the row is. */
const char *row_family(const struct sample *row);
int64_t row_align(const struct sample *row); /* SAMPLE_NONE for the reference */
/* The cpu that a row belongs to; SAMPLE_NONE where threads are pooled, as in run. */
int64_t row_cpu(const struct sample *row);

#endif
