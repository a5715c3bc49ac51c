/* SPDX-License-Identifier: MIT
 * Two small blocks of one malloc size class share a line. Larger blocks, which one thread frees and
 * the other then gets, do not. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 300000, REUSES = 200 };

static void *count(void *argument)
{
    volatile long *mine = argument;
    for (int i = 0; i < ROUNDS; i++)
        *mine += 1;
    return NULL;
}

static void *reuse(void *argument)
{
    long sum = 0;
    for (int i = 0; i < REUSES; i++) {
        volatile long *block = malloc(4096);
        for (int k = 0; k < 512; k++)
            block[k] = k;
        for (int k = 0; k < 512; k++)
            sum += block[k];
        free((void *)block);
    }
    *(long *)argument = sum;
    return NULL;
}

static long *make_block(void)
{
    return calloc(1, 24);
}

int main(void)
{
    pthread_t thread[4];
    long *low = make_block(), *high = make_block(), sums[2];
    while ((unsigned long)low / 64 != (unsigned long)high / 64) {
        low = high;
        high = make_block();
    }
    pthread_create(&thread[0], NULL, count, low);
    pthread_create(&thread[1], NULL, count, high);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    pthread_create(&thread[2], NULL, reuse, &sums[0]);
    pthread_create(&thread[3], NULL, reuse, &sums[1]);
    for (int i = 2; i < 4; i++)
        pthread_join(thread[i], NULL);
    printf("%ld %ld\n", *low + *high, sums[0] + sums[1]);
    return 0;
}
