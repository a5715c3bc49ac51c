/* SPDX-License-Identifier: MIT
 * A plain store. As throughput it costs what the store buffer lets through; its latency is store
 * plus drain, since a store by itself has no result that one could wait for. */
#include "probes/trial/op.h"

static inline uint64_t store(const struct worker *l, uint64_t at, uint64_t *done)
{
    atomic_store_explicit(l->own + at, ++*done, memory_order_relaxed);
    return 0;
}

static inline uint64_t store_drained(const struct worker *l, uint64_t at, uint64_t *done)
{
    store(l, at, done);
    arch_drain();
    return 0;
}

OP_LOOPS(writer, store, store_drained)

OP(store) = {
    .name = "store",
    .flavour = OP_FLAVOUR,
    .summary = "plain store (latency: store and drain)",
    .needs = NEEDS(WRITER),
    .hides = true,
    .first = &writer,
};
