/* SPDX-License-Identifier: MIT
 * Statistics with a lock for the rare part and, beside it, a counter that needs none.
 * False: one thread uses the lock and what it protects, the other only the counter. Fix: the
 * counter on lines of its own. */
/* expect: false-sharing object=stats field=lock field=errors field=hits */
#include "twin.h"

#include <stdatomic.h>

static struct {
    ON_LINE pthread_mutex_t lock;
    unsigned long errors; /* under the lock */
    APART atomic_ulong hits;
} stats = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        if (me == 0) {
            pthread_mutex_lock(&stats.lock);   /* <- hot */
            stats.errors++;                    /* <- hot */
            pthread_mutex_unlock(&stats.lock); /* <- hot */
        } else {
            atomic_fetch_add_explicit(&stats.hits, 1, memory_order_relaxed); /* <- hot */
            atomic_fetch_add_explicit(&stats.hits, 1, memory_order_relaxed); /* <- hot */
        }
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 15000000);
    WRITES(0, stats.lock);
    WRITES(0, stats.errors);
    WRITES(1, stats.hits);
    twin_run(THREADS, work, NULL);
    printf("%lu %lu\n", stats.errors, atomic_load(&stats.hits));
    return 0;
}
