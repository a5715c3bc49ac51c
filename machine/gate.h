/* SPDX-License-Identifier: MIT
 * The gate at which the threads of a crew start on one signal. */
#ifndef MACHINE_GATE_H
#define MACHINE_GATE_H

#include "machine/clock.h"

#include <stdatomic.h>
#include <stdint.h>

/* A rendezvous within a job. Threads spin while they wait, so that all leave within one transfer of
 * the line; a single thread passes without waiting. */
struct gate {
    _Alignas(256) _Atomic unsigned arrived; /* on lines that no prefetcher pairs with others */
    _Alignas(256) _Atomic uint64_t start;
    unsigned expected;
};

void gate_init(struct gate *gate, unsigned expected); /* before the job that uses it */
/* Returns the tick at which all start, the same for all. */
uint64_t gate_pass(struct gate *gate, const struct clock *clock);

#endif
