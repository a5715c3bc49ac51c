/* SPDX-License-Identifier: MIT */
/* verdict: none
 * On one cpu, two threads change two fields, each its own, but only with the lock that both take:
 * they never do so at the same time. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>

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
    cpu_set_t one;
    pthread_t thread[2];
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    pthread_create(&thread[0], NULL, add, (void *)&counts.first);
    pthread_create(&thread[1], NULL, add, (void *)&counts.second);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
