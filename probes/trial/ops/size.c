/* SPDX-License-Identifier: MIT
 * The size of the whole map: one thread sums all shards while the others add to theirs. An op of
 * the summer is one whole sum; padding makes it read more lines. */
#include "probes/trial/op.h"

static inline uint64_t add(const struct worker *l, uint64_t at, uint64_t *done)
{
    word *const shard = l->all[l->first + ((unsigned)(*done)++ & l->turns) * l->step];
    return atomic_fetch_add_explicit(shard + at, 1, memory_order_relaxed);
}

static inline uint64_t sum(const struct worker *l, uint64_t at, uint64_t *done)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < l->shards;
         i++) /* acquire, as a map's size() would; pairs with no release */
        total += atomic_load_explicit(l->all[i] + at, memory_order_acquire);
    ++*done;
    return total;
}

OP_LOOPS(adder, add, add)
OP_LOOPS(summer, sum, sum)

OP(size) = {
    .name = "size",
    .flavour = OP_FLAVOUR,
    .summary = "one thread sums all shards while the others add",
    .needs = NEEDS(WRITER),
    .splits = true,
    .first = &adder,
    .second = &summer,
};
