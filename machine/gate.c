/* SPDX-License-Identifier: MIT
 * The last thread to arrive reads the clock, and the others wait for what it has read. */
#include "machine/gate.h"

void gate_init(struct gate *gate, unsigned expected)
{
    atomic_store_explicit(&gate->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&gate->start, 0, memory_order_relaxed);
    gate->expected = expected;
}

uint64_t gate_pass(struct gate *gate, const struct clock *clock)
{
    if (atomic_fetch_add_explicit(&gate->arrived, 1, memory_order_acq_rel) + 1 == gate->expected) {
        const uint64_t now = clock_now(clock);
        /* Pairs with the acquire below. */
        atomic_store_explicit(&gate->start, now, memory_order_release);
        return now;
    }
    uint64_t start;
    while (!(start = atomic_load_explicit(&gate->start, memory_order_acquire)))
        arch_pause();
    return start;
}
