/* SPDX-License-Identifier: MIT
 * Threads with the smallest stack that is allowed create threads, allocate, and handle signals on a
 * usual stack. Threads are created by C11's calls as well. */
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>
#include <unistd.h>

enum { THREADS = 4, EACH = 20000 };
static volatile long counts[8] __attribute__((aligned(64)));
static long handled;

static void on_signal(int number)
{
    counts[7] += number;
    __atomic_fetch_add(&handled, 1, __ATOMIC_RELAXED);
}

static int count_c11(void *argument)
{
    for (int i = 0; i < EACH; i++)
        counts[(long)argument]++;
    return 3;
}

static void *count(void *argument)
{
    const size_t bytes = (size_t)sysconf(_SC_SIGSTKSZ);
    const stack_t own = {.ss_sp = malloc(bytes), .ss_size = bytes};
    thrd_t inner;
    int result = 0;
    sigaltstack(&own, NULL);
    if (thrd_create(&inner, count_c11, argument) != thrd_success)
        return NULL;
    for (int i = 0; i < 100; i++) {
        raise(SIGUSR1);
        counts[(long)argument]++;
    }
    thrd_join(inner, &result);
    const stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    free(own.ss_sp);
    return (void *)(long)result;
}

int main(void)
{
    pthread_t thread[THREADS];
    pthread_attr_t smallest;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    long sum = 0;
    sigaction(SIGUSR1, &action, NULL);
    pthread_attr_init(&smallest);
    pthread_attr_setstacksize(&smallest, (size_t)sysconf(_SC_THREAD_STACK_MIN));
    for (long i = 0; i < THREADS; i++)
        if (pthread_create(&thread[i], &smallest, count, (void *)i) != 0)
            return 1;
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(thread[i], &result);
        sum += (long)result;
    }
    printf("%ld %ld\n", sum, handled);
    return 12;
}
