/* SPDX-License-Identifier: MIT
 * Each thread tells now and then how far it is, for anyone who might look, in its element of an
 * array.
 * False: nobody looks before the end. Fix: each element on lines of its own. It wins nothing: a
 * plain store waits in the store buffer, and there is more than enough private work to hide it. */
/* expect: false-sharing object=progress field=done */
/* price: yes */
#include "twin.h"

#include <stdatomic.h>

struct progress {
    APART atomic_ulong done;
};
ON_LINE static struct progress progress[THREADS];

static void work(unsigned me, void *arg)
{
    uint64_t *sum = (uint64_t *)arg + me * PAD / sizeof(uint64_t), x = me;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 1; i <= ops; i++) {
        x = twin_mix(x, 400);
        atomic_store_explicit(&progress[me].done, i, memory_order_relaxed); /* <- hot */
    }
    *sum = x;
}

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t sums[THREADS * PAD / sizeof(uint64_t)];
    twin_amount(argc, argv, 400000);
    WRITES(0, progress[0]);
    WRITES(1, progress[1]);
    twin_run(THREADS, work, sums);
    printf("%lu %lu\n", atomic_load(&progress[0].done), atomic_load(&progress[1].done));
    printf(
        "%llx %llx\n", (unsigned long long)sums[0], (unsigned long long)sums[PAD / sizeof(*sums)]);
    return 0;
}
