/* SPDX-License-Identifier: MIT
 * Two lines: each side stores the round's number to its own and waits for it on the other's. Every
 * line has one writer, so nobody fights for it. */
#include "probes/matrix/protocol.h"

static uint64_t first_plain(struct protocol_page *page, uint64_t from, uint64_t rounds)
{
    uint64_t round = from;
    do {
        /* Pairs with the second side's load. */
        atomic_store_explicit(&page->first.number, ++round, memory_order_release);
        /* Pairs with the second side's store. */
        while (atomic_load_explicit(&page->second.number, memory_order_acquire) != round)
            ;
    } while (--rounds);
    return 0;
}

static uint64_t second_plain(struct protocol_page *page, uint64_t from, uint64_t rounds)
{
    uint64_t round = from;
    do {
        round++;
        /* Pairs with the first side's store. */
        while (atomic_load_explicit(&page->first.number, memory_order_acquire) != round)
            ;
        /* Pairs with the first side's load. */
        atomic_store_explicit(&page->second.number, round, memory_order_release);
    } while (--rounds);
    return 0;
}

PROTOCOL(pingpong) = {
    .name = "pingpong",
    .flavour = PROTOCOL_FLAVOUR,
    .summary = "two lines, store to one and load the other",
    .unit = "round trip",
    .units = 1,
    .first = first_plain,
    .second = second_plain,
};
