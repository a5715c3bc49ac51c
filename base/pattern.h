/* SPDX-License-Identifier: MIT
 * What threads do on the lines that they share, to be replayed in order to find what each finding
 * costs: which bytes each uses, how, how often, and at which pace. Plain data:
 * analysis/price/pattern.c builds it from a recording, and probes/replay/replay.c runs it. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pattern_op {
    PATTERN_LOAD,
    PATTERN_STORE,
    PATTERN_RMW, /* plain load, add, store */
    PATTERN_ADD, /* atomic read-modify-write */
    PATTERN_OPS
};

/* Where the accesses of a finding are replayed. */
enum pattern_place {
    PATTERN_SHARED, /* as they lie now */
    PATTERN_PADDED, /* as they would lie after a fix */
    PATTERN_ALONE,  /* each thread in a private copy: nothing is shared */
    PATTERN_PLACES
};

enum {
    PATTERN_LINE = 64,
    PATTERN_APART = 256,   /* as the `isolated` reference: docs/method.md, "The reference" */
    PATTERN_ACCESSES = 64, /* of a thread, the most used */
    PATTERN_ITEMS = 16,    /* findings in a pattern */
};

struct pattern_access {
    uint32_t at[PATTERN_PLACES]; /* offset in the place; naturally aligned */
    uint8_t op, size;            /* size 1, 2, 4 or 8 */
    uint8_t item;                /* of which finding, below PATTERN_ITEMS */
    double count;                /* in the whole program */
};

struct pattern_thread {
    uint32_t slot; /* index of its struct record_thread */
    struct pattern_access *access;
    size_t accesses;
    double ops;    /* accesses in the whole program */
    double active; /* share of the thread's life in which it used these lines */
};

struct pattern {
    struct pattern_thread *thread;
    size_t threads;
    uint32_t bytes[PATTERN_PLACES];
    size_t items;
};

#endif
