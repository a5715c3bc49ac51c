/* SPDX-License-Identifier: MIT
 * An array of spinlocks (4 bytes each), each taken by one thread only.
 * False: no lock is ever waited for. Fix: each lock on lines of its own. */
/* expect: false-sharing object=locks field=lock */
#include "twin.h"

struct stripe {
    APART pthread_spinlock_t lock;
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
        pthread_spin_lock(&locks[me].lock); /* <- hot */
        counts[me].taken++;
        pthread_spin_unlock(&locks[me].lock); /* <- hot */
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 20000000);
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_spin_init(&locks[i].lock, PTHREAD_PROCESS_PRIVATE);
        WRITES(i, locks[i].lock);
        WRITES(i, counts[i].taken);
    }
    twin_run(THREADS, work, NULL);
    printf("%lu\n", counts[0].taken + counts[1].taken);
    return 0;
}
