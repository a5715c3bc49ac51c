/* SPDX-License-Identifier: MIT
 * Signals that reach threads before they have begun, while they work and while they end. Their
 * handlers use shared data but not the heap, on an alternate stack where there is one. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAKERS = 3, ROUNDS = 700, EACH = 2000, STACK = 16384 };
static volatile long lines[16][8] __attribute__((aligned(64)));
static long handled, kept;

static void on_signal(int number)
{
    const int before = errno;
    lines[number % 16][0]++;
    __atomic_fetch_add(&handled, 1, __ATOMIC_RELAXED);
    errno = before;
}

static void *work(void *argument)
{
    const long me = (long)argument;
    const stack_t own = {.ss_sp = malloc(STACK), .ss_size = STACK};
    if (sigaltstack(&own, NULL) != 0)
        abort();
    errno = 33;
    for (int i = 0; i < EACH; i++)
        lines[i % 16][me]++;
    if (errno == 33)
        __atomic_fetch_add(&kept, 1, __ATOMIC_RELAXED);
    const stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    free(own.ss_sp);
    return NULL;
}

static void *make(void *argument)
{
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, argument) != 0)
            abort();
        for (int i = 0; i < 20; i++)
            pthread_kill(thread, i % 2 ? SIGUSR1 : SIGUSR2);
        pthread_join(thread, NULL);
    }
    return NULL;
}

int main(void)
{
    pthread_t maker[MAKERS];
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &action, NULL);
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGUSR2, &action, NULL);
    for (long i = 0; i < MAKERS; i++)
        pthread_create(&maker[i], NULL, make, (void *)(i + 1));
    for (int i = 0; i < MAKERS; i++)
        pthread_join(maker[i], NULL);
    printf("%s, %ld kept errno\n", handled >= (long)MAKERS * ROUNDS ? "handled" : "missed", kept);
    return 8;
}
