/* SPDX-License-Identifier: MIT
 * A store and a full fence: the store buffer can hide nothing. */
#include "probes/trial/op.h"

static inline uint64_t store_fence(const struct worker *l, uint64_t at, uint64_t *done)
{
    atomic_store_explicit(l->own + at, ++*done, memory_order_relaxed);
    arch_drain();
    return 0;
}

OP_LOOPS(writer, store_fence, store_fence)

OP(store_fence) = {
    .name = "store-fence",
    .flavour = OP_FLAVOUR,
    .summary = "store and full fence",
    .needs = NEEDS(WRITER),
    .first = &writer,
};
