/* SPDX-License-Identifier: MIT
 * What names an estimate: rows of the same name are folded into one, and no others. */
#ifndef ANALYSIS_DATASET_ESTIMATE_KEY_H
#define ANALYSIS_DATASET_ESTIMATE_KEY_H

#include "analysis/dataset/cell_compare.h"
#include "analysis/dataset/summary.h"

/* Without padding, and equal texts are one pointer, so that equal names are equal bytes. */
struct estimate_key {
    const char *run_id, *host, *instrument, *layout, *op, *mode, *state, *home, *distance, *role,
        *load, *twin;
    int64_t cpu, peer, beside, threads, clients, client_threads, regime, align_bytes;
    double gap_ns;
};

/* The texts are those of the row. */
struct estimate_key estimate_key_of(const struct sample *row);
/* The order of summary.h: run, instrument, layout, op, mode, pair, gap, distance, threads, role,
 * regime; then the reference first, by alignment, and twin a before b. Compares as strcmp does. */
int estimate_key_compare(const struct estimate_key *a, const struct estimate_key *b);
/* An estimate of that name, without any number yet. */
struct estimate estimate_named(const struct estimate_key *name);

#endif
