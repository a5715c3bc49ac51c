/* SPDX-License-Identifier: MIT
 * What costs.c and costs_rows.c share, and nobody else sees. */
#ifndef PROBES_COSTS_COSTS_INTERNAL_H
#define PROBES_COSTS_COSTS_INTERNAL_H

#include "probes/costs/costs.h"
#include "probes/costs/costs_walk.h"
#include "probes/trial/block.h"
#include "probes/trial/provenance.h"
#include "probes/trial/trial.h"

enum {
    COSTS_AREAS = 8,         /* taken in turn: which page and L3 slice a line is in has an effect */
    COSTS_APART_BYTES = 256, /* between contenders' words: two lines of 128 B, as in `isolated` */
};

/* Measured memory: `COSTS_AREAS` areas. */
struct costs_arena {
    char *memory; /* NULL: not used */
    size_t area_bytes;
    struct memory_policy policy;
    const char *verified; /* how its place is known */
};

struct costs_run {
    struct walk_trial walk; /* first: aligned */
    struct trial trial;
    const struct topology *topology;
    const struct costs_plan *plan;
    struct costs_options options;
    struct provenance origin;
    struct crew *crew;
    struct clock clock;
    struct canary canary;
    struct canary_reading last_canary; /* after the block before */
    struct rng rng, lines;             /* of the order of trials, of the walks */
    struct costs_arena home[COSTS_HOMES], contended;
    struct counters_thread **software; /* by thread */
    double *steps_a_ns;                /* of private work, by thread */
    struct trial_result *result;       /* of the last trial of the holding curve */
    unsigned *order;                   /* prices, then holds; shuffled */
    bool *left_out;                    /* the same, not shuffled */
    unsigned threads, block, trials;
};

static inline bool costs_stopped(const struct costs_run *run)
{
    return run->options.stop && *run->options.stop;
}

/* Once the run is allocated. 0 or -errno with err. */
int costs_prepare(struct costs_run *run, struct machine *machine, struct err *err);
/* The rows of the last trial. 0 or -ENOMEM. */
int costs_append_price(struct costs_run *run, const struct price_point *price,
    const struct walk_result *result, const char *reason, struct samples *samples);
int costs_append_hold(struct costs_run *run, const struct hold_point *hold, const char *reason,
    struct samples *samples);

#endif
