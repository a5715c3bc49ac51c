/* SPDX-License-Identifier: MIT
 * verdict: none
 * Rounds, divided by barriers: one thread writes, then each reads another part at the same time, as
 * the arguments of a parallel region. No access is at the same time as a write. */
#include <pthread.h>
#include <stdint.h>

enum { THREADS = 3, ROUNDS = 20000, READS = 20 };
static struct arguments {
    _Alignas(64) volatile uint64_t first;
    volatile uint64_t second[THREADS];
} arguments;
static pthread_barrier_t barrier;

static void *work(void *argument)
{
    const uintptr_t thread = (uintptr_t)argument;
    uint64_t sum = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        if (thread == 0)
            arguments.first = round;
        pthread_barrier_wait(&barrier);
        for (unsigned i = 0; i < READS; i++)
            sum += arguments.second[thread];
        pthread_barrier_wait(&barrier);
    }
    return (void *)(uintptr_t)sum;
}

int main(void)
{
    pthread_t thread[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
