/* SPDX-License-Identifier: MIT
 * A plain store and a drain. A store returns nothing that the next one could wait for; what ties
 * them is the drain, before whose end no later access is done. */
#include "probes/costs/walk.h"

static inline uint64_t store(word *line, uint64_t next, uint64_t zero)
{
    (void)zero;
    atomic_store_explicit(line, next, memory_order_relaxed);
    arch_drain();
    return next;
}

WALK_LOOP(store)

WALK(store) = {
    .name = "store", .flavour = OP_FLAVOUR, .summary = "store and drain", .loop = store_walk};
