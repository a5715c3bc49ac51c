/* SPDX-License-Identifier: MIT
 * One counter a thread, side by side in an array, counted with atomic adds.
 * False: each thread has its own counter. Fix: each counter on lines of its own. */
/* expect: false-sharing object=counters field=value */
/* price: yes */
#include "twin.h"

#include <stdatomic.h>

struct counter {
    APART atomic_ulong value;
};
ON_LINE static struct counter counters[THREADS];

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        atomic_fetch_add_explicit(&counters[me].value, 1, memory_order_relaxed); /* <- hot */
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 35000000);
    WRITES(0, counters[0]);
    WRITES(1, counters[1]);
    twin_run(THREADS, work, NULL);
    printf("%lu\n", atomic_load(&counters[0].value) + atomic_load(&counters[1].value));
    return 0;
}
