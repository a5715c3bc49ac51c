/* SPDX-License-Identifier: MIT
 * A run, for run.c and run_rows.c only. */
#ifndef PROBES_RUN_RUN_INTERNAL_H
#define PROBES_RUN_RUN_INTERNAL_H

#include "probes/run/run.h"
#include "probes/trial/block.h"
#include "probes/trial/stage_counters.h"

struct run {
    struct stage stage; /* first: aligned */
    struct block_series series;
    const struct plan *plan;
    struct run_options options;
    struct stage_counters counted;
    struct arena *arena; /* by point */
    word **all;          /* every shard's counter, of the last trial */
};

/* One row for each thread of the last trial. 0 or -ENOMEM. */
int run_append_rows(struct run *run, unsigned point, const char *reason, struct samples *samples);

#endif
