/* SPDX-License-Identifier: MIT */
/* verdict: latent
 * names: 1. latent false sharing: global counts (struct counts)
 * Two threads at a time, on one cpu, and each pair takes the counts the other way round: no thread
 * uses both. */
#include "../one_cpu.h"

#include <pthread.h>
#include <stdint.h>

enum { WAVES = 4, ADDS = 2000000 };
static struct counts {
    _Alignas(64) volatile uint64_t first;
    volatile uint64_t second;
} counts;

static void *count(void *argument)
{
    volatile uint64_t *const mine = argument;
    for (unsigned i = 0; i < ADDS; i++)
        *mine += i;
    return NULL;
}

int main(void)
{
    one_cpu();
    for (unsigned wave = 0; wave < WAVES; wave++) {
        pthread_t thread[2];
        pthread_create(
            &thread[0], NULL, count, (void *)(wave % 2 ? &counts.first : &counts.second));
        pthread_create(
            &thread[1], NULL, count, (void *)(wave % 2 ? &counts.second : &counts.first));
        pthread_join(thread[0], NULL);
        pthread_join(thread[1], NULL);
    }
    return 0;
}
