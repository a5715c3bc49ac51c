/* SPDX-License-Identifier: MIT
 * The canary: a short ping-pong between the cpus of a run, before and after each block. When the
 * distance between two virtual cpus jumps, nothing else in the guest tells.
 *
 * Protocol: two threads take turns in storing the next number to one word (release) as soon as they
 * read the other's (acquire), without a pause; a round trip is two transfers of the line. The
 * figure of a pair is the median over CANARY_BATCHES batches of CANARY_ROUNDS round trips. */
#ifndef PROBES_TRIAL_CANARY_H
#define PROBES_TRIAL_CANARY_H

#include "machine/crew.h"
#include "machine/memory.h"

enum { CANARY_PAIRS = 16, CANARY_BATCHES = 9, CANARY_ROUNDS = 64, CANARY_REGIMES = 64 };
#define CANARY_PROTOCOL "one-word-turns"

struct canary_reading {
    double ns[CANARY_PAIRS]; /* round trip of each pair */
};

struct canary {
    unsigned pairs; /* 0 for a single cpu: no canary */
    unsigned pair[CANARY_PAIRS][2];
    void *memory;
    struct memory_policy policy;
    unsigned regimes; /* seen so far */
    struct canary_regime {
        struct canary_reading mean; /* of its readings */
        unsigned readings;
    } regime[CANARY_REGIMES];
};

/* Chooses the pairs: neighbours in the ring of threads (evenly spaced ones if there are too many)
 * and one pair of each distance class that the ring left out. */
int canary_init(struct canary *canary, const struct topology *topology, const unsigned *cpu,
    unsigned cpus, struct memory_policy policy, struct err *err);
void canary_fini(struct canary *canary);

/* Some 0.1 ms a pair on one socket. */
void canary_read(struct canary *canary, struct crew *crew, const struct clock *clock,
    struct canary_reading *reading);
double canary_ns(
    const struct canary *canary, const struct canary_reading *reading); /* mean; NaN: none */
bool canary_agree(
    const struct canary *canary, const struct canary_reading *a, const struct canary_reading *b);
/* Label, from 0, of the nearest regime the reading agrees with, which takes it in; a new one when
 * there is none. -1 when a machine never settles: CANARY_REGIMES are taken, and none may be
 * stretched. */
int canary_regime(struct canary *canary, const struct canary_reading *reading);

#endif
