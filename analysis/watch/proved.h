/* SPDX-License-Identifier: MIT
 * What was proved of each line: how often two threads took it from each other, with and without
 * common bytes, and what each did there. */
#ifndef ANALYSIS_WATCH_PROVED_H
#define ANALYSIS_WATCH_PROVED_H

#include "analysis/watch/contested.h"

enum { PROVED_LEAST = 3 /* proofs, until a line is reported: one may be chance */ };

/* A block of memory that a part of a line belongs to: RECORD_CHUNK or RECORD_MMAP. */
struct proved_block {
    uint64_t start, size;
    unsigned kind;
};

enum { PROVED_BLOCKS = 4 };

struct proved_line {
    uint64_t key;
    unsigned separate, common; /* proofs of false and of true sharing; */
    unsigned rarely, often; /* those of each in which one thread alone touched the other's bytes */
    double first_s;         /* when the first one was made: the caller's clock */
    struct contested_user user[CONTESTED_USERS]; /* what was proved of them: weights are proofs */
    unsigned users;
    struct proved_block block[PROVED_BLOCKS];
    unsigned blocks;
};

struct proved {
    struct proved_line *line;
    size_t lines;
};

/* What two threads that take a line from each other touch. */
enum proved_kind {
    PROVED_SEPARATE, /* each bytes that the other leaves alone */
    PROVED_RARELY,   /* one touches the other's, too, but hardly ever: false sharing as well */
    PROVED_OFTEN,    /* one touches the other's, too */
    PROVED_COMMON,   /* the same, or each the other's */
    PROVED_KINDS
};

/* Adds a proof. 0 or -ENOMEM. */
int proved_add(
    struct proved *proved, const struct contested_pair *pair, enum proved_kind kind, double second);
/* Which of the two it is where one thread alone touches the other's bytes, which costs the program
 * something to find out: as most often before; false while that is not known well enough. */
bool proved_crossing(const struct proved *proved, uint64_t key, enum proved_kind *kind);
/* Notes that a part of the line with this key, which was proved, lies in the block. */
void proved_add_block(struct proved *proved, uint64_t key, struct proved_block block);
/* Is it proved often enough that the line is shared, truly or falsely? */
bool proved_is_sure(const struct proved_line *line);
void proved_fini(struct proved *proved);

#endif
