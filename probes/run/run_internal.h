/* SPDX-License-Identifier: MIT
 * A run, for run.c, run_rows.c and run_counters.c only. */
#ifndef PROBES_RUN_RUN_INTERNAL_H
#define PROBES_RUN_RUN_INTERNAL_H

#include "probes/run/run.h"
#include "probes/trial/block.h"

struct run {
    struct stage stage; /* first: aligned */
    struct block_series series;
    const struct plan *plan;
    struct run_options options;
    struct counters counters;
    char counters_text[512], counters_reason[1024];
    struct err *counters_err; /* by thread */
    struct arena *arena;      /* by point */
    word **all;               /* every shard's counter, of the last trial */
};

/* Once threads and canary are ready. What cannot be counted is not an error; an unknown name is. */
int run_prepare_counters(struct run *run, struct err *err);
void run_close_counters(struct run *run);
/* One row for each thread of the last trial. 0 or -ENOMEM. */
int run_append_rows(struct run *run, unsigned point, const char *reason, struct samples *samples);

#endif
