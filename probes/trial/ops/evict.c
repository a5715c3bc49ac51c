/* SPDX-License-Identifier: MIT
 * A reader whose line has left its caches each time it loads, as that of a thread that goes over
 * much data, next to one that adds. Only a load that misses makes a prefetcher fetch the other line
 * of a pair, which then takes it from the writer: a reader that keeps its line shows nothing of
 * that. */
#include "base/arch/arch.h"
#include "probes/trial/op.h"

static inline uint64_t add(const struct worker *l, uint64_t at, uint64_t *done)
{
    ++*done;
    return atomic_fetch_add_explicit(l->own + at, 1, memory_order_relaxed);
}

static inline uint64_t load_evicted(const struct worker *l, uint64_t at, uint64_t *done)
{
    arch_flush((const void *)(l->own + at));
    ++*done;
    return atomic_load_explicit(l->own + at, memory_order_relaxed);
}

OP_LOOPS(writer, add, add)
OP_LOOPS(reader, load_evicted, load_evicted)

OP(evict) = {
    .name = "evict",
    .flavour = OP_FLAVOUR,
    .summary = "one adds; the other flushes its line and loads",
    .needs = NEEDS(WRITER) | NEEDS(READER),
    .first = &writer,
    .second = &reader,
};
