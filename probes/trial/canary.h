/* SPDX-License-Identifier: MIT
 * The canary: a short ping-pong between the cpus of a run, before and after each block. It is the
 * only sign in a guest that the distance between two virtual cpus has jumped.
 *
 * Protocol: two threads take turns in storing the next number to one word (release) as soon as they
 * read the other's (acquire), without a pause; a round trip is two transfers of the line. The time
 * of a pair is the median over CANARY_BATCHES batches of CANARY_ROUNDS round trips. */
#ifndef PROBES_TRIAL_CANARY_H
#define PROBES_TRIAL_CANARY_H

#include "machine/clock.h"
#include "probes/trial/arena.h"

enum { CANARY_PAIRS = 16, CANARY_BATCHES = 9, CANARY_ROUNDS = 64, CANARY_REGIMES = 64 };
#define CANARY_PROTOCOL "one-word-turns"

struct canary_reading {
    double ns[CANARY_PAIRS]; /* round trip of each pair */
};

struct canary {
    unsigned pairs; /* 0 for a single cpu: no canary */
    unsigned pair[CANARY_PAIRS][2];
    struct arena ball; /* the word */
    unsigned regimes;  /* so far */
    struct canary_regime {
        struct canary_reading mean; /* of its readings */
        unsigned readings;
    } regime[CANARY_REGIMES];
};

/* Chooses the pairs: neighbours in the ring of threads (evenly spaced ones if there are too many)
 * and one pair of each distance class that the ring left out. Indices are those of `cpu`. */
void canary_init(
    struct canary *canary, const struct topology *topology, const unsigned *cpu, unsigned cpus);
/* Maps its word on this node. 0, or what arena_map returns, with err. */
int canary_map(struct canary *canary, struct crew *crew, const struct topology *topology, int node,
    struct err *err);
void canary_fini(struct canary *canary);

/* Takes some 0.1 ms a pair on one socket. */
void canary_read(struct canary *canary, struct crew *crew, const struct clock *clock,
    struct canary_reading *reading);
/* The mean of all pairs; NaN without one. */
double canary_ns(const struct canary *canary, const struct canary_reading *reading);
/* By REGIME_FACTOR. */
bool canary_agree(
    const struct canary *canary, const struct canary_reading *a, const struct canary_reading *b);
/* Returns the number of the nearest regime that agrees with the reading, and adds the reading to
 * it; a new regime when none agrees. -1 when all CANARY_REGIMES numbers are used: a machine that
 * never settles. */
int canary_regime(struct canary *canary, const struct canary_reading *reading);

#endif
