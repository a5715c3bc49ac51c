/* SPDX-License-Identifier: MIT
 * A protocol: how two threads hand something to each other and back, over and over. Each
 * file probes/matrix/protocols/<name>.c is one protocol, compiled once for each flavour of the
 * architecture's atomics, as ops are. Waiting threads spin without a pause, so that the time does
 * not depend on a pause; an SMT sibling that waits therefore uses a share of the core of the other
 * one.
 *
 * Times are taken on the first side's clock only: no two clocks are compared. */
#ifndef PROBES_MATRIX_PROTOCOL_H
#define PROBES_MATRIX_PROTOCOL_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* One line of payload where lines have 64 bytes. */
enum { PROTOCOL_PAYLOAD_WORDS = 8 };

/* What a side writes and the other reads: at least 256 bytes apart, two lines of 128 bytes, so that
 * no prefetcher of line pairs fetches one with the other. */
struct protocol_box {
    _Alignas(256) _Atomic uint64_t number;
    _Alignas(256) _Atomic uint64_t payload[PROTOCOL_PAYLOAD_WORDS];
};

/* On a separate page, cleared before a match. */
struct protocol_page {
    struct protocol_box first, second;
};
void protocol_clear(struct protocol_page *page);

/* Plays `rounds` >= 1 rounds, of which `from` have been played before. Returns the sum of all
 * payload received, by which a test sees that no message was lost or stale. */
typedef uint64_t protocol_side(struct protocol_page *page, uint64_t from, uint64_t rounds);

struct protocol {
    const char *name, *flavour, *summary;
    const char *unit;              /* what the time is that of */
    unsigned units;                /* of those in a round */
    protocol_side *first, *second; /* the first begins each round */
};
extern const struct protocol *const protocol_table[];
extern const size_t protocol_count;

/* The protocol of that name in the flavour that suits this cpu; NULL when there is none. */
const struct protocol *protocol_find(const char *name);

#define PROTOCOL_PASTE(name, flavour) protocol_##name##_##flavour
#define PROTOCOL_NAME(name, flavour) PROTOCOL_PASTE(name, flavour)
#define PROTOCOL_TEXT(x) PROTOCOL_TEXT_OF(x)
#define PROTOCOL_TEXT_OF(x) #x
#define PROTOCOL(name) const struct protocol PROTOCOL_NAME(name, FLAVOUR)
#define PROTOCOL_FLAVOUR PROTOCOL_TEXT(FLAVOUR)

#endif
