/* SPDX-License-Identifier: MIT
 * An unconditional exchange, which puts back the offset that is there. */
#include "probes/costs/walk.h"

static inline uint64_t swap(word *line, uint64_t next, uint64_t zero)
{
    (void)zero;
    return atomic_exchange_explicit(line, next, memory_order_relaxed);
}

WALK_LOOP(swap)

WALK(swap) = {.name = "swap", .flavour = OP_FLAVOUR, .summary = "exchange", .loop = swap_walk};
