/* SPDX-License-Identifier: MIT
 * Two threads, each with a private counter: both counters on one line, or with -DFIXED on a line
 * each. -DTRUE: one counter for both. -DKILL: ends by a signal. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

enum { ROUNDS = 1000000, LINE = 64 };
#ifdef FIXED
#define ALIGNED _Alignas(LINE)
#else
#define ALIGNED
#endif
static struct {
    ALIGNED volatile long count;
} counters[2] __attribute__((aligned(LINE)));

static void *work(void *argument)
{
    volatile long *count = argument;
    for (int i = 0; i < ROUNDS; i++) {
#ifdef TRUE
        __atomic_fetch_add(&counters[0].count, 1, __ATOMIC_RELAXED);
#else
        *count += 1;
#endif
    }
    return (void *)count;
}

int main(void)
{
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, work, (void *)&counters[i].count);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    printf("%ld\n", counters[0].count + counters[1].count);
#ifdef KILL
    fflush(stdout);
    raise(SIGKILL);
#endif
    return 3;
}
