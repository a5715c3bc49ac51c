/* SPDX-License-Identifier: MIT
 * Calls on locks count as writes to the bytes that they change: adjacent locks are falsely shared.
 * They order nothing (vector_clock.c), except semaphores and conditions by which one thread lets
 * another go on, and the mutexes of conditions (baton.h). */
#include "runtime/base/real_libc.h"
#include "runtime/baton.h"
#include "runtime/intercept/program_locks.h"
#include "runtime/tier1.h"

#include <semaphore.h>
#include <threads.h>

/* The bytes that are written, not the whole type with its padding (glibc, sysdeps/nptl/bits). */
enum {
    MUTEX_BYTES = 16,  /* lock, count, owner, nusers */
    RWLOCK_BYTES = 28, /* up to cur_writer */
    COND_BYTES = 48,
    SEM_BYTES = 8,
    SPIN_BYTES = 4,
};
typedef pthread_mutex_t *mutex;
typedef pthread_rwlock_t *rwlock;
typedef pthread_spinlock_t *spin;
typedef pthread_cond_t *cond;
typedef sem_t *sem;
typedef const struct timespec *until;

static inline __attribute__((always_inline)) void see_use(
    volatile void *at, unsigned bytes, uintptr_t pc)
{
    if (state_gate.on)
        tier1_range((uintptr_t)at, bytes, RECORD_READ | RECORD_WRITE | RECORD_SYNC, pc);
}

static _Thread_local volatile void *last_mutex INITIAL_EXEC; /* that this thread locked */

static void take_mutex(volatile void *at)
{
    last_mutex = at;
    program_locks_take(at, true);
    if (baton_mutexes)
        baton_receive(at, BATON_MUTEX);
}

static void give_mutex(volatile void *at)
{
    program_locks_give(at);
    if (baton_mutexes)
        baton_pass(at, BATON_MUTEX);
}

/* A condition is signalled with its mutex, or just after it was unlocked. */
static void signal_condition(volatile void *at)
{
    /* What the waiters did before they waited comes before what they are told to do. */
    baton_receive(at, BATON_CONDITION);
    baton_pass(at, BATON_CONDITION);
    if (last_mutex) {
        baton_note_mutex(last_mutex);
        baton_pass(last_mutex, BATON_MUTEX);
    }
}

/* A call that gets something, or fails, and one that gives it back. */
#define GET(name, bytes, got, arguments, ...)                                                      \
    REPLACE(int, name, __VA_ARGS__)                                                                \
    {                                                                                              \
        see_use(at, bytes, CALLER);                                                                \
        const int failed = NEXT(name) arguments;                                                   \
        if (!failed)                                                                               \
            got;                                                                                   \
        return failed;                                                                             \
    }
#define GIVE(name, type, bytes, given)                                                             \
    REPLACE(int, name, type at)                                                                    \
    {                                                                                              \
        see_use(at, bytes, CALLER);                                                                \
        given;                                                                                     \
        return NEXT(name)(at);                                                                     \
    }
#define LOCK(name, arguments, ...) GET(name, MUTEX_BYTES, take_mutex(at), arguments, __VA_ARGS__)
#define UNLOCK(name, type) GIVE(name, type, MUTEX_BYTES, give_mutex(at))
#define LOCK_FOR(name, bytes, alone, arguments, ...)                                               \
    GET(name, bytes, program_locks_take(at, alone), arguments, __VA_ARGS__)
#define RELEASE(name, type, bytes) GIVE(name, type, bytes, program_locks_give(at))
#define TAKE(name, arguments, ...)                                                                 \
    GET(name, SEM_BYTES, baton_receive(at, BATON_SEMAPHORE), arguments, __VA_ARGS__)
#define POST(name, type) GIVE(name, type, SEM_BYTES, baton_pass(at, BATON_SEMAPHORE))
#define SIGNAL(name, type) GIVE(name, type, COND_BYTES, signal_condition(at))
/* The wait releases the mutex and takes it again. */
#define WAIT(name, arguments, ...)                                                                 \
    REPLACE(int, name, __VA_ARGS__)                                                                \
    {                                                                                              \
        see_use(at, COND_BYTES, CALLER);                                                           \
        see_use(held, MUTEX_BYTES, CALLER);                                                        \
        baton_note_mutex(held);                                                                    \
        give_mutex(held);                                                                          \
        baton_pass(at, BATON_CONDITION);                                                           \
        const int failed = NEXT(name) arguments;                                                   \
        if (!failed)                                                                               \
            baton_receive(at, BATON_CONDITION);                                                    \
        take_mutex(held);                                                                          \
        see_use(held, MUTEX_BYTES, CALLER);                                                        \
        return failed;                                                                             \
    }
#define FORGET(name, arguments, ...)                                                               \
    REPLACE(int, name, __VA_ARGS__)                                                                \
    {                                                                                              \
        baton_forget(at);                                                                          \
        return NEXT(name) arguments;                                                               \
    }
LOCK(pthread_mutex_lock, (at), mutex at)
LOCK(pthread_mutex_trylock, (at), mutex at)
LOCK(pthread_mutex_timedlock, (at, when), mutex at, until when)
LOCK(pthread_mutex_clocklock, (at, clock, when), mutex at, clockid_t clock, until when)
LOCK(mtx_lock, (at), mtx_t *at)
LOCK(mtx_trylock, (at), mtx_t *at)
LOCK(mtx_timedlock, (at, when), mtx_t *at, until when)
UNLOCK(pthread_mutex_unlock, mutex)
UNLOCK(mtx_unlock, mtx_t *)
FORGET(pthread_mutex_destroy, (at), mutex at)
LOCK_FOR(pthread_rwlock_rdlock, RWLOCK_BYTES, false, (at), rwlock at)
LOCK_FOR(pthread_rwlock_wrlock, RWLOCK_BYTES, true, (at), rwlock at)
LOCK_FOR(pthread_rwlock_tryrdlock, RWLOCK_BYTES, false, (at), rwlock at)
LOCK_FOR(pthread_rwlock_trywrlock, RWLOCK_BYTES, true, (at), rwlock at)
LOCK_FOR(pthread_rwlock_timedrdlock, RWLOCK_BYTES, false, (at, when), rwlock at, until when)
LOCK_FOR(pthread_rwlock_clockrdlock, RWLOCK_BYTES, false, (at, clock, when), rwlock at,
    clockid_t clock, until when)
LOCK_FOR(pthread_rwlock_timedwrlock, RWLOCK_BYTES, true, (at, when), rwlock at, until when)
LOCK_FOR(pthread_rwlock_clockwrlock, RWLOCK_BYTES, true, (at, clock, when), rwlock at,
    clockid_t clock, until when)
RELEASE(pthread_rwlock_unlock, rwlock, RWLOCK_BYTES)
LOCK_FOR(pthread_spin_lock, SPIN_BYTES, true, (at), spin at)
LOCK_FOR(pthread_spin_trylock, SPIN_BYTES, true, (at), spin at)
RELEASE(pthread_spin_unlock, spin, SPIN_BYTES)
TAKE(sem_wait, (at), sem at)
TAKE(sem_trywait, (at), sem at)
TAKE(sem_timedwait, (at, when), sem at, until when)
TAKE(sem_clockwait, (at, clock, when), sem at, clockid_t clock, until when)
POST(sem_post, sem)
FORGET(sem_init, (at, shared, value), sem at, int shared, unsigned value)
FORGET(sem_destroy, (at), sem at)
SIGNAL(pthread_cond_signal, cond)
SIGNAL(pthread_cond_broadcast, cond)
SIGNAL(cnd_signal, cnd_t *)
SIGNAL(cnd_broadcast, cnd_t *)
FORGET(pthread_cond_init, (at, attributes), cond at, const pthread_condattr_t *attributes)
FORGET(pthread_cond_destroy, (at), cond at)
WAIT(pthread_cond_wait, (at, held), cond at, mutex held)
WAIT(pthread_cond_timedwait, (at, held, when), cond at, mutex held, until when)
WAIT(pthread_cond_clockwait, (at, held, clock, when), cond at, mutex held, clockid_t clock,
    until when)
WAIT(cnd_wait, (at, held), cnd_t *at, mtx_t *held)
WAIT(cnd_timedwait, (at, held, when), cnd_t *at, mtx_t *held, until when)
#undef GET
#undef GIVE
#undef LOCK
#undef LOCK_FOR
#undef RELEASE
#undef UNLOCK
#undef POST
#undef TAKE
#undef SIGNAL
#undef WAIT
#undef FORGET
