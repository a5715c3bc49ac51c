/* SPDX-License-Identifier: MIT
 * Each thread writes private words of one line, but one thread after the other, with a barrier, or
 * a join and a create, between them. Nothing is shared. */
#include <pthread.h>
#include <stdio.h>

enum { ROUNDS = 20000, PHASES = 40 };
static volatile long line[8] __attribute__((aligned(64)));
static pthread_barrier_t barrier;

static void *take_turns(void *argument)
{
    const long me = (long)argument;
    for (long phase = 0; phase < PHASES; phase++) {
        if (phase % 2 == me)
            for (int i = 0; i < ROUNDS; i++)
                line[me]++;
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

static void *once(void *argument)
{
    for (int i = 0; i < ROUNDS; i++)
        line[2 + (long)argument]++;
    return NULL;
}

int main(void)
{
    pthread_t thread[2];
    pthread_barrier_init(&barrier, NULL, 2);
    for (long i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, take_turns, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    pthread_barrier_destroy(&barrier);
    for (long i = 0; i < 4; i++) {
        pthread_create(&thread[0], NULL, once, (void *)i);
        pthread_join(thread[0], NULL);
    }
    long sum = 0;
    for (int i = 0; i < 8; i++)
        sum += line[i];
    printf("%ld\n", sum);
    return 0;
}
