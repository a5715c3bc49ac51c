/* SPDX-License-Identifier: MIT
 * Take the shard's lock, increment what it guards, release. Counted by successes. */
#include "probes/trial/op.h"

static inline uint64_t lock(const struct worker *l, uint64_t at, uint64_t *done)
{
    /* The acquire pairs with the release below, of whichever thread held the lock before. */
    while (atomic_exchange_explicit(l->lock + at, 1, memory_order_acquire))
        arch_pause();
    const uint64_t old = atomic_load_explicit(l->own + at, memory_order_relaxed);
    atomic_store_explicit(l->own + at, old + 1, memory_order_relaxed);
    atomic_store_explicit(l->lock + at, 0, memory_order_release);
    ++*done;
    return old;
}

OP_LOOPS(writer, lock, lock)

OP(lock) = {
    .name = "lock",
    .flavour = OP_FLAVOUR,
    .summary = "take a lock, increment, release",
    .needs = NEEDS(WRITER) | NEEDS(LOCK),
    .by_success = true,
    .first = &writer,
};
