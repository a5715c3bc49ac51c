/* SPDX-License-Identifier: MIT
 * How often two parts of a finding's worst line take the line from each other. */
#ifndef ANALYSIS_SHARING_CONFLICT_H
#define ANALYSIS_SHARING_CONFLICT_H

#include "analysis/sharing/sharing.h"

/* What each thread, by its bit in the sets of a field, did with each part. */
struct conflicts {
    struct {
        double all, writes;
    } use[SHARING_FIELDS][SHARING_SET_BITS];
};

/* Counts the recorded sites on the worst line. A thread counts once for a part where none of its
 * sites is recorded. */
void conflicts_find(const struct sharing *sharing, struct conflicts *out);
/* Returns the hand-overs that are possible between two parts: for each two threads of which one
 * writes, as many as the rarer one's accesses. */
double conflict_between(const struct conflicts *conflicts, size_t a, size_t b);

#endif
