/* SPDX-License-Identifier: MIT
 * What a sample takes is measured once; how many there are, and our own time, all the time. */
#include "cli/watch/watch_budget.h"

#include "analysis/stats/stats.h"
#include "probes/watch/thread_clock.h"

#include <math.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double cpu_seconds(clockid_t clock)
{
    struct timespec t = {0, 0};
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The thread's time for always the same work. */
static double work_seconds(void)
{
    enum { STEPS = 500000 }; /* a millisecond or so */
    const double began = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
    for (volatile uint32_t i = 0; i < STEPS;)
        i = i + 1;
    return cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - began;
}

/* With samples and without. NaN: there were none. */
static int measure_pair(bool stacks, double *seconds, struct err *err)
{
    enum { FAST = 20000, MOST = 256 };
    struct thread_sample sample[MOST];
    struct thread_clock clock;
    uint64_t lost = 0;
    const int code = thread_clock_open((int)syscall(SYS_gettid), FAST, stacks, &clock, err);
    if (code)
        return code;
    const double with = work_seconds();
    const size_t count = thread_clock_read(&clock, sample, NULL, MOST, &lost);
    thread_clock_close(&clock);
    const double without = work_seconds(), samples = (double)count + (double)lost;
    *seconds = samples > 0 ? (with - without) / samples : (double)NAN;
    return 0;
}

int watch_budget_open(struct watch_budget *b, double most, bool stacks, struct err *err)
{
    enum { PAIRS = 9 };
    double pair[PAIRS];
    size_t pairs = 0;
    *b = (struct watch_budget){.most = most, .pace = 1};
    for (int i = 0; i < PAIRS; i++) {
        const int code = measure_pair(stacks, &pair[pairs], err);
        if (code)
            return code;
        pairs += !isnan(pair[pairs]);
    }
    b->sample_s = pairs ? fmax(0, stats_median_among(pair, pairs)) : 0;
    b->own_s = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    return 0;
}

/* Slowly up again, and at once down: what is over the limit cannot be given back. */
static double pace_for(const struct watch_budget *b)
{
    const double least = 0.02, up = 1.25;
    const double wanted = b->taken > 0 ? b->pace * b->most / b->taken : b->pace * up;
    return fmin(1, fmax(least, fmin(wanted, b->pace * up)));
}

void watch_budget_step(struct watch_budget *b, uint64_t samples, unsigned per_second)
{
    const double own_s = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    const double new = (double)(samples - b->samples), threads_s = new / per_second;
    const double taken_s = new * b->sample_s + own_s - b->own_s;
    b->taken = threads_s > 0 ? taken_s / threads_s : 0;
    b->taken_s += taken_s;
    b->threads_s += threads_s;
    b->samples = samples;
    b->own_s = own_s;
    if (b->most > 0)
        b->pace = pace_for(b);
}
