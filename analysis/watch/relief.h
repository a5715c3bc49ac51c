/* SPDX-License-Identifier: MIT
 * What a thread gains while the others are held off a line: pairs of short windows, in one of which
 * they are, and how much it did in each. */
#ifndef ANALYSIS_WATCH_RELIEF_H
#define ANALYSIS_WATCH_RELIEF_H

#include "analysis/stats/stats.h"

#include <stdint.h>

struct relief_window {
    uint64_t ran_ns;           /* of the thread, on a cpu */
    uint64_t before, after;    /* the word that it writes on the line */
    uint64_t samples, at_line; /* of those: one instruction behind an access to it */
};

enum { RELIEF_FREE, RELIEF_HELD, RELIEF_WINDOWS };
/* Pairs are of some windows: that much is kept of a long session. */
enum { RELIEF_PAIRS = 1024 };

struct relief {
    uint64_t key; /* the line's */
    int tid;      /* whose gain it is */
    size_t pairs;
    double by_word[RELIEF_WINDOWS]
                  [RELIEF_PAIRS]; /* by which it went up, for a ns; NaN: it did not */
    double by_share[RELIEF_WINDOWS][RELIEF_PAIRS]; /* of samples elsewhere; NaN: there were none */
};

/* `bytes` of the word: 1 to 8. Further pairs are left out once there are RELIEF_PAIRS. */
void relief_add(
    struct relief *relief, const struct relief_window window[RELIEF_WINDOWS], unsigned bytes);
/* How many times as much the thread does for a second of its time when it has the line to itself.
 * By the word, where that goes up all the time, as a counter or the end of a queue does; else by
 * the share of its samples that waited for the line. NaN, with the pairs in `n`: neither shows
 * it, or there were too few pairs. 0 or -ENOMEM. */
int relief_gain(const struct relief *relief, struct interval *gain);

#endif
