/* SPDX-License-Identifier: MIT
 * Handlers leave by siglongjmp whatever they have interrupted, even the runtime while it changes a
 * line_stat; each thread's own timer fires every 100 microseconds. Accesses after that must be seen
 * as before. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif
enum { THREADS = 4, JUMPS = 400, LINES = 64, AFTER = 200000 };
static volatile long lines[LINES][8] __attribute__((aligned(64)));
static volatile long after[8] __attribute__((aligned(64)));
static _Thread_local sigjmp_buf back;
static _Thread_local volatile sig_atomic_t armed;

static void on_timer(int number)
{
    if (!armed)
        return;
    armed = 0;
    siglongjmp(back, number);
}

static void start_timer(timer_t *timer)
{
    const struct itimerspec often = {{0, 100000}, {0, 100000}};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1};
    event.sigev_notify_thread_id = gettid();
    timer_create(CLOCK_MONOTONIC, &event, timer);
    timer_settime(*timer, 0, &often, NULL);
}

static void *work(void *argument)
{
    volatile long jumps = 0;
    timer_t timer;
    start_timer(&timer);
    if (sigsetjmp(back, 1))
        jumps++;
    if (jumps < JUMPS) {
        armed = 1;
        for (unsigned i = 0;; i++)
            lines[i % LINES][(long)argument]++;
    }
    timer_delete(timer);
    for (int i = 0; i < AFTER; i++)
        after[(long)argument]++;
    return (void *)jumps;
}

int main(void)
{
    pthread_t thread[THREADS];
    long jumps = 0;
    signal(SIGUSR1, on_timer);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(thread[i], &result);
        jumps += (long)result;
    }
    printf("%ld\n", jumps);
    return 6;
}
