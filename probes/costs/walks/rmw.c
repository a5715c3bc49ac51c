/* SPDX-License-Identifier: MIT
 * A plain ++: load, add, store; another thread's store in between is lost. In a walk it adds 0, so
 * that the offset stays. Contended, each thread adds another number, so that a word that another
 * has written never holds what this one left. */
#include "probes/costs/walk.h"

static inline uint64_t rmw(word *line, uint64_t next, uint64_t zero)
{
    (void)next;
    const uint64_t old = atomic_load_explicit(line, memory_order_relaxed);
    atomic_store_explicit(line, old + zero, memory_order_relaxed);
    return old;
}

WALK_LOOP(rmw)

static inline __attribute__((always_inline)) uint64_t contend(
    const struct worker *worker, uint64_t n, bool gapped)
{
    const struct worker l = *worker;
    const uint64_t mine = (uintptr_t)worker | 1; /* workers are at different addresses */
    uint64_t left = n, last = l.seen->last, moved = 0, work = 1;
    do {
        const uint64_t old = atomic_load_explicit(l.own, memory_order_relaxed);
        moved += old != last;
        last = old + mine;
        atomic_store_explicit(l.own, last, memory_order_relaxed);
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

WALK(rmw) = {.name = "rmw",
    .flavour = OP_FLAVOUR,
    .summary = "plain load, add, store",
    .loop = rmw_walk,
    .contend = &contender};
