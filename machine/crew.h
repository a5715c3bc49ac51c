/* SPDX-License-Identifier: MIT
 * Pinned threads that do one job after another together, and the gate at which they start on one
 * signal. Between jobs they sleep. */
#ifndef MACHINE_CREW_H
#define MACHINE_CREW_H

#include "base/err.h"
#include "machine/clock.h"
#include "machine/topology.h"

#include <stdatomic.h>
#include <stdint.h>

struct crew;
typedef void crew_job(void *context, unsigned thread);

/* Starts one thread on each of `cpus`, bound through hwloc. -errno with err naming the cpu that
 * cannot be had. Signals stay with the calling thread. */
int crew_new(struct machine *machine, const unsigned *cpu, unsigned cpus, struct crew **crew,
    struct err *err);
/* Runs job(context, 0 … cpus-1), each on its thread, and returns when all have ended. What the
 * caller wrote before is seen by the job, and what the job wrote is seen after. */
void crew_run(struct crew *crew, crew_job *job, void *context);
/* The same on some of the threads, none named twice; the others sleep on. */
void crew_run_some(
    struct crew *crew, const unsigned *thread, unsigned threads, crew_job *job, void *context);
void crew_free(struct crew *crew); /* NULL is safe */

/* A rendezvous within a job. Waiting spins, so that all leave within one transfer of the line; a
 * single thread passes without waiting. */
struct gate {
    _Alignas(256) _Atomic unsigned arrived; /* its own lines, whatever the prefetcher pairs */
    _Alignas(256) _Atomic uint64_t start;
    unsigned expected;
};

void gate_init(struct gate *gate, unsigned expected); /* before the job that uses it */
/* Returns the tick at which all start, the same for all. */
uint64_t gate_pass(struct gate *gate, const struct clock *clock);

#endif
