/* SPDX-License-Identifier: MIT
 * Rows brought into the order in which analysis/summary.c folds them. Says which rows belong
 * together: to one run, one trial, one group (all alignments of one question), one figure. */
#ifndef ANALYSIS_GROUP_H
#define ANALYSIS_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include "base/sample.h"

struct item {
    const struct sample *row;
    bool accepted; /* the whole trial is: a disturbed thread disturbs the others through the line */
};

/* All samples, each with its trial's fate; *out is the caller's to free(). 0 or -ENOMEM. */
int items_new(const struct samples *samples, struct item **out);

void items_by_figure(struct item *item, size_t count); /* in a figure by block, then by trial */
void items_by_regime(struct item *item, size_t count); /* by run and regime, then by block */

/* Each compares as strcmp does. Empty and NULL texts are equal, and so are NaN numbers. */
int compare_text(const char *a, const char *b);
int compare_int(int64_t a, int64_t b);
int compare_real(double a, double b);
int compare_run(const struct sample *a, const struct sample *b);
int compare_figure(const struct sample *a, const struct sample *b);

bool row_isolated(const struct sample *row);
const char *row_family(
    const struct sample *row);               /* the layout, or that which a reference stands for */
int64_t row_align(const struct sample *row); /* SAMPLE_NONE for the reference */
/* The cpu that a row belongs to; SAMPLE_NONE where threads are pooled, as in run. */
int64_t row_cpu(const struct sample *row);

int compare_block(const struct sample *a, const struct sample *b);
int compare_trials(const struct sample *a, const struct sample *b);

/* One past the last item, from `from` on, for which `compare` finds no difference to item `from`.
 */
size_t items_end(const struct item *item, size_t from, size_t count,
    int (*compare)(const struct sample *, const struct sample *));

#endif
