/* SPDX-License-Identifier: MIT
 * One table under a reader-writer lock: readers are together, but all of them write the lock's
 * reader count. glibc's prefers readers: while there are some, a writer waits. */
#include <pthread.h>
#include <stdbool.h>

struct lock {
    pthread_rwlock_t rwlock;
};

static bool lock_init(struct lock *lock, unsigned threads)
{
    (void)threads;
    return pthread_rwlock_init(&lock->rwlock, NULL) == 0;
}

static void lock_fini(struct lock *lock)
{
    pthread_rwlock_destroy(&lock->rwlock);
}

static void begin_read(struct lock *lock, unsigned thread)
{
    (void)thread;
    pthread_rwlock_rdlock(&lock->rwlock);
}

static void end_read(struct lock *lock, unsigned thread)
{
    (void)thread;
    pthread_rwlock_unlock(&lock->rwlock);
}

static void begin_write(struct lock *lock)
{
    pthread_rwlock_wrlock(&lock->rwlock);
}

static void end_write(struct lock *lock)
{
    pthread_rwlock_unlock(&lock->rwlock);
}

#include "maps/locked.h"

MAP_STRATEGY(rwlock) = {
    LOCKED_FUNCTIONS,
    .name = "rwlock",
    .summary = "a table under a reader-writer lock (pthread)",
};
