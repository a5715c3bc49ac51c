/* SPDX-License-Identifier: MIT
 * Calls on locks count as writes to the bytes that they change: adjacent locks are falsely shared.
 * They order nothing (vector_clock.c). */
#include "runtime/real_libc.h"
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

#define CALL(name, bytes, arguments, ...)                                                          \
    REPLACE(int, name, __VA_ARGS__)                                                                \
    {                                                                                              \
        see_use(at, bytes, CALLER);                                                                \
        return NEXT(name) arguments;                                                               \
    }
#define SYNC(name, type, bytes) CALL(name, bytes, (at), type at)
#define SYNC_UNTIL(name, type, bytes) CALL(name, bytes, (at, when), type at, until when)
#define SYNC_CLOCK(name, type, bytes)                                                              \
    CALL(name, bytes, (at, clock, when), type at, clockid_t clock, until when)
/* The wait releases the mutex and takes it again. */
#define WAIT(name, arguments, ...)                                                                 \
    REPLACE(int, name, __VA_ARGS__)                                                                \
    {                                                                                              \
        see_use(at, COND_BYTES, CALLER);                                                           \
        see_use(held, MUTEX_BYTES, CALLER);                                                        \
        const int failed = NEXT(name) arguments;                                                   \
        see_use(held, MUTEX_BYTES, CALLER);                                                        \
        return failed;                                                                             \
    }
SYNC(pthread_mutex_lock, mutex, MUTEX_BYTES)
SYNC(pthread_mutex_trylock, mutex, MUTEX_BYTES)
SYNC(pthread_mutex_unlock, mutex, MUTEX_BYTES)
SYNC_UNTIL(pthread_mutex_timedlock, mutex, MUTEX_BYTES)
SYNC_CLOCK(pthread_mutex_clocklock, mutex, MUTEX_BYTES)
SYNC(mtx_lock, mtx_t *, MUTEX_BYTES)
SYNC(mtx_trylock, mtx_t *, MUTEX_BYTES)
SYNC_UNTIL(mtx_timedlock, mtx_t *, MUTEX_BYTES)
SYNC(mtx_unlock, mtx_t *, MUTEX_BYTES)
SYNC(pthread_rwlock_rdlock, rwlock, RWLOCK_BYTES)
SYNC(pthread_rwlock_wrlock, rwlock, RWLOCK_BYTES)
SYNC(pthread_rwlock_tryrdlock, rwlock, RWLOCK_BYTES)
SYNC(pthread_rwlock_trywrlock, rwlock, RWLOCK_BYTES)
SYNC(pthread_rwlock_unlock, rwlock, RWLOCK_BYTES)
SYNC_UNTIL(pthread_rwlock_timedrdlock, rwlock, RWLOCK_BYTES)
SYNC_CLOCK(pthread_rwlock_clockrdlock, rwlock, RWLOCK_BYTES)
SYNC_UNTIL(pthread_rwlock_timedwrlock, rwlock, RWLOCK_BYTES)
SYNC_CLOCK(pthread_rwlock_clockwrlock, rwlock, RWLOCK_BYTES)
SYNC(pthread_spin_lock, spin, SPIN_BYTES)
SYNC(pthread_spin_trylock, spin, SPIN_BYTES)
SYNC(pthread_spin_unlock, spin, SPIN_BYTES)
SYNC(sem_wait, sem, SEM_BYTES)
SYNC(sem_trywait, sem, SEM_BYTES)
SYNC(sem_post, sem, SEM_BYTES)
SYNC_UNTIL(sem_timedwait, sem, SEM_BYTES)
SYNC_CLOCK(sem_clockwait, sem, SEM_BYTES)
SYNC(pthread_cond_signal, cond, COND_BYTES)
SYNC(pthread_cond_broadcast, cond, COND_BYTES)
SYNC(cnd_signal, cnd_t *, COND_BYTES)
SYNC(cnd_broadcast, cnd_t *, COND_BYTES)
WAIT(pthread_cond_wait, (at, held), cond at, mutex held)
WAIT(pthread_cond_timedwait, (at, held, when), cond at, mutex held, until when)
WAIT(pthread_cond_clockwait, (at, held, clock, when), cond at, mutex held, clockid_t clock,
    until when)
WAIT(cnd_wait, (at, held), cnd_t *at, mtx_t *held)
WAIT(cnd_timedwait, (at, held, when), cnd_t *at, mtx_t *held, until when)
#undef CALL
#undef SYNC
#undef SYNC_UNTIL
#undef SYNC_CLOCK
#undef WAIT
