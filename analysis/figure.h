/* SPDX-License-Identifier: MIT
 * From ordered rows to figures: the arithmetic within analysis/summary.h. */
#ifndef ANALYSIS_FIGURE_H
#define ANALYSIS_FIGURE_H

#include <stddef.h>
#include "analysis/group.h"
#include "analysis/summary.h"

/* A figure of the row's name, without any number yet. */
struct figure figure_named(const struct sample *row);

/* Fills out->figure and out->count from items in the order of items_by_figure. 0 or -ENOMEM; what
 * is in *out is summary_fini's in either case. */
int figures_fold(const struct item *item, size_t rows, struct summary *out);

#endif
