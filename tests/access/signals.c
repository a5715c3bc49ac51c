/* SPDX-License-Identifier: MIT
 * Signals that interrupt every few thousand accesses, longjmp out of handlers, and forked children
 * that start threads and end by exit and by _exit. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 20, EACH = 100000 };
static volatile long hits, work_done[2];
static volatile sig_atomic_t stop;
static _Thread_local sigjmp_buf back;

static void on_alarm(int number)
{
    (void)number;
    hits++;
    work_done[0]++;
}

static void on_fault(int number)
{
    siglongjmp(back, number);
}

static void *work(void *argument)
{
    const long me = (long)argument;
    while (!stop) {
        errno = 77;
        work_done[me]++;
        if (errno != 77)
            abort();
        if (work_done[me] % EACH == 0 && sigsetjmp(back, 1) == 0)
            raise(SIGUSR1);
    }
    return NULL;
}

static void be_child(int i)
{
    pthread_t thread;
    stop = 0;
    pthread_create(&thread, NULL, work, (void *)1);
    for (int k = 0; k < EACH; k++)
        work_done[0]++;
    stop = 1;
    pthread_join(thread, NULL);
    if (i % 2)
        _exit(i);
    exit(i);
}

int main(void)
{
    pthread_t thread[2];
    const struct itimerval often = {{0, 300}, {0, 300}};
    signal(SIGALRM, on_alarm);
    signal(SIGUSR1, on_fault);
    setitimer(ITIMER_REAL, &often, NULL);
    for (long i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    for (int i = 0; i < CHILDREN; i++) {
        int status = 0;
        const pid_t child = fork();
        if (child == 0)
            be_child(i);
        while (waitpid(child, &status, 0) < 0)
            ;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != i)
            return 1;
    }
    stop = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    puts(hits > 10 ? "interrupted" : "not interrupted");
    return 0;
}
