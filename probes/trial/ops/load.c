/* SPDX-License-Identifier: MIT
 * A plain load; also what a reading role does in ops that have no part of its own for it. */
#include "probes/trial/op.h"

static inline uint64_t load(const struct worker *l, uint64_t at, uint64_t *done)
{
    ++*done;
    return atomic_load_explicit(l->own + at, memory_order_relaxed);
}

OP_LOOPS(reader, load, load)

OP(load) = {
    .name = "load",
    .flavour = OP_FLAVOUR,
    .summary = "plain load",
    .needs = NEEDS(WRITER),
    .first = &reader,
};
