/* SPDX-License-Identifier: MIT
 * One table under a big-reader lock, as Linux 2.4 had it: each thread has its own reader count on
 * its own line, so that readers share nothing, and a writer waits for all of them. */
#include "maps/memory.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { LINE = 128 };

struct reader {
    _Alignas(LINE) atomic_bool reading;
};

struct lock {
    pthread_mutex_t writer; /* which others wait for, readers too */
    _Alignas(LINE) atomic_bool writing;
    unsigned threads;
    struct reader *reader; /* by thread */
};

static bool lock_init(struct lock *lock, unsigned threads)
{
    lock->threads = threads;
    lock->reader = map_zeroed_line((threads + 1) * sizeof *lock->reader);
    return lock->reader && pthread_mutex_init(&lock->writer, NULL) == 0;
}

static void lock_fini(struct lock *lock)
{
    pthread_mutex_destroy(&lock->writer);
    map_free(lock->reader);
}

/* Sequentially consistent: either the writer sees that this thread reads, or this thread that one
 * writes. */
static void begin_read(struct lock *lock, unsigned thread)
{
    atomic_bool *const reading = &lock->reader[thread].reading;
    for (;;) {
        atomic_store(reading, true);
        if (!atomic_load(&lock->writing))
            return;
        atomic_store(reading, false);
        pthread_mutex_lock(&lock->writer);
        pthread_mutex_unlock(&lock->writer);
    }
}

static void end_read(struct lock *lock, unsigned thread)
{
    atomic_store_explicit(&lock->reader[thread].reading, false, memory_order_release);
}

static void await_reader(const struct reader *reader)
{
    enum { SPINS = 128 }; /* then the reader may need this cpu */
    for (unsigned tries = 1; atomic_load(&reader->reading); tries++)
        if (tries % SPINS == 0)
            sched_yield();
}

static void begin_write(struct lock *lock)
{
    pthread_mutex_lock(&lock->writer);
    atomic_store(&lock->writing, true);
    for (unsigned i = 0; i < lock->threads; i++)
        await_reader(&lock->reader[i]);
}

static void end_write(struct lock *lock)
{
    atomic_store_explicit(&lock->writing, false, memory_order_release);
    pthread_mutex_unlock(&lock->writer);
}

#include "maps/locked.h"

MAP_STRATEGY(brlock) = {
    LOCKED_FUNCTIONS,
    .name = "brlock",
    .summary = "a table under a lock with a reader count for each thread",
};
