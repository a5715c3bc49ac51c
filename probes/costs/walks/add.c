/* SPDX-License-Identifier: MIT
 * An atomic add whose result is used. In a walk it adds 0, so that the offset stays; contended it
 * adds 1, so that each thread sees in what it gets whether another was there in between. */
#include "probes/costs/walk.h"

static inline uint64_t add(word *line, uint64_t next, uint64_t zero)
{
    (void)next;
    return atomic_fetch_add_explicit(line, zero, memory_order_relaxed);
}

WALK_LOOP(add)

static inline __attribute__((always_inline)) uint64_t contend(
    const struct worker *worker, uint64_t n, bool gapped)
{
    const struct worker l = *worker;
    uint64_t left = n, last = l.seen->last, moved = 0, work = 1;
    do {
        const uint64_t old = atomic_fetch_add_explicit(l.own, 1, memory_order_relaxed);
        moved += old - last != 1;
        last = old;
        if (gapped)
            work = op_work(l.gap, work);
    } while (--left);
    __asm__ volatile("" ::"r"(work));
    l.seen->last = last;
    l.seen->transfers += moved;
    return n;
}

OP_LOOP(contend, plain, contend(worker, n, false))
OP_LOOP(contend, gapped, contend(worker, n, true))
static const struct op_loops contender = {.plain = contend_plain, .gapped = contend_gapped};

WALK(add) = {.name = "add",
    .flavour = OP_FLAVOUR,
    .summary = "fetch_add",
    .loop = add_walk,
    .contend = &contender};
