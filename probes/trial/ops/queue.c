/* SPDX-License-Identifier: MIT
 * Pass an item through a single-producer single-consumer ring (Lamport 1983): the producer fills a
 * slot and publishes its index, the consumer empties it and hands it back. A full or an empty ring
 * is an attempt that failed; only items count. */
#include "probes/trial/op.h"

static inline uint64_t push(const struct worker *l, uint64_t at, uint64_t *done)
{
    const uint64_t tail = atomic_load_explicit(l->own + at, memory_order_relaxed);
    /* Pairs with the consumer's release: the slot was read before it is filled again. */
    const uint64_t head = atomic_load_explicit(l->peer, memory_order_acquire);
    if (tail - head < LAYOUT_SLOTS) {
        atomic_store_explicit(l->data + tail % LAYOUT_SLOTS, tail, memory_order_relaxed);
        /* Pairs with the consumer's acquire: the slot is filled before it is seen. */
        atomic_store_explicit(l->own, tail + 1, memory_order_release);
        ++*done;
    }
    return head;
}

static inline uint64_t pop(const struct worker *l, uint64_t at, uint64_t *done)
{
    const uint64_t head = atomic_load_explicit(l->own + at, memory_order_relaxed);
    /* Pairs with the producer's release of the filled slot. */
    const uint64_t tail = atomic_load_explicit(l->peer, memory_order_acquire);
    if (tail == head)
        return tail;
    const uint64_t item = atomic_load_explicit(l->data + head % LAYOUT_SLOTS, memory_order_relaxed);
    /* Pairs with the producer's acquire of the head: the slot is free. */
    atomic_store_explicit(l->own, head + 1, memory_order_release);
    ++*done;
    return item;
}

OP_LOOPS(producer, push, push)
OP_LOOPS(consumer, pop, pop)

OP(queue) = {
    .name = "queue",
    .flavour = OP_FLAVOUR,
    .summary = "pass items through a ring, by successes",
    .needs = NEEDS(WRITER) | NEEDS(READER) | NEEDS(DATA),
    .by_success = true,
    .first = &producer,
    .second = &consumer,
};
