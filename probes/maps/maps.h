/* SPDX-License-Identifier: MIT
 * Measuring strategies under loads: block after block of one load, each one trial of all its
 * points, in random order, between two canaries. */
#ifndef PROBES_MAPS_MAPS_H
#define PROBES_MAPS_MAPS_H

#include "base/sample.h"
#include "machine/topology.h"
#include "probes/counters/counters.h"
#include "probes/maps/maps_plan.h"

struct maps_options {
    uint64_t seed;
    bool strict; /* placement that cannot be verified is an error */
    const char *version;
    const char *counters, *events; /* as counters_init takes them */
    const volatile int *stop;      /* non-zero ends the run at the next trial; may be NULL */
};

struct maps_run; /* owns its threads and its memory, and the strings in its samples */

/* Checks that each strategy is a map, and prepares threads, memory, clock and canary. 0 or -errno
 * with err; -ECHILD: a strategy is not. The arguments must outlive the run. Call it before other
 * threads are started. */
int maps_new(struct machine *machine, const struct topology *topology, const struct maps_plan *plan,
    struct maps_options options, struct maps_run **run, struct err *err);
void maps_free(struct maps_run *run); /* NULL is safe */

/* The load whose points the next blocks measure; the first at the beginning. */
void maps_choose(struct maps_run *run, const struct load *load);
/* As block_run; `samples` borrows the run's strings. -EPERM: see maps_options.strict. */
int maps_block(struct maps_run *run, struct samples *samples, struct err *err);
const struct counters *maps_counters(const struct maps_run *run);
/* How the first thread's counters are read; "" without any. */
const char *maps_counters_how(const struct maps_run *run);
/* The last crash of a user's strategy, which is left out since; NULL: none. */
const struct err *maps_crash(const struct maps_run *run);

#endif
