/* SPDX-License-Identifier: MIT
 * An array of mutexes (40 bytes each), each taken by one thread only: what it protects is that
 * thread's own here.
 * False: no lock is ever waited for. Fix: each lock on lines of its own. */
/* expect: false-sharing object=locks field=lock */
/* price: yes */
#include "twin.h"

struct stripe {
    APART pthread_mutex_t lock;
};
ON_LINE static struct stripe locks[THREADS];
static struct {
    alignas(PAD) unsigned long taken;
} counts[THREADS];

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        pthread_mutex_lock(&locks[me].lock); /* <- hot */
        counts[me].taken++;
        pthread_mutex_unlock(&locks[me].lock); /* <- hot */
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 9000000);
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_mutex_init(&locks[i].lock, NULL);
        WRITES(i, locks[i].lock);
        WRITES(i, counts[i].taken);
    }
    twin_run(THREADS, work, NULL);
    printf("%lu\n", counts[0].taken + counts[1].taken);
    return 0;
}
