/* SPDX-License-Identifier: MIT
 * Whether Go shows what C shows: a map of two tiers against one under a lock for readers and
 * writers, twotier against rwlock, and sync.Map against sync.RWMutex. */
#ifndef ANALYSIS_MAPS_MAP_WITNESS_H
#define ANALYSIS_MAPS_MAP_WITNESS_H

#include "analysis/maps/map_table.h"

enum map_agreement {
    WITNESS_NONE,     /* one of the four was not measured */
    WITNESS_OPEN,     /* more blocks are needed for one of the two ratios */
    WITNESS_SAME,     /* slower, alike or faster in both */
    WITNESS_OPPOSITE, /* slower in one and faster in the other */
    WITNESS_OTHER     /* alike in one only */
};

struct map_witness {
    enum map_agreement agreement;
    struct interval c, go; /* times of the two tiers by those of the lock, in the same blocks */
    struct interval mutex; /* where C and Go differ: twotier by mutex; n is 0 where not measured */
};

struct map_witness map_witness_of(const struct map_group *group);
/* "twotier takes 0.41× (0.38–0.45) of rwlock in C, and sync.Map 2.1× (2.0–2.2) of a sync.RWMutex in
 * Go: the opposite order; it takes 1.8× (1.8–1.9) of mutex in C: Go's order, so what differs is how
 * long a waiter for rwlock sleeps"; "" for WITNESS_NONE. */
enum { MAP_WITNESS_TEXT = 400 };
void map_witness_text(const struct map_witness *witness, char out[MAP_WITNESS_TEXT]);

#endif
