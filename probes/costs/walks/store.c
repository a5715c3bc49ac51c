/* SPDX-License-Identifier: MIT
 * A plain store and a drain. A store returns nothing that the next one could wait for; what ties
 * them is the drain, before whose end no later access is done. Contended there is no drain: stores
 * follow each other as fast as the store buffer lets them. */
#include "probes/costs/walk.h"

static inline uint64_t store(word *line, uint64_t next, uint64_t zero)
{
    (void)zero;
    atomic_store_explicit(line, next, memory_order_relaxed);
    arch_drain();
    return next;
}

WALK_LOOP(store)

static inline __attribute__((always_inline)) uint64_t contend(
    const struct worker *worker, uint64_t n, bool gapped)
{
    const struct worker l = *worker;
    uint64_t left = n, work = 1;
    do {
        atomic_store_explicit(l.own, left, memory_order_relaxed);
        if (gapped)
            work = op_work(l.gap, work);
    } while (--left);
    __asm__ volatile("" ::"r"(work));
    return n;
}

OP_LOOP(contend, plain, contend(worker, n, false))
OP_LOOP(contend, gapped, contend(worker, n, true))
static const struct op_loops contender = {.plain = contend_plain, .gapped = contend_gapped};

WALK(store) = {.name = "store",
    .flavour = OP_FLAVOUR,
    .summary = "store and drain",
    .loop = store_walk,
    .contend = &contender,
    .blind = true};
