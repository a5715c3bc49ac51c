/* SPDX-License-Identifier: MIT
 * What threads do in a window of bytes, a line as it is or as it might lie, and which hand-overs
 * that makes possible when they run at the same time. */
#ifndef ANALYSIS_SHARING_SHARING_WINDOW_H
#define ANALYSIS_SHARING_SHARING_WINDOW_H

#include "base/record_read.h"

#include <stdbool.h>

/* Hand-overs that can be, had the threads run at the same time and in step: of each two accesses by
 * different threads, one of them writing, as often as the rarer. An upper bound. */
struct possible {
    uint64_t false_sharing, true_sharing;
};

/* How many accesses a touch is of: a read-modify-write is one, though it counts as a read and as a
 * write. Its share is that among the accesses whose sites are known. */
uint64_t touch_accesses(const struct footprint *touch);
/* May both threads have used their lines at the same time? Not when they had the same slot, nor
 * when one was joined before the other was created, as in the next of several waves. */
bool touches_meet(const struct footprint *a, const struct footprint *b);
/* Of the slot's threads in the list, the one that represents all where they are taken to run at the
 * same time as the others: the busiest of those that met the busiest of all. */
uint32_t touches_life(const struct footprint *const *touch, size_t touches, uint32_t slot);
/* In the `bytes` from `start` on, which lie on the lines; of two lines, only between accesses to
 * one and to the other. */
struct possible window_possible(const struct recording *recording,
    const struct line_stat *const *line, size_t lines, uint64_t start, unsigned bytes);

#endif
