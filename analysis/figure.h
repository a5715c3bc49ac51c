/* SPDX-License-Identifier: MIT
 * From pieces to figures: the arithmetic within analysis/summary.h. */
#ifndef ANALYSIS_FIGURE_H
#define ANALYSIS_FIGURE_H

#include "analysis/piece.h"
#include "analysis/summary.h"

#include <stddef.h>

/* Fills out->figure and out->count from pieces that were closed. 0 or -ENOMEM; what is in *out is
 * summary_fini's in either case. */
int figures_fold(const struct pieces *pieces, struct summary *out);

#endif
