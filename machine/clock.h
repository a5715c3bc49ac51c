/* SPDX-License-Identifier: MIT
 * The clock that measures: the cpu's counter when it runs at a constant rate, else
 * CLOCK_MONOTONIC_RAW. Its cost and its step are measured, since no shorter time can be
 * measured. */
#ifndef MACHINE_CLOCK_H
#define MACHINE_CLOCK_H

#include "base/arch/arch.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct clock {
    bool counter; /* false: CLOCK_MONOTONIC_RAW, whose tick is 1 ns */
    double ns_per_tick;
    double read_ns;       /* what a read between batches takes */
    double overhead_ns;   /* median of an empty begin/end pair */
    double resolution_ns; /* smallest step seen */
    struct {
        uint64_t raw_ns, ticks;
    } checked; /* both clocks, when they were last compared */
};

/* Takes some 12 ms, on a clock of 5 us a read 30 ms. Call it on a cpu that is going to be measured.
 */
void clock_calibrate(struct clock *clock);
/* Gives up the counter. */
void clock_use_kernel(struct clock *clock);
/* Whether the counter has kept pace with CLOCK_MONOTONIC_RAW since it was calibrated or last
 * checked; call it on the cpu that calibrated. 0, or -ESTALE with err: a virtual machine that was
 * moved to another host, whose counter has another value or rate. */
int clock_check(struct clock *clock, struct err *err);

static inline uint64_t clock_raw_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Between batches: cheap, unordered. */
static inline uint64_t clock_now(const struct clock *clock)
{
    return clock->counter ? arch_ticks() : clock_raw_ns();
}

/* Around a single op: ordered, see base/arch/arch.h. */
static inline uint64_t clock_begin(const struct clock *clock)
{
    return clock->counter ? arch_ticks_begin() : clock_raw_ns();
}

static inline uint64_t clock_end(const struct clock *clock)
{
    return clock->counter ? arch_ticks_end() : clock_raw_ns();
}

static inline double clock_ns(const struct clock *clock, uint64_t ticks)
{
    return (double)ticks * clock->ns_per_tick;
}

static inline uint64_t clock_ticks(const struct clock *clock, double ns)
{
    return (uint64_t)(ns / clock->ns_per_tick);
}

/* What lay between two reads of clock_now with `reads` - 1 others in between, without what they
 * took; never below 0. */
static inline double clock_elapsed_ns(const struct clock *clock, uint64_t ticks, uint64_t reads)
{
    const double ns = clock_ns(clock, ticks) - (double)reads * clock->read_ns;
    return ns > 0 ? ns : 0;
}

/* The shortest duration that may be timed alone: three times the step or the cost of an empty pair,
 * whichever is longer. */
static inline double clock_least_ns(const struct clock *clock)
{
    const double step = clock->resolution_ns, cost = clock->overhead_ns;
    return 3 * (step > cost ? step : cost);
}

#endif
