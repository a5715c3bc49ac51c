/* SPDX-License-Identifier: MIT */
/* verdict: latent
 * names: 1. latent false sharing: heap block
 * Main has read the first count, so that its line is recorded, before a thread comes to the second
 * one, on the next line. */
#include <pthread.h>
#include <stdlib.h>

enum { ADDS = 30000000, BYTES = 256 };
struct counts {
    volatile long first, second;
};
struct counts *counts;

static void *add(void *count)
{
    for (long i = 0; i < ADDS; i++)
        ++*(volatile long *)count;
    return NULL;
}

int main(void)
{
    pthread_t thread[2];
    char *const block = malloc(BYTES);
    const size_t past = 64 - (size_t)block % 64;
    counts = (struct counts *)(void *)(block + past + 56);
    counts->first = counts->second = 0;
    pthread_create(&thread[0], NULL, add, (void *)&counts->first);
    while (counts->first < ADDS / 100)
        ;
    pthread_create(&thread[1], NULL, add, (void *)&counts->second);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
