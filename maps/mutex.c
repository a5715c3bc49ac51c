/* SPDX-License-Identifier: MIT
 * One table under one mutex: whoever reads or writes is alone. */
#include <pthread.h>
#include <stdbool.h>

struct lock {
    pthread_mutex_t mutex;
};

static bool lock_init(struct lock *lock, unsigned threads)
{
    (void)threads;
    return pthread_mutex_init(&lock->mutex, NULL) == 0;
}

static void lock_fini(struct lock *lock)
{
    pthread_mutex_destroy(&lock->mutex);
}

static void begin_write(struct lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
}

static void end_write(struct lock *lock)
{
    pthread_mutex_unlock(&lock->mutex);
}

static void begin_read(struct lock *lock, unsigned thread)
{
    (void)thread;
    begin_write(lock);
}

static void end_read(struct lock *lock, unsigned thread)
{
    (void)thread;
    end_write(lock);
}

#include "maps/locked.h"

MAP_STRATEGY(mutex) = {
    LOCKED_FUNCTIONS,
    .name = "mutex",
    .summary = "a table under a mutex (pthread)",
};
