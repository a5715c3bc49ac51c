/* SPDX-License-Identifier: MIT */
/* verdict: none
 * On one cpu, two threads change two fields, each its own, with the lock that lies next to them and
 * that both find by a pointer which they read before. */
#include "../one_cpu.h"

#include <pthread.h>
#include <stdlib.h>

enum { TURNS = 20000, ADDS = 100 };
struct counts {
    pthread_mutex_t *volatile lock;
    volatile long first;
    volatile long second;
    pthread_mutex_t inside;
};
static struct counts *counts;

static void *add(void *argument)
{
    volatile long *const mine = argument;
    for (int turn = 0; turn < TURNS; turn++) {
        pthread_mutex_lock(counts->lock);
        for (int i = 0; i < ADDS; i++)
            ++*mine;
        pthread_mutex_unlock(&counts->inside);
        sched_yield();
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[2];
    one_cpu();
    counts = aligned_alloc(64, 64);
    pthread_mutex_init(&counts->inside, NULL);
    counts->lock = &counts->inside;
    pthread_create(&thread[0], NULL, add, (void *)&counts->first);
    pthread_create(&thread[1], NULL, add, (void *)&counts->second);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    free(counts);
    return 0;
}
