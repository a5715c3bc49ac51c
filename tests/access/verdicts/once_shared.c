/* SPDX-License-Identifier: MIT */
/* verdict: latent
 * names: 1. latent false sharing: heap block
 * Two threads share a line truly until a barrier; behind it one only reads there, and the other
 * writes on the line before. At another start both would be on one line. */
#include <pthread.h>
#include <stdlib.h>

enum { ROUNDS = 3000000, SHARED_ROUNDS = 20000, BYTES = 256 };
struct counts {
    volatile long mine, limit; /* the end of a line, and the beginning of the next */
};
static struct counts *counts;
static pthread_barrier_t ready;

static void share(void)
{
    for (int i = 0; i < SHARED_ROUNDS; i++)
        counts->limit++;
    pthread_barrier_wait(&ready);
}

static void *read_limit(void *sum)
{
    share();
    for (int i = 0; i < ROUNDS; i++)
        *(long *)sum += counts->limit;
    return NULL;
}

static void *count_up(void *unused)
{
    share();
    for (int i = 0; i < ROUNDS; i++)
        counts->mine++;
    return unused;
}

int main(void)
{
    pthread_t thread[2];
    long *const sum = aligned_alloc(128, 128);
    char *const block = malloc(BYTES);
    counts = (struct counts *)(void *)(block + 64 - (size_t)block % 64 + 56);
    counts->mine = counts->limit = 0;
    pthread_barrier_init(&ready, NULL, 2);
    pthread_create(&thread[0], NULL, read_limit, sum);
    pthread_create(&thread[1], NULL, count_up, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
