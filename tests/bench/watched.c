/* SPDX-License-Identifier: MIT
 * watched SECONDS THREADS: threads that count, each on lines of its own or (-DAPART=8) with others
 * on one. Prints the work of each quarter of a second for a second of their time on cpus, as
 * bench-watch wants it: the monotonic time, and the count. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#ifndef APART
#define APART 256
#endif
enum { MOST = 256 };
struct count {
    volatile long n;
} __attribute__((aligned(APART)));
static struct count count[MOST] __attribute__((aligned(256)));

static void *work(void *of)
{
    struct count *const mine = of;
    for (;;)
        mine->n++;
    return NULL;
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static long sum(int threads)
{
    long all = 0;
    for (int i = 0; i < threads; i++)
        all += count[i].n;
    return all;
}

int main(int argc, char **argv)
{
    const double end = seconds(CLOCK_MONOTONIC) + (argc > 1 ? atof(argv[1]) : 1);
    const int asked = argc > 2 ? atoi(argv[2]) : 2, threads = asked < MOST ? asked : MOST;
    for (int i = 0; i < threads; i++) {
        pthread_t id;
        if (pthread_create(&id, NULL, work, &count[i]))
            return 1;
    }
    long last = sum(threads);
    double ran = seconds(CLOCK_PROCESS_CPUTIME_ID);
    while (seconds(CLOCK_MONOTONIC) < end) {
        usleep(250000);
        const long now = sum(threads);
        const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        printf("%.3f %.6g\n", seconds(CLOCK_MONOTONIC), (double)(now - last) / (cpu - ran));
        fflush(stdout);
        last = now;
        ran = cpu;
    }
    return 0;
}
