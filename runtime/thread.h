/* SPDX-License-Identifier: MIT
 * Thread slots: which thread has which, from create to join. */
#ifndef RUNTIME_THREAD_H
#define RUNTIME_THREAD_H

#include "runtime/base/compiler.h"
#include "runtime/vector_clock.h"

#include <stdbool.h>
#include <stddef.h>

/* Gives the main thread a slot. False without address space. */
HIDDEN bool thread_init(void);

/* Gives the calling thread a slot, if there is one left. */
HIDDEN void thread_adopt(void);

/* A slot for the thread that the caller is about to create: its function, and the call's return
 * address and frame (whose caller's frame is saved there). 0: none left, and it is not seen. */
HIDDEN uint32_t thread_prepare(uintptr_t entry, uintptr_t pc, uintptr_t own_frame);
/* The thread was created, with this pthread_t: it may be joined before it has begun. */
HIDDEN void thread_set_id(uint32_t slot, uintptr_t id);
/* It could not be created. */
HIDDEN void thread_abandon(uint32_t slot);

/* Threads that are adopted, as those that libc itself creates, go on from here. */
extern HIDDEN struct round thread_expected;

/* The calling thread begins, with a slot that was prepared and a stack of that size; or it ends. */
HIDDEN void thread_begin(uint32_t slot, size_t stack_bytes);
HIDDEN void thread_end(void);
/* The calling thread acts for the slot from now on, as a coroutine's; 0: for itself. */
HIDDEN void thread_switch(uint32_t slot);
/* Each thread calls this with its slot when it ends. */
HIDDEN void thread_at_end(void (*call)(uint32_t slot));

/* What all threads did so far happened before all that they do from now on. */
HIDDEN void thread_begin_phase(void);

/* The slot of a thread that was not joined; 0. */
HIDDEN uint32_t thread_find(uintptr_t pthread);
/* Before a thread is joined: the slot for thread_joined, which does nothing if meanwhile another
 * thread has claimed it. */
HIDDEN uint32_t thread_claim(uintptr_t pthread);
HIDDEN void thread_joined(uint32_t slot);
HIDDEN void thread_detached(uint32_t slot);

/* In a forked child: all but the calling thread are gone. */
HIDDEN void thread_fork(void);

/* Adds the counts of the living threads to the recording. */
HIDDEN void thread_refresh(void);

/* How many threads have had accesses since thread_refresh. */
HIDDEN unsigned thread_active(void);

/* Have main and all others ended? */
HIDDEN bool thread_none(void);

/* The living thread on whose stack the address lies; 0. */
HIDDEN uint32_t thread_of_stack(uintptr_t address);

#endif
