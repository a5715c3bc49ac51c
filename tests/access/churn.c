/* SPDX-License-Identifier: MIT
 * Ten thousand threads: joined, detached, ended by pthread_exit and by cancellation. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 2500, EACH = 100 };
static long counts[4];

static void *work(void *argument)
{
    const long i = (long)argument;
    for (int k = 0; k < EACH; k++)
        __atomic_fetch_add(&counts[i], 1, __ATOMIC_RELAXED);
    char *block = malloc(50);
    block[3] = 1;
    free(block);
    if (i == 1)
        pthread_exit(NULL);
    while (i == 2)
        pthread_testcancel();
    return NULL;
}

static long sum(void)
{
    long all = 0;
    for (int i = 0; i < 4; i++)
        all += __atomic_load_n(&counts[i], __ATOMIC_RELAXED);
    return all;
}

int main(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t thread[4];
        for (long i = 0; i < 4; i++)
            if (pthread_create(&thread[i], NULL, work, (void *)i) != 0)
                return 1;
        while (__atomic_load_n(&counts[2], __ATOMIC_RELAXED) < (round + 1) * EACH)
            sched_yield();
        pthread_cancel(thread[2]);
        for (int i = 0; i < 3; i++)
            pthread_join(thread[i], NULL);
        pthread_detach(thread[3]);
    }
    while (sum() < 4L * ROUNDS * EACH)
        sched_yield();
    printf("%ld\n", sum());
    return 5;
}
