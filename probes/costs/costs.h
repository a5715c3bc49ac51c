/* SPDX-License-Identifier: MIT
 * Measuring a price list: block after block, each one trial of every price and of every point of
 * the holding curve, in random order, between two canaries. */
#ifndef PROBES_COSTS_COSTS_H
#define PROBES_COSTS_COSTS_H

#include "base/sample.h"
#include "machine/topology.h"
#include "probes/costs/costs_plan.h"

struct costs_options {
    uint64_t seed;
    bool strict; /* placement that cannot be verified is an error */
    const char *version;
    const volatile int *stop; /* non-zero ends the run at the next trial; may be NULL */
};

struct costs_run; /* owns its threads and its memory, and the strings in its samples */

/* Prepares threads, memory, clock and canary. 0 or -errno with err; -EPERM: unverified placement
 * with `strict`. The arguments must outlive the run. */
int costs_new(struct machine *machine, const struct topology *topology,
    const struct costs_plan *plan, struct costs_options options, struct costs_run **run,
    struct err *err);
void costs_free(struct costs_run *run); /* NULL is safe */

/* As block_run; `samples` borrows the run's strings. */
int costs_block(struct costs_run *run, struct samples *samples, struct err *err);

/* Whether the next blocks measure plan->price[i], plan->hold[i]; all do at first, but for prices
 * that cannot be measured (costs_why_not). */
void costs_want_price(struct costs_run *run, size_t i, bool wanted);
void costs_want_hold(struct costs_run *run, size_t i, bool wanted);

#endif
