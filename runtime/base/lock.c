/* SPDX-License-Identifier: MIT
 * The rare paths of locks: another thread has it, or its owner does not come back. */
#include "runtime/base/lock.h"

#include "base/arch/arch.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/tag.h"

struct lock_slot lock_table[LOCKS];
static uint32_t keeper; /* the owner from whom nothing is taken away */
static bool broken;

bool lock_is_broken(void)
{
    return __atomic_load_n(&broken, __ATOMIC_ACQUIRE);
}

void lock_keep(bool keep)
{
    __atomic_store_n(&keeper, keep ? lock_owner() : 0, __ATOMIC_RELAXED);
}

/* Patience with one owner: when the lock is seen with another one, or free, it begins anew. */
struct patience {
    uint32_t owner;
    uint64_t since_ns;
};

static bool is_stuck(struct patience *p, const uint32_t *lock)
{
    enum { PATIENCE_NS = 1000000000 };
    const uint32_t owner = __atomic_load_n(lock, __ATOMIC_RELAXED);
    const uint64_t now = plain_now_ns();
    if (owner != p->owner || owner == 0 || owner == __atomic_load_n(&keeper, __ATOMIC_RELAXED))
        *p = (struct patience){owner, now};
    return now - p->since_ns > PATIENCE_NS;
}

/* An owner that does not come back is in a signal handler that waits, or has left and not been here
 * since. It is better to see nothing more than to be stuck. */
void lock_wait(uint32_t *lock)
{
    enum { SPINS = 1000 };
    struct patience patience = {0};
    for (unsigned tries = 1; !lock_try(lock); tries++) {
        if (tries % SPINS) {
            arch_pause();
        } else if (is_stuck(&patience, lock)) {
            state_turn_off("a thread was stopped inside the runtime for a second, by a signal "
                           "handler or a busy machine: nothing was seen from then on");
            __atomic_store_n(&broken, true, __ATOMIC_RELEASE);
            __atomic_store_n(lock, lock_owner(), __ATOMIC_RELAXED);
            return;
        } else {
            /* The owner was stopped. Spinning would take its time, forever where the scheduler
             * lets a thread run until it sleeps (SCHED_FIFO). */
            plain_nap();
        }
    }
}

/* A word that is neither this thread's lock nor a busy entry was never taken, or was given back. */
void lock_release_all(void)
{
    struct me *me = &state_me;
    while (me->holds) {
        uint32_t mine = lock_owner(), busy = TAG_BUSY;
        const uint32_t last = --me->holds;
        if (last < HELD && !__atomic_compare_exchange_n(
                               me->held[last], &mine, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
            __atomic_compare_exchange_n(
                me->held[last], &busy, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    }
}

void lock_fork(void)
{
    for (unsigned i = 0; i < LOCKS; i++)
        lock_table[i].word = 0;
    lock_keep(false);
}
