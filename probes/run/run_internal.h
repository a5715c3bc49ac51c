/* SPDX-License-Identifier: MIT
 * What run.c and run_rows.c share, and nobody else sees. */
#ifndef PROBES_RUN_RUN_INTERNAL_H
#define PROBES_RUN_RUN_INTERNAL_H

#include "base/rng.h"
#include "probes/run/run.h"
#include "probes/trial/block.h"
#include "probes/trial/provenance.h"
#include "probes/trial/trial.h"

#include <math.h>

/* A point's memory: `areas` places for its array, taken in turn block by block, since the physical
 * page and the slice of the L3 that a line falls into have an effect of their own. */
struct arena {
    char *memory;
    size_t area_bytes;
    unsigned areas;
    const char *verified; /* how the placement is known */
};

struct run {
    struct trial trial; /* first: aligned */
    const struct topology *topology;
    const struct plan *plan;
    struct run_options options;
    struct crew *crew;
    struct clock clock;
    struct canary canary;
    struct canary_reading last_canary; /* after the block before */
    struct rng rng;
    struct provenance origin;
    struct counters counters;
    char counters_text[512], counters_reason[1024];
    struct err *counters_err; /* by thread */
    unsigned threads;
    struct arena *arena;         /* by point */
    unsigned *order;             /* points, shuffled */
    bool *left_out;              /* by point */
    uint64_t *gap;               /* by thread */
    struct trial_result *result; /* by thread, of the last trial */
    double overlap_ns;           /* its common window */
    word **all;                  /* every shard's counter, of the last trial */
    unsigned block, trials;
};

static inline bool run_stopped(const struct run *run)
{
    return run->options.stop && *run->options.stop;
}

/* Once threads and canary are ready. What cannot be counted is no error; a name that is none is. */
int run_prepare_counters(struct run *run, struct err *err);
void run_close_counters(struct run *run);
/* Why the last trial does not count; "" when it does. */
const char *run_disturbance(const struct run *run);
/* One row for each thread of the last trial. 0 or -ENOMEM. */
int run_append_rows(struct run *run, unsigned point, const char *reason, struct samples *samples);
/* Writes into the block's rows (from `first` on) what is known only at its end: canaries, regime
 * and steal; and rejects them all when those say so. steal_ns: NaN where the kernel does not tell.
 */
void run_close_block(struct run *run, struct samples *samples, size_t first,
    const struct canary_reading *before, const struct canary_reading *after, double steal_ns);

#endif
