/* SPDX-License-Identifier: MIT
 * A plain load: the pointer chase of Molka et al. (PACT 2009). */
#include "probes/costs/walk.h"

static inline uint64_t load(word *line, uint64_t next, uint64_t zero)
{
    (void)next;
    (void)zero;
    return atomic_load_explicit(line, memory_order_relaxed);
}

WALK_LOOP(load)

WALK(load) = {.name = "load", .flavour = OP_FLAVOUR, .summary = "plain load", .loop = load_walk};
