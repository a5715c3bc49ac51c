/* SPDX-License-Identifier: MIT
 * One word on one line: each side adds one by compare-and-swap when it is its turn, and waits by
 * trying. So a side asks for the line in one piece, to own it; waiting by a load would fetch it
 * shared first and then have to ask again. Not for lines that are only read. */
#include "probes/matrix/protocol.h"

static inline uint64_t side(struct protocol_page *page, uint64_t mine, uint64_t rounds)
{
    _Atomic uint64_t *const turn = &page->first.number;
    do {
        uint64_t seen;
        do
            seen = mine;
        /* Pairs with the other side's. */
        while (!atomic_compare_exchange_strong_explicit(
            turn, &seen, mine + 1, memory_order_acq_rel, memory_order_relaxed));
        mine += 2;
    } while (--rounds);
    return 0;
}

static uint64_t first_plain(struct protocol_page *page, uint64_t from, uint64_t rounds)
{
    return side(page, 2 * from, rounds);
}

static uint64_t second_plain(struct protocol_page *page, uint64_t from, uint64_t rounds)
{
    return side(page, 2 * from + 1, rounds);
}

PROTOCOL(handover) = {
    .name = "handover",
    .flavour = PROTOCOL_FLAVOUR,
    .summary = "one line, taken over by compare-and-swap",
    .unit = "hand-over",
    .units = 2,
    .first = first_plain,
    .second = second_plain,
};
