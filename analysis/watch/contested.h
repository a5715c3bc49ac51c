/* SPDX-License-Identifier: MIT
 * From sampled accesses to candidates: lines that several threads were seen at, one of them
 * writing. Samples show where time goes and guess at the access, so this proves nothing: it names
 * the accesses that a pair of watchpoints is worth. */
#ifndef ANALYSIS_WATCH_CONTESTED_H
#define ANALYSIS_WATCH_CONTESTED_H

#include "base/rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CONTESTED_LINE = 64,   /* bytes */
    CONTESTED_USERS = 8,   /* threads that a line keeps apart, */
    CONTESTED_ACCESSES = 6 /* and accesses of each; the least seen makes room */
};

struct contested_access {
    uint64_t next;    /* the address behind the instruction that it was last seen by, */
    uint64_t address; /* and its own in the thread's process */
    uint64_t sample;  /* which one it is of, counted from 1 */
    float weight;
    uint8_t first, bytes; /* of the line */
    bool write;
};

struct contested_user {
    int tid;
    double weight;   /* of its samples, the old ones less: contested_age */
    double seen;     /* samples of which an access may have been to the line */
    uint64_t sample; /* the last of them */
    struct contested_access access[CONTESTED_ACCESSES];
    unsigned accesses;
};

struct contested_line {
    uint64_t key;
    struct contested_user user[CONTESTED_USERS];
    unsigned users;
    double tries; /* picked so often, long ago less */
};

/* Two threads and what each does on a line; at least one of them writes. */
struct contested_pair {
    uint64_t line; /* its key */
    int tid[2];
    struct contested_access access[2];
};

struct contested; /* opaque */

struct contested *contested_new(void); /* NULL: out of memory */
void contested_free(struct contested *contested);
/* An access at `key`, which represents its address: the same for all processes that have the same
 * memory there, and as far from a line's start. What crosses the end of a line is added to both.
 * access->weight: how sure the guess is, 1 for certain; `first` is not used. 0 or -ENOMEM. */
int contested_add(
    struct contested *contested, int tid, uint64_t key, const struct contested_access *access);
/* What was seen counts `kept` times as much from now on, and what counts next to nothing is
 * forgotten: threads move on to other work, and memory is bounded. */
void contested_age(struct contested *contested, double kept);
/* The line whose second thread is seen most, the less the more often it was picked, and two threads
 * and accesses of it, drawn by their weights; such that share no byte where there are any. False:
 * there is no candidate. */
bool contested_pick(struct contested *contested, struct rng *rng, struct contested_pair *out);
/* Adds an access of a thread to a list of users, of CONTESTED_USERS at most. */
void contested_see(
    struct contested_user *users, unsigned *count, int tid, const struct contested_access *seen);
/* NULL: nothing was seen there. Until the next change. */
const struct contested_line *contested_at(const struct contested *contested, uint64_t key);

#endif
