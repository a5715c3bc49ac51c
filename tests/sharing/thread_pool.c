/* SPDX-License-Identifier: MIT
 * A pool of workers with short tasks, each worker counting what it did in its element of the
 * pool's array.
 * False: nobody reads another's counts before the end. The number of the next task is truly
 * shared, on a line of its own, and not to be reported. Fix: each worker's counts on lines of
 * their own. */
/* expect: false-sharing object=pool field=tasks field=steps */
/* price: yes */
#include "twin.h"

#include <stdatomic.h>

#define WORKERS 4
struct worker {
    APART unsigned long tasks;
    unsigned long steps;
};
static struct {
    alignas(PAD) atomic_ulong next;
    alignas(PAD) struct worker worker[WORKERS];
} pool;

static NOINLINE uint64_t task_do(struct worker *worker, unsigned long task)
{
    uint64_t x = task;
    for (unsigned step = 0; step < 16; step++) {
        x = twin_mix(x, 4);
        worker->steps++; /* <- hot */
        twin_settle();
    }
    worker->tasks++; /* <- hot */
    return x;
}

static void work(unsigned me, void *arg)
{
    uint64_t *sums = (uint64_t *)arg, sum = 0;
    const unsigned long ops = twin.ops;
    for (unsigned long task;
         (task = atomic_fetch_add_explicit(&pool.next, 1, memory_order_relaxed)) < ops;) {
        sum += task_do(&pool.worker[me], task);
    }
    sums[me * PAD / sizeof(*sums)] = sum;
}

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t sums[WORKERS * PAD / sizeof(uint64_t)];
    unsigned long tasks = 0, steps = 0;
    uint64_t sum = 0;
    twin_amount(argc, argv, 2000000);
    for (unsigned i = 0; i < WORKERS; i++) {
        WRITES(i, pool.worker[i].tasks);
        WRITES(i, pool.worker[i].steps);
    }
    twin_run(WORKERS, work, sums);
    for (unsigned i = 0; i < WORKERS; i++) {
        tasks += pool.worker[i].tasks;
        steps += pool.worker[i].steps;
        sum += sums[i * PAD / sizeof(*sums)];
    }
    printf("%lu %lu %llx\n", tasks, steps, (unsigned long long)sum);
    return 0;
}
