/* SPDX-License-Identifier: MIT
 * Compare and swap: load, then replace by one more if nobody was faster. Counted by successes. */
#include "probes/trial/op.h"

static inline uint64_t cas(const struct worker *l, uint64_t at, uint64_t *done)
{
    uint64_t old = atomic_load_explicit(l->own + at, memory_order_relaxed);
    *done += atomic_compare_exchange_strong_explicit(
        l->own + at, &old, old + 1, memory_order_relaxed, memory_order_relaxed);
    return old;
}

OP_LOOPS(writer, cas, cas)

OP(cas) = {
    .name = "cas",
    .flavour = OP_FLAVOUR,
    .summary = "load and compare-and-swap, by successes",
    .needs = NEEDS(WRITER),
    .by_success = true,
    .first = &writer,
};
