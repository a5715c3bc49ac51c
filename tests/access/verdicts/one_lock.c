/* SPDX-License-Identifier: MIT */
/* verdict: none
 * On one cpu, two threads change two fields, each its own, but only with the lock that both take:
 * they never do so at the same time. */
#include "../one_cpu.h"

#include <pthread.h>

#ifdef LONG
enum { TURNS = 500, ADDS = 10000 };
#else
enum { TURNS = 20000, ADDS = 100 };
#endif
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct counts {
    _Alignas(64) volatile long first;
    volatile long second;
} counts;

static void *add(void *mine)
{
    for (int turn = 0; turn < TURNS; turn++) {
        pthread_mutex_lock(&lock);
        for (int i = 0; i < ADDS; i++)
            ++*(volatile long *)mine;
#ifdef OUTSIDE
        pthread_mutex_unlock(&lock);
        ++*(volatile long *)mine;
        continue;
#endif
        pthread_mutex_unlock(&lock);
        sched_yield();
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[2];
    one_cpu();
    pthread_create(&thread[0], NULL, add, (void *)&counts.first);
    pthread_create(&thread[1], NULL, add, (void *)&counts.second);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
