/* SPDX-License-Identifier: MIT
 * Two threads write private words of one line, the second after the first, though nothing orders
 * them. Then both come to a barrier, and the second reads what the first has written: that is
 * another phase, in which nothing is shared. */
#include <pthread.h>
#include <stdio.h>

enum { ROUNDS = 20000 };
static volatile long line[8] __attribute__((aligned(64)));
static struct {
    volatile int done;
} first __attribute__((aligned(256)));
static pthread_barrier_t barrier __attribute__((aligned(256)));

static void *work(void *argument)
{
    const long me = (long)argument;
    while (me == 1 && !first.done)
        ;
    for (int i = 0; i < ROUNDS; i++)
        line[me]++;
    first.done = 1;
    pthread_barrier_wait(&barrier);
    return (void *)(me == 1 ? line[0] : 0);
}

int main(void)
{
    pthread_t thread[2];
    void *seen = NULL;
    pthread_barrier_init(&barrier, NULL, 2);
    for (long i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], &seen);
    printf("%ld\n", (long)seen);
    return 0;
}
