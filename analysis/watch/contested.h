/* SPDX-License-Identifier: MIT
 * From sampled accesses to candidates: lines that several threads were seen at, one of them
 * writing. Samples show where time goes and guess at the access, so this proves nothing: it names
 * the lines and threads that a watchpoint is worth. */
#ifndef ANALYSIS_WATCH_CONTESTED_H
#define ANALYSIS_WATCH_CONTESTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CONTESTED_LINE = 64, /* bytes, as bits of a mask */
    CONTESTED_USERS = 8  /* threads that a line keeps apart; the least seen makes room */
};

struct contested_user {
    int tid;
    uint64_t reads, writes; /* bytes of the line, as bits */
    double weight;          /* of its samples */
};

struct contested_pair {
    uint64_t line;              /* its address */
    struct contested_user a, b; /* a is the one that writes, or the one that is seen more */
    double weight;              /* of the one that is seen less */
};

struct contested; /* opaque */

struct contested *contested_new(void); /* NULL: out of memory */
void contested_free(struct contested *contested);
/* An access of `bytes` at `address`; what crosses the end of a line is added to both. `weight`: how
 * sure the guess is, 1 for certain. 0 or -ENOMEM. */
int contested_add(struct contested *contested, int tid, uint64_t address, unsigned bytes,
    bool write, double weight);
/* Fills out[] with pairs of threads of which one writes, those whose rarer thread is seen most
 * first, and returns how many there are. */
size_t contested_pairs(const struct contested *contested, struct contested_pair *out, size_t most);

#endif
