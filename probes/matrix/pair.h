/* SPDX-License-Identifier: MIT
 * A match: one pair of pinned threads plays one batch of a protocol. Several matches run at the
 * same time, from one signal on. The caller decides which pairs, and how often. */
#ifndef PROBES_MATRIX_PAIR_H
#define PROBES_MATRIX_PAIR_H

#include "machine/clock.h"
#include "machine/crew.h"
#include "probes/matrix/protocol.h"

enum {
    PAIR_BATCH_NS = 400000, /* the intended time of a batch: long against a read of any clock, short
                             * against a scheduler's tick; the same on each, so that what comes now
                             * and then (2.8 µs every 55 on two threads of a Sapphire Rapids) has
                             * the same share in it */
    PAIR_STEPS = 4 * 24     /* no batch is longer than 2^24 rounds */
};

/* Why a batch does not count. */
enum pair_reason {
    PAIR_COUNTS,
    PAIR_SWITCHED,
    PAIR_MIGRATED,
    PAIR_STALLED,
    PAIR_FIRST, /* its length was not yet known: a stall would not have shown */
    PAIR_STOPPED,
    PAIR_CLOCK, /* found only at the end of the block */
    PAIR_REASONS
};
extern const char *const pair_reason_text[PAIR_REASONS]; /* "" for PAIR_COUNTS */

/* 8 bytes, since a run keeps every one. */
struct pair_batch {
    float ns;       /* of a unit of the protocol */
    uint16_t block; /* of the run it belongs to; the caller's */
    uint8_t step;   /* its rounds: see pair_rounds */
    uint8_t reason; /* enum pair_reason */
};

struct pair_match {
    unsigned first, second; /* members of the crew */
    const struct protocol *protocol;
    struct protocol_page *page; /* zeroed by the first side before it plays */
    uint8_t step; /* rounds of a batch; 0: found by doubling. Adapted for the next time */
    struct pair_batch batch; /* the outcome, without its block */
};

struct pair_table; /* what matches need while they run, for one crew and clock */

int pair_table_new(struct crew *crew, const struct clock *clock, unsigned cpus,
    const volatile int *stop, struct pair_table **out);
void pair_table_free(struct pair_table *table); /* NULL is safe */

/* Plays all matches at once; no thread is in two of them. Other threads sleep. */
void pair_play(struct pair_table *table, struct pair_match *match, unsigned matches);

/* Rounds by step: 2^(step/4), so that a byte holds them and no batch is more than 10% off. */
uint32_t pair_rounds(unsigned step);

#endif
