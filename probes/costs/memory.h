/* SPDX-License-Identifier: MIT
 * Measuring the load latency of memory: block after block, each one trial of every point in random
 * order, between two canaries. A trial is the walk of `costs` over lines that the loading cpu has
 * flushed to memory. */
#ifndef PROBES_COSTS_MEMORY_H
#define PROBES_COSTS_MEMORY_H

#include "probes/costs/costs.h"
#include "probes/costs/memory_plan.h"

struct memory_run; /* owns its threads and its memory, and the strings in its samples */

/* As costs_new. A target whose node turns out to be full gets a `why` in *plan, and the others are
 * measured; -ENODEV where all are. -ENOTSUP: no instruction known here flushes a line. */
int memory_run_new(struct machine *machine, struct memory_plan *plan, struct costs_options options,
    struct memory_run **run, struct err *err);
void memory_run_free(struct memory_run *run); /* NULL is safe */
/* As block_run; `samples` borrows the run's strings. */
int memory_run_block(struct memory_run *run, struct samples *samples, struct err *err);
/* Whether the next blocks measure plan->point[i]; all do at first. */
void memory_run_want(struct memory_run *run, size_t i, bool wanted);

#endif
