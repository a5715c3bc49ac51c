/* SPDX-License-Identifier: MIT
 * An array of read-write locks (56 bytes each), each read-locked by one thread only: a reader
 * writes the lock too.
 * False: no lock is ever waited for. Fix: each lock on lines of its own. */
/* expect: false-sharing object=locks field=lock */
#include "twin.h"

struct stripe {
    APART pthread_rwlock_t lock;
};
ON_LINE static struct stripe locks[THREADS];

static void work(unsigned me, void *arg)
{
    uint64_t *sums = (uint64_t *)arg;
    uint64_t sum = me;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        pthread_rwlock_rdlock(&locks[me].lock); /* <- hot */
        sum = twin_mix(sum, 1);
        pthread_rwlock_unlock(&locks[me].lock); /* <- hot */
    }
    sums[me * (PAD / sizeof(*sums))] = sum;
}

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t sums[THREADS * PAD / sizeof(uint64_t)];
    twin_amount(argc, argv, 10000000);
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_rwlock_init(&locks[i].lock, NULL);
        WRITES(i, locks[i].lock);
    }
    twin_run(THREADS, work, sums);
    printf("%llx\n", (unsigned long long)(sums[0] ^ sums[PAD / sizeof(*sums)]));
    return 0;
}
