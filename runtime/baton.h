/* SPDX-License-Identifier: MIT
 * Semaphores, conditions and latches that one thread uses to let another go on, as a baton: what
 * the first did before happened before what the second does next. The callers are hooks, not yet
 * inside the runtime. */
#ifndef RUNTIME_BATON_H
#define RUNTIME_BATON_H

#include "runtime/vector_clock.h"

#include <stdbool.h>

enum baton_kind {
    BATON_SEMAPHORE, /* one that some thread both passes and receives is a lock, and orders nothing
                      */
    BATON_LATCH,
    BATON_CONDITION,
    BATON_MUTEX, /* of a condition: who finds that there is nothing to wait for has only this */
};

/* The calling thread passes the baton at this address, or has received it. Those of a mutex only
 * after baton_note_mutex. */
HIDDEN void baton_pass(volatile const void *at, enum baton_kind kind);
HIDDEN void baton_receive(volatile const void *at, enum baton_kind kind);

/* A condition is used with this mutex. */
HIDDEN void baton_note_mutex(volatile const void *at);
/* Is any? */
extern HIDDEN bool baton_mutexes;

/* It was made or destroyed: what was there before is another one. */
HIDDEN void baton_forget(volatile const void *at);

/* What comes to the baton at this address and goes on from it; NULL: there is none. With `make` one
 * is made, in place of another one where there is no room. The caller is inside the runtime. */
HIDDEN struct round *baton_round(uintptr_t address, bool make);

/* In a forked child: frees the batons' locks. */
HIDDEN void baton_fork(void);

#endif
