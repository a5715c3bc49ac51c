/* SPDX-License-Identifier: MIT
 * Threads of timers, one after the other: libc gives each the stack of the one before, and each
 * works on other bytes of the same lines there. */
#include "turns.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

enum { LINES = 64, LINE = 64, ROUNDS = 5000, TIMERS = 12 };
static struct turn worked[TIMERS];

static void work(union sigval timer)
{
    char array[LINES * LINE] __attribute__((aligned(LINE)));
    volatile char *line = array;
    __asm__ volatile("" : "+r"(line)); /* a local that no other function sees has no hooks */
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned i = 0; i < LINES; i++)
            line[i * LINE + 8 * (timer.sival_int % 4)]++;
    turn_give(&worked[timer.sival_int]);
}

int main(void)
{
    for (int i = 0; i < TIMERS; i++) {
        struct sigevent event = {.sigev_notify = SIGEV_THREAD,
            .sigev_notify_function = work,
            .sigev_value.sival_int = i};
        const struct itimerspec soon = {.it_value.tv_nsec = 1000000};
        timer_t timer;
        timer_create(CLOCK_MONOTONIC, &event, &timer);
        timer_settime(timer, 0, &soon, NULL);
        turn_await(&worked[i]);
        timer_delete(timer);
    }
    return 0;
}
