/* SPDX-License-Identifier: MIT
 * Lines that have a line_stat, but are one thread's for now. */
#ifndef RUNTIME_BIAS_H
#define RUNTIME_BIAS_H

#include "runtime/footprint.h"
#include "runtime/shadow.h"

/* Accesses of one owner before the line is biased to it; again, after it gave a lock back. */
enum { BIASED_AFTER = 64, BIASED_AGAIN = 4 };
static inline uint32_t bias_patience(const struct footprint *t)
{
    return t->kept[0] ? BIASED_AGAIN : BIASED_AFTER;
}

/* The thread with this footprint is the line's only user for now, and its sites are known: until
 * another one comes, tier 1 counts its accesses, at the price of tier 1. */
HIDDEN void bias_begin(struct line_stat *line, struct footprint *t);

/* The line was biased to the owner with this tag: moves what the entry has counted since to the
 * line_stat. */
HIDDEN void bias_fold(const struct shadow *s, uint32_t tag);

/* The same for all lines that are biased now, and the sum of all hand-overs. */
HIDDEN void bias_fold_all(void);

/* The calling thread gives a lock back: ends the bias of the lines that it has used with it. */
HIDDEN void bias_end_locked(void);

#endif
