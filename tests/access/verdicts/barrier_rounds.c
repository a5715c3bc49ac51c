/* SPDX-License-Identifier: MIT */
/* verdict: none
 * main writes its part of a line, hundreds of barriers pass, and then another thread writes the
 * other part. */
#include <pthread.h>

enum { WRITES = 300000, ROUNDS = 400 };
static _Alignas(64) struct {
    volatile long first, second;
} parts;
static pthread_barrier_t barrier;

static void pass_rounds(void)
{
    for (int i = 0; i < ROUNDS; i++)
        pthread_barrier_wait(&barrier);
}

static void *write_second(void *unused)
{
    pass_rounds();
    for (long i = 0; i < WRITES; i++)
        parts.second++;
    return unused;
}

int main(void)
{
    pthread_t writer;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&writer, NULL, write_second, NULL);
    for (long i = 0; i < WRITES; i++)
        parts.first++;
    pass_rounds();
    pthread_join(writer, NULL);
    return 0;
}
