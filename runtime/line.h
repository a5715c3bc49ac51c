/* SPDX-License-Identifier: MIT
 * Tier 2: accesses to lines that have a line_stat. */
#ifndef RUNTIME_LINE_H
#define RUNTIME_LINE_H

#include "runtime/footprint.h"
#include "runtime/shadow.h"

/* Counts the access in the line_stat with this index. Returns false when it cannot be counted there
 * now, and the line's entry must be looked at again. */
HIDDEN bool line_access(uint32_t index, const struct access *a);

/* The line was biased to the owner with this tag: moves what the entry has counted since to the
 * line_stat. */
HIDDEN void line_fold(const struct shadow *s, uint32_t tag);

/* The calling thread gives a lock back: ends the bias of the lines that it has used with it. */
HIDDEN void line_end_locked(void);

/* The same for all lines that are biased now, and the sum of all hand-overs. */
HIDDEN void line_fold_all(void);

#endif
