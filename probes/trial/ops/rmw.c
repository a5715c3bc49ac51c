/* SPDX-License-Identifier: MIT
 * A plain ++: load, add, store, as a counter that only one thread writes. Relaxed atomics make it
 * free of data races and leave the instructions plain. Its latency is with drain, as a store's. */
#include "probes/trial/op.h"

static inline uint64_t rmw(const struct worker *l, uint64_t at, uint64_t *done)
{
    const uint64_t old = atomic_load_explicit(l->own + at, memory_order_relaxed);
    atomic_store_explicit(l->own + at, old + 1, memory_order_relaxed);
    ++*done;
    return old;
}

static inline uint64_t rmw_drained(const struct worker *l, uint64_t at, uint64_t *done)
{
    const uint64_t old = rmw(l, at, done);
    arch_drain();
    return old;
}

OP_LOOPS(writer, rmw, rmw_drained)

OP(rmw) = {
    .name = "rmw",
    .flavour = OP_FLAVOUR,
    .summary = "plain load, add, store (latency: and drain)",
    .needs = NEEDS(WRITER),
    .hides = true,
    .first = &writer,
};
