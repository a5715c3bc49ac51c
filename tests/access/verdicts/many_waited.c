/* SPDX-License-Identifier: MIT */
/* verdict: false-sharing
 * Hundreds of threads have used a line, by a semaphore on it, before two more share it falsely. */
#include <pthread.h>
#include <semaphore.h>

enum { WAITERS = 400, WRITES = 300000 };
static _Alignas(64) struct {
    sem_t go;
    volatile long first, second;
} line;

static void *await(void *unused)
{
    sem_wait(&line.go);
    return unused;
}

static void *add(void *number)
{
    for (volatile long *n = number; *n < WRITES;)
        ++*n;
    return NULL;
}

int main(void)
{
    pthread_t waiter[WAITERS], first, second;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 16);
    sem_init(&line.go, 0, 0);
    for (int i = 0; i < WAITERS; i++)
        pthread_create(&waiter[i], &small, await, NULL);
    pthread_create(&first, NULL, add, (void *)&line.first);
    pthread_create(&second, NULL, add, (void *)&line.second);
    pthread_join(first, NULL);
    pthread_join(second, NULL);
    for (int i = 0; i < WAITERS; i++)
        sem_post(&line.go);
    for (int i = 0; i < WAITERS; i++)
        pthread_join(waiter[i], NULL);
    return 0;
}
