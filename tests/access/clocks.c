/* SPDX-License-Identifier: MIT
 * The calls that take a clock, which C++ uses for wait_for: two threads wait for a condition that
 * no thread signals, lock private mutexes on one line, and a join ends their phase. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { ROUNDS = 20000, WAITS = 2000, THREADS = 2 };
static struct {
    long waits, more;
} places[4] __attribute__((aligned(64)));
static pthread_mutex_t locked[THREADS] __attribute__((aligned(64)));
static pthread_mutex_t waiting[THREADS] __attribute__((aligned(64)));
static pthread_cond_t condition __attribute__((aligned(64))) = PTHREAD_COND_INITIALIZER;

static struct timespec after(long ns)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += ns;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

static int wait_in_vain(pthread_mutex_t *mutex)
{
    const struct timespec now = after(0);
    int over = 0;
    pthread_mutex_lock(mutex);
    for (int i = 0; i < WAITS; i++)
        over += pthread_cond_clockwait(&condition, mutex, CLOCK_MONOTONIC, &now) == ETIMEDOUT;
    pthread_mutex_unlock(mutex);
    return over;
}

static void *work(void *argument)
{
    pthread_mutex_t *mutex = argument;
    const struct timespec late = after(999999999);
    const int over = wait_in_vain(&waiting[mutex - locked]);
    for (int i = 0; i < ROUNDS; i++) {
        if (pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &late))
            return NULL;
        pthread_mutex_unlock(mutex);
    }
    places[mutex - locked].waits = over;
    return over == WAITS ? argument : NULL;
}

int main(void)
{
    pthread_t thread[THREADS];
    int ended = 0;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, work, &locked[i]);
    for (int i = 0; i < THREADS; i++) {
        const struct timespec late = after(999999999);
        void *result = NULL;
        while (pthread_clockjoin_np(thread[i], &result, CLOCK_MONOTONIC, &late))
            ;
        ended += result == &locked[i];
    }
    for (int i = 0; i < ROUNDS; i++)
        places[i % 4].more++;
    printf("%d %ld\n", ended, places[0].more);
    return 0;
}
