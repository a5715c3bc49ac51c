/* SPDX-License-Identifier: MIT
 * A compare-and-swap that succeeds: it expects the offset that is there and puts it back. What it
 * returns comes from the line, not from what was expected, in the code that gcc and clang make of
 * it: the next address waits for the line. */
#include "probes/costs/walk.h"

static inline uint64_t cas(word *line, uint64_t next, uint64_t zero)
{
    uint64_t old = next;
    atomic_compare_exchange_strong_explicit(
        line, &old, next + zero, memory_order_relaxed, memory_order_relaxed);
    return old;
}

WALK_LOOP(cas)

WALK(cas) = {.name = "cas",
    .flavour = OP_FLAVOUR,
    .summary = "compare-and-swap that succeeds",
    .loop = cas_walk};
