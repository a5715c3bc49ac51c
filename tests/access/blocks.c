/* SPDX-License-Identifier: MIT
 * Small blocks that share lines: some threads free theirs while others use adjacent ones, so that a
 * line_stat is closed while another thread looks at it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4, SLOTS = 64, ROUNDS = 60000 };
static volatile long *slots[THREADS][SLOTS];

static void *work(void *argument)
{
    const long me = (long)argument;
    long sum = 0;
    unsigned random = (unsigned)me + 1;
    for (int i = 0; i < ROUNDS; i++) {
        random = random * 1103515245u + 12345u;
        volatile long **slot = &slots[me][random >> 16 & (SLOTS - 1)];
        for (int k = 0; k < 8; k++)
            ++**slot;
        if (random >> 24 < 60) {
            sum += **slot;
            free((void *)*slot);
            *slot = calloc(1, 16);
        }
    }
    for (int i = 0; i < SLOTS; i++)
        sum += *slots[me][i];
    return (void *)sum;
}

int main(void)
{
    pthread_t thread[THREADS];
    long sum = 0;
    for (int k = 0; k < SLOTS; k++)
        for (int i = 0; i < THREADS; i++)
            slots[i][k] = calloc(1, 16);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(thread[i], &result);
        sum += (long)result;
    }
    printf("%ld\n", sum);
    return 11;
}
