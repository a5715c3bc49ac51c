/* SPDX-License-Identifier: MIT
 * A run: the plan's points measured block after block. One block is one trial of every point, in
 * random order, between two canaries. The caller decides after each block whether it wants another.
 */
#ifndef PROBES_RUN_RUN_H
#define PROBES_RUN_RUN_H

#include "base/sample.h"
#include "machine/topology.h"
#include "probes/counters/counters.h"
#include "probes/plan/plan.h"

struct run_options {
    uint64_t seed;
    bool strict; /* placement that cannot be verified is an error */
    const char *version;
    const char *counters, *events; /* as counters_init takes them */
    const volatile int *stop;      /* non-zero ends the run at the next trial; may be NULL */
};

struct run; /* owns its threads and its memory, and the strings in its samples */

/* Prepares everything: threads, memory, clock, canary, counters. 0 or -errno with err; -EPERM:
 * unverified placement with `strict`. The arguments must outlive the run. */
int run_new(struct machine *machine, const struct topology *topology, const struct plan *plan,
    struct run_options options, struct run **run, struct err *err);
void run_free(struct run *run); /* NULL is safe */

/* As block_run; `samples` borrows the run's strings. */
int run_block(struct run *run, struct samples *samples, struct err *err);

/* Whether the next blocks measure a point; all do at first. A point and its reference go together,
 * since they are compared within a block. */
void run_want(struct run *run, size_t point, bool wanted);

const struct counters *run_counters(const struct run *run);
/* How the first thread's counters are read; "" without any. */
const char *run_counters_how(const struct run *run);

#endif
