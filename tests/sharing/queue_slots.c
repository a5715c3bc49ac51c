/* SPDX-License-Identifier: MIT
 * A queue whose slots (16 bytes) each carry a turn: the producer fills one while the consumer
 * empties another on the same line.
 * False where the two work on neighbours, true where the consumer takes what was just put there;
 * only the true part is left in the fixed one. Fix: each slot on lines of its own, which wins
 * little here or nothing: four times as many lines have to travel. */
/* expect: false-sharing object=slots field=turn field=item */
#include <sched.h>
#include <stdatomic.h>
#include "twin.h"

#define SLOTS 64
struct slot {
    APART atomic_ulong turn;
    uint64_t item;
};
ON_LINE static struct slot slots[SLOTS];

static void slot_wait(struct slot *slot, unsigned long turn)
{
    for (unsigned tries = 0;
         atomic_load_explicit(&slot->turn, memory_order_acquire) != turn;) { /* <- hot */
        if (++tries % 64 == 0) {
            sched_yield();
        }
    }
}

static void produce(unsigned long ops)
{
    for (unsigned long i = 0; i < ops; i++) {
        struct slot *slot = &slots[i % SLOTS];
        slot_wait(slot, i / SLOTS * 2);
        slot->item = twin_mix(i, 2);                                                 /* <- hot */
        atomic_store_explicit(&slot->turn, i / SLOTS * 2 + 1, memory_order_release); /* <- hot */
    }
}

static uint64_t consume(unsigned long ops)
{
    uint64_t sum = 0;
    for (unsigned long i = 0; i < ops; i++) {
        struct slot *slot = &slots[i % SLOTS];
        slot_wait(slot, i / SLOTS * 2 + 1);
        sum += slot->item;                                                           /* <- hot */
        atomic_store_explicit(&slot->turn, i / SLOTS * 2 + 2, memory_order_release); /* <- hot */
    }
    return sum;
}

static void work(unsigned me, void *arg)
{
    if (me == 0) {
        produce(twin.ops);
    } else {
        *(uint64_t *)arg = consume(twin.ops);
    }
}

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t sum = 0;
    twin_amount(argc, argv, 7500000);
    for (unsigned i = 0; i < SLOTS; i++) {
        WRITES(i % 2, slots[i]);
    }
    twin_run(THREADS, work, &sum);
    printf("%llx\n", (unsigned long long)sum);
    return 0;
}
