/* SPDX-License-Identifier: MIT
 * Whether fields of a line could be used independently of each other if they lay on separate lines.
 */
#ifndef ANALYSIS_SHARING_SHARING_SEPARABLE_H
#define ANALYSIS_SHARING_SHARING_SEPARABLE_H

#include "analysis/sharing/sharing_candidate.h"

/* A field travels with another one if all threads that use it also write the other, about as often,
 * and the other is truly shared, as a lock with what it protects: on separate lines, two would move
 * instead of one. Threads with less than a hundredth of the line's accesses do not
 * count, such as main when it looks at the result. */
struct separable separable_of(const struct candidate *candidate);

/* Of the false hand-overs, those of visits in which a thread with less than a hundredth of the
 * line's accesses also comes for what others write, such as several reads of another thread's
 * record. Recording makes such a visit so slow that the line may be lost within it, and then its
 * parts look like separate visits. */
uint64_t separable_visits(const struct candidate *candidate);

#endif
