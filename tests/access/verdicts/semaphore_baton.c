/* SPDX-License-Identifier: MIT */
/* verdict: none
 * A thread writes its part of a line, and lets another go on by a semaphore, which writes the other
 * part. */
#include <pthread.h>
#include <semaphore.h>

enum { WRITES = 300000 };
static _Alignas(64) struct {
    volatile long first, second;
} parts;
static _Alignas(256) sem_t done, seen;

static void *write_first(void *unused)
{
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
