/* SPDX-License-Identifier: MIT
 * Semaphores side by side (32 bytes each): each thread posts and takes its own.
 * False: nobody waits for another's. Fix: each semaphore on lines of its own. */
/* expect: false-sharing object=slots field=free */
#include "twin.h"

#include <semaphore.h>

struct slot {
    APART sem_t free;
};
ON_LINE static struct slot slots[THREADS];

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        sem_post(&slots[me].free); /* <- hot */
        sem_wait(&slots[me].free); /* <- hot */
    }
}

int main(int argc, char **argv)
{
    int left[THREADS];
    twin_amount(argc, argv, 8000000);
    for (unsigned i = 0; i < THREADS; i++) {
        sem_init(&slots[i].free, 0, i);
        WRITES(i, slots[i].free);
    }
    twin_run(THREADS, work, NULL);
    for (unsigned i = 0; i < THREADS; i++) {
        sem_getvalue(&slots[i].free, &left[i]);
    }
    printf("%d %d\n", left[0], left[1]);
    return 0;
}
