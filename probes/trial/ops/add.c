/* SPDX-License-Identifier: MIT
 * An atomic add, as statistics counters do it. As throughput its result is not used, and the
 * compiler may leave out fetching it (x86-64: lock add; Arm LSE: stadd). */
#include "probes/trial/op.h"

static inline uint64_t add(const struct worker *l, uint64_t at, uint64_t *done)
{
    atomic_fetch_add_explicit(l->own + at, 1, memory_order_relaxed);
    ++*done;
    return 0;
}

static inline uint64_t add_fetched(const struct worker *l, uint64_t at, uint64_t *done)
{
    ++*done;
    return atomic_fetch_add_explicit(l->own + at, 1, memory_order_relaxed);
}

OP_LOOPS(writer, add, add_fetched)

OP(add) = {
    .name = "add",
    .flavour = OP_FLAVOUR,
    .summary = "relaxed fetch_add",
    .needs = NEEDS(WRITER),
    .first = &writer,
};
