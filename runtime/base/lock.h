/* SPDX-License-Identifier: MIT
 * Spin locks for threads that may be stopped, cancelled or carried away by a signal at any
 * instruction. They are only taken inside the runtime (inside.h), so that no signal handler waits
 * for what it interrupted, and are free in a forked child. */
#ifndef RUNTIME_BASE_LOCK_H
#define RUNTIME_BASE_LOCK_H

#include "runtime/base/state.h"

/* Locks of one part each, each on a separate line. */
enum lock_id {
    LOCK_SCHEDULE,
    LOCK_HARVEST,
    LOCK_THREADS,
    LOCK_TABLES,
    LOCK_OBJECTS,
    LOCK_MODULES,
    LOCKS
};
extern HIDDEN struct lock_slot {
    uint32_t word __attribute__((aligned(64)));
} lock_table[LOCKS];

static inline uint32_t *lock_of(enum lock_id id)
{
    return &lock_table[id].word;
}

/* The word of a lock while this thread has it: never 0, and no other thread's. */
static inline uint32_t lock_owner(void)
{
    return (uint32_t)((uintptr_t)&state_me >> 4) | 1;
}

/* Called before a lock, or an entry (shadow_lock), is taken: a thread that leaves the runtime
 * without a return then knows what to give back. */
static inline void lock_announce(uint32_t *word)
{
    struct me *me = &state_me;
    if (me->holds < HELD)
        me->held[me->holds] = word;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    me->holds++;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* Called after the last announced one was given back. */
static inline void lock_withdraw(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    state_me.holds--;
}

/* Acquire: pairs with the release of lock_release. */
static inline bool lock_try(uint32_t *lock)
{
    uint32_t none = 0;
    return __atomic_compare_exchange_n(
        lock, &none, lock_owner(), false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Waits for a lock that another thread has. When one thread has kept it for a second it turns the
 * runtime off and takes the lock away. */
HIDDEN void lock_wait(uint32_t *lock);
/* Was one? From then on two threads may be inside the same one. */
HIDDEN bool lock_is_broken(void);
/* Until it is called with false, no lock is taken away from this thread, however long it takes: it
 * looks at what others may otherwise take back. One thread at a time. */
HIDDEN void lock_keep(bool keep);

static inline void lock_take(uint32_t *lock)
{
    lock_announce(lock);
    if (!lock_try(lock))
        lock_wait(lock);
}

static inline void lock_release(uint32_t *lock)
{
    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
    lock_withdraw();
}

/* Gives back all that this thread has announced. */
HIDDEN void lock_release_all(void);
/* In a forked child: frees the locks of the table. */
HIDDEN void lock_fork(void);

#endif
