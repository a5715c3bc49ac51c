/* SPDX-License-Identifier: MIT
 * Calls on locks, as writes to the bytes that they change: adjacent locks share a line falsely.
 * They order nothing (order.c). */
#include "probes/access/real.h"

#include <semaphore.h>
#include <threads.h>
#include <time.h>

/* What is written, not the whole type with its padding (glibc, sysdeps/nptl/bits). */
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

static inline __attribute__((always_inline)) void used(
    volatile void *at, unsigned bytes, uintptr_t pc)
{
    if (access_gate.on)
        access_range((uintptr_t)at, bytes, RECORD_READ | RECORD_WRITE | RECORD_SYNC, pc);
}

#define SYNC(name, type, bytes)                                                                    \
    REAL(int, name, type)                                                                          \
    int OURS(name)(type at);                                                                       \
    INTERPOSE int OURS(name)(type at)                                                              \
    {                                                                                              \
        used(at, bytes, CALLER);                                                                   \
        return NEXT(name)(at);                                                                     \
    }
#define SYNC_MORE(name, type, more, bytes)                                                         \
    REAL(int, name, type, more)                                                                    \
    int OURS(name)(type at, more with);                                                            \
    INTERPOSE int OURS(name)(type at, more with)                                                   \
    {                                                                                              \
        used(at, bytes, CALLER);                                                                   \
        return NEXT(name)(at, with);                                                               \
    }
SYNC(pthread_mutex_lock, mutex, MUTEX_BYTES)
SYNC(pthread_mutex_trylock, mutex, MUTEX_BYTES)
SYNC(pthread_mutex_unlock, mutex, MUTEX_BYTES)
SYNC_MORE(pthread_mutex_timedlock, mutex, until, MUTEX_BYTES)
SYNC(mtx_lock, mtx_t *, MUTEX_BYTES)
SYNC(mtx_trylock, mtx_t *, MUTEX_BYTES)
SYNC(mtx_unlock, mtx_t *, MUTEX_BYTES)
SYNC(pthread_rwlock_rdlock, rwlock, RWLOCK_BYTES)
SYNC(pthread_rwlock_wrlock, rwlock, RWLOCK_BYTES)
SYNC(pthread_rwlock_tryrdlock, rwlock, RWLOCK_BYTES)
SYNC(pthread_rwlock_trywrlock, rwlock, RWLOCK_BYTES)
SYNC(pthread_rwlock_unlock, rwlock, RWLOCK_BYTES)
SYNC_MORE(pthread_rwlock_timedrdlock, rwlock, until, RWLOCK_BYTES)
SYNC_MORE(pthread_rwlock_timedwrlock, rwlock, until, RWLOCK_BYTES)
SYNC(pthread_spin_lock, spin, SPIN_BYTES)
SYNC(pthread_spin_trylock, spin, SPIN_BYTES)
SYNC(pthread_spin_unlock, spin, SPIN_BYTES)
SYNC(sem_wait, sem, SEM_BYTES)
SYNC(sem_trywait, sem, SEM_BYTES)
SYNC(sem_post, sem, SEM_BYTES)
SYNC_MORE(sem_timedwait, sem, until, SEM_BYTES)
SYNC(pthread_cond_signal, cond, COND_BYTES)
SYNC(pthread_cond_broadcast, cond, COND_BYTES)
#undef SYNC
#undef SYNC_MORE

REAL(int, pthread_cond_wait, cond, mutex)
REAL(int, pthread_cond_timedwait, cond, mutex, until)

/* The mutex is given up and taken again. */
int OURS(pthread_cond_wait)(cond at, mutex held);
INTERPOSE int OURS(pthread_cond_wait)(cond at, mutex held)
{
    used(at, COND_BYTES, CALLER);
    used(held, MUTEX_BYTES, CALLER);
    const int failed = NEXT(pthread_cond_wait)(at, held);
    used(held, MUTEX_BYTES, CALLER);
    return failed;
}

int OURS(pthread_cond_timedwait)(cond at, mutex held, until when);
INTERPOSE int OURS(pthread_cond_timedwait)(cond at, mutex held, until when)
{
    used(at, COND_BYTES, CALLER);
    used(held, MUTEX_BYTES, CALLER);
    const int failed = NEXT(pthread_cond_timedwait)(at, held, when);
    used(held, MUTEX_BYTES, CALLER);
    return failed;
}
