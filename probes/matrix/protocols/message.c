/* SPDX-License-Identifier: MIT
 * Messages: a line of payload, then a number on a line of its own that tells it is there. Each side
 * reads the other's whole payload before it sends its own, so a round is a message there and a
 * message back, and half a round is the mean of the two. Which direction is the slower one, no
 * clock can tell that has not been set by assuming they are alike. */
#include "probes/matrix/protocol.h"

/* The compiler forgets what it knows of the address. Else gcc keeps one for each word, more than
 * there are registers, and the loop loads them from the stack. */
static inline struct protocol_box *one_base(struct protocol_box *box)
{
    __asm__("" : "+r"(box));
    return box;
}

static inline void send(struct protocol_box *box, uint64_t round)
{
#pragma GCC unroll 8
    for (int i = 0; i < PROTOCOL_PAYLOAD_WORDS; i++)
        atomic_store_explicit(&box->payload[i], round, memory_order_relaxed);
    /* Pairs with the load in receive(): whoever sees the number sees the payload. */
    atomic_store_explicit(&box->number, round, memory_order_release);
}

static inline uint64_t receive(struct protocol_box *box, uint64_t round)
{
    uint64_t sum = 0;
    /* Pairs with the store in send(); in the other direction the reply's does: the payload is
     * overwritten only after it has been read. */
    while (atomic_load_explicit(&box->number, memory_order_acquire) != round)
        ;
#pragma GCC unroll 8
    for (int i = 0; i < PROTOCOL_PAYLOAD_WORDS; i++)
        sum += atomic_load_explicit(&box->payload[i], memory_order_relaxed);
    return sum;
}

static uint64_t first_plain(struct protocol_page *page, uint64_t from, uint64_t rounds)
{
    uint64_t round = from, sum = 0;
    do {
        send(one_base(&page->first), ++round);
        sum += receive(one_base(&page->second), round);
    } while (--rounds);
    return sum;
}

static uint64_t second_plain(struct protocol_page *page, uint64_t from, uint64_t rounds)
{
    uint64_t round = from, sum = 0;
    do {
        sum += receive(one_base(&page->first), ++round);
        send(one_base(&page->second), round);
    } while (--rounds);
    return sum;
}

PROTOCOL(message) = {
    .name = "message",
    .flavour = PROTOCOL_FLAVOUR,
    .summary = "a line of payload and a flag, half of there and back",
    .unit = "message",
    .units = 2,
    .first = first_plain,
    .second = second_plain,
};
