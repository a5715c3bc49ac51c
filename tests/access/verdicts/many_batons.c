/* SPDX-License-Identifier: MIT */
/* verdict: none
 * Thousands of semaphores come and go, each at another address, before one orders what its two
 * sides do. */
#include <pthread.h>
#include <semaphore.h>

enum { EARLIER = 3000, WRITES = 300000 };
static _Alignas(64) struct {
    volatile long first, second;
} parts;
static _Alignas(256) sem_t earlier[EARLIER];
static _Alignas(256) sem_t done, seen;

static void *write_first(void *unused)
{
    for (int i = 0; i < EARLIER; i++) {
        sem_init(&earlier[i], 0, 0);
        sem_post(&earlier[i]);
        sem_destroy(&earlier[i]);
    }
    for (long i = 0; i < WRITES; i++)
        parts.first++;
    sem_post(&done);
    sem_wait(&seen);
    return unused;
}

int main(void)
{
    pthread_t writer;
    sem_init(&done, 0, 0);
    sem_init(&seen, 0, 0);
    pthread_create(&writer, NULL, write_first, NULL);
    sem_wait(&done);
    for (long i = 0; i < WRITES; i++)
        parts.second++;
    sem_post(&seen);
    pthread_join(writer, NULL);
    return 0;
}
