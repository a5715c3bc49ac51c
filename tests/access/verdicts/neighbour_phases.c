/* SPDX-License-Identifier: MIT */
/* verdict: none
 * main writes its part of a line, and then creates the thread that writes the other part. Other
 * threads share the adjacent line all the while, which makes this one a neighbour. */
#include <pthread.h>
#include <stdatomic.h>

enum { WRITES = 3000000 };
static _Alignas(64) atomic_long shared;
static _Alignas(64) struct {
    volatile long first, second;
} parts;
static _Alignas(256) atomic_int running, stop;

static void *count(void *unused)
{
    for (running++; !stop;)
        shared++;
    return unused;
}

static void *write_second(void *unused)
{
    for (long i = 0; i < WRITES; i++)
        parts.second++;
    return unused;
}

int main(void)
{
    pthread_t counter[2], writer;
    for (int i = 0; i < 2; i++)
        pthread_create(&counter[i], NULL, count, NULL);
    while (running < 2)
        ;
    for (long i = 0; i < WRITES; i++)
        parts.first++;
    pthread_create(&writer, NULL, write_second, NULL);
    pthread_join(writer, NULL);
    stop = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(counter[i], NULL);
    return 0;
}
