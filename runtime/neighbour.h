/* SPDX-License-Identifier: MIT
 * Adjacent lines, each used by another thread: they would be shared if lines were longer, or
 * objects had other addresses. */
#ifndef RUNTIME_NEIGHBOUR_H
#define RUNTIME_NEIGHBOUR_H

#include "runtime/base/compiler.h"

struct line_stat;

/* Two threads may use the line of `address` and the next one. Callers may note a pair too often,
 * since neighbour_harvest looks again. */
HIDDEN void neighbour_note(uintptr_t address);

/* Gives a line_stat to each line of the pairs that are hot and used by concurrent threads. */
HIDDEN void neighbour_harvest(void);

/* The calling thread is about to take the line of `address` over from another, whose use its entry
 * then forgets if it came before: gives the line a line_stat first if it is one of such a pair, and
 * keeps the use for a thread that comes to the adjacent line later. The caller has no entry's lock.
 */
HIDDEN void neighbour_keep(uintptr_t address);

/* These bytes of the line (one bit a byte) were freed: what was kept of them is forgotten. */
HIDDEN void neighbour_forget(uintptr_t address, uint64_t mask);

/* The calling thread, which has the lock of this neighbour, comes to it in a new epoch: notes on
 * both lines if another thread uses an adjacent one and nothing orders what the two do. */
HIDDEN void neighbour_mark(struct line_stat *line);

#endif
