/* SPDX-License-Identifier: MIT */
/* verdict: false-sharing
 * The second thread is libc's, which runs a timer's function. */
#include <semaphore.h>
#include <signal.h>
#include <time.h>

enum { WRITES = 3000000 };
static _Alignas(64) volatile long sum[2];
static sem_t started, done;

static void add(volatile long *number)
{
    while (*number < WRITES)
        ++*number;
}

static void on_timer(union sigval unused)
{
    (void)unused;
    sem_post(&started);
    add(&sum[1]);
    sem_post(&done);
}

int main(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = on_timer};
    const struct itimerspec soon = {.it_value = {.tv_nsec = 1000}};
    timer_t timer;
    sem_init(&started, 0, 0);
    sem_init(&done, 0, 0);
    sum[0] = 1; /* before the timer's thread: no hand-over */
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &soon, NULL);
    sem_wait(&started);
    add(&sum[0]);
    sem_wait(&done);
    return 0;
}
