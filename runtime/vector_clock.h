/* SPDX-License-Identifier: MIT
 * What happened before what, by create, join, barriers and OpenMP's teams. */
#ifndef RUNTIME_VECTOR_CLOCK_H
#define RUNTIME_VECTOR_CLOCK_H

#include "runtime/base/compiler.h"
#include "runtime/base/tag.h"

/* A point that threads come to and go on from: what each of them did before it came happened before
 * all that those do which go on after that. Zero-filled at first. */
struct round {
    uint32_t lock;
    uint32_t clock[SLOTS + 1]; /* of each slot: its last epoch that has come */
};

/* False without address space. */
HIDDEN bool vector_clock_init(void);

/* Slots below this one have been used. It only grows. */
HIDDEN uint32_t vector_clock_slots(void);
/* One more slot is used, the first that was not; the caller has LOCK_THREADS. */
HIDDEN void vector_clock_add_slot(void);

/* The tag of the slot's current epoch. */
HIDDEN uint32_t vector_clock_tag(uint32_t slot);
/* Begins an epoch. */
HIDDEN void vector_clock_step(uint32_t slot);
/* Did what the thread with this tag did happen before the slot's now? */
HIDDEN bool vector_clock_covers(uint32_t slot, uint32_t tag);

/* One thread creates another: what the parent did so far happened before all that the child does.
 */
HIDDEN void vector_clock_create(uint32_t parent, uint32_t child);
/* One thread has joined another: what the ended one did happened before all that the joiner does.
 */
HIDDEN void vector_clock_join(uint32_t joiner, uint32_t ended);

/* What the slot did so far happened before all that any thread does from now on; an epoch begins.
 */
HIDDEN void vector_clock_pass(uint32_t slot);

/* A pthread_barrier_t was made for `count` threads; 0: it was destroyed. */
HIDDEN void vector_clock_barrier_init(uintptr_t barrier, unsigned count);
/* The calling thread comes to a barrier. Returns the round to go on from; NULL when the barrier is
 * not known. */
HIDDEN struct round *vector_clock_barrier_arrive(uintptr_t barrier);

/* The calling thread comes to the round, and begins an epoch. */
HIDDEN void vector_clock_release(struct round *to);
/* The calling thread goes on from the round. */
HIDDEN void vector_clock_acquire(const struct round *from);

/* For what may happen at any rate: returns the tag of what the calling thread has done so far, and
 * begins an epoch; where the last one has just begun, the tag of the one before it. */
HIDDEN uint32_t vector_clock_mark(void);
/* What the thread did up to this tag comes to the round. */
HIDDEN void vector_clock_come(struct round *to, uint32_t tag);
/* The slot goes on from the round. */
HIDDEN void vector_clock_go_on(uint32_t slot, const struct round *from);
/* No thread has come to the round yet. */
HIDDEN void vector_clock_clear(struct round *round);

/* In a forked child: frees the barriers' locks. */
HIDDEN void vector_clock_fork(void);

#endif
