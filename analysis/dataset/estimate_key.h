/* SPDX-License-Identifier: MIT
 * What names a figure: rows of the same name are folded into one, and no others. */
#ifndef ANALYSIS_DATASET_ESTIMATE_KEY_H
#define ANALYSIS_DATASET_ESTIMATE_KEY_H

#include "analysis/dataset/cell_compare.h"
#include "analysis/dataset/summary.h"
#include "base/sample.h"

#include <stdint.h>

/* Without padding, and equal texts are one pointer, so that equal names are equal bytes. */
struct figure_name {
    const char *run_id, *host, *instrument, *layout, *op, *mode, *state, *home, *distance, *role,
        *twin;
    int64_t cpu, peer, beside, threads, regime, align_bytes;
    double gap_ns;
};

/* The texts are those of the row. */
struct figure_name figure_name_of(const struct sample *row);
/* The order of summary.h: run, instrument, layout, op, mode, pair, gap, distance, threads, role,
 * regime; then the reference first, by alignment, and twin a before b. Compares as strcmp does. */
int figure_name_compare(const struct figure_name *a, const struct figure_name *b);
/* A figure of that name, without any number yet. */
struct figure figure_named(const struct figure_name *name);

#endif
