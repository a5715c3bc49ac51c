/* SPDX-License-Identifier: MIT
 * A run of `costs`, for costs.c, costs_prepare.c and costs_rows.c only. */
#ifndef PROBES_COSTS_COSTS_INTERNAL_H
#define PROBES_COSTS_COSTS_INTERNAL_H

#include "probes/costs/costs.h"
#include "probes/costs/costs_walk.h"
#include "probes/trial/block.h"

enum {
    COSTS_APART_BYTES = 256, /* between contenders' words: two lines of 128 B, as in `isolated` */
};

struct costs_run {
    struct walk_trial walk; /* first: aligned */
    struct stage stage;
    struct block_series series; /* prices, then holds */
    const struct costs_plan *plan;
    struct costs_options options;
    struct rng lines; /* of the walks */
    struct arena home[COSTS_HOMES], contended;
};

/* Once the threads have started: canary and memory. 0 or -errno with err. */
int costs_prepare(struct costs_run *run, struct err *err);
/* The rows of the last trial. 0 or -ENOMEM. */
int costs_append_price(struct costs_run *run, const struct price_point *price,
    const struct walk_result *result, struct samples *samples);
int costs_append_hold(struct costs_run *run, const struct hold_point *hold, const char *reason,
    struct samples *samples);

#endif
