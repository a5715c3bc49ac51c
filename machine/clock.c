/* SPDX-License-Identifier: MIT
 * Choosing and calibrating the clock. */
#include "machine/clock.h"

#include "base/compare.h"
#include "machine/system/sysfile.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS = 1001, RUNS = 65, RUN_READS = 16, SETTLE_NS = 10 * 1000 * 1000 };

/* The kernel uses one of these instead of the cpu's counter only when it found that the counter
 * runs unevenly. */
static bool kernel_trusts_counter(void)
{
    static const char *const slow[] = {"hpet", "acpi_pm", "jiffies", "refined-jiffies"};
    char name[32];
    if (!sysfile_read("", "/sys/devices/system/clocksource/clocksource0/current_clocksource", name,
            sizeof name))
        return true;
    for (size_t i = 0; i < sizeof slow / sizeof *slow; i++)
        if (strcmp(name, slow[i]) == 0)
            return false;
    return true;
}

/* One reading of both clocks, as close together as a few tries give: an interrupt between the two
 * reads would bend the rate. */
static void read_both(uint64_t *raw_ns, uint64_t *ticks)
{
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < 16; i++) {
        const uint64_t t0 = arch_ticks_begin(), raw = clock_raw_ns(), t1 = arch_ticks_end();
        if (t1 - t0 >= best)
            continue;
        best = t1 - t0;
        *raw_ns = raw;
        *ticks = t0 + (t1 - t0) / 2;
    }
}

static double measure_rate(void)
{
    uint64_t raw0 = 0, raw1 = 0, ticks0 = 0, ticks1 = 0;
    read_both(&raw0, &ticks0);
    nanosleep(&(struct timespec){.tv_nsec = SETTLE_NS}, NULL);
    read_both(&raw1, &ticks1);
    return ticks1 > ticks0 ? (double)(raw1 - raw0) / (double)(ticks1 - ticks0) : 0;
}

static void measure_pairs(struct clock *clock)
{
    int64_t pair[PAIRS];
    uint64_t step = UINT64_MAX, last = clock_now(clock);
    for (int i = 0; i < PAIRS; i++) {
        const uint64_t t = clock_begin(clock);
        pair[i] = (int64_t)(clock_end(clock) - t);
        if (t > last && t - last < step)
            step = t - last;
        last = t;
        for (uint64_t u = clock_now(clock); u != last && u - last < step; last = u)
            step = u - last;
    }
    qsort(pair, PAIRS, sizeof *pair, order_ints);
    clock->overhead_ns = clock_ns(clock, (uint64_t)pair[PAIRS / 2]);
    clock->resolution_ns = step == UINT64_MAX ? clock->overhead_ns : clock_ns(clock, step);
}

/* Over runs of reads, since one read may be shorter than the clock's step. */
static double measure_read(const struct clock *clock)
{
    int64_t run[RUNS];
    for (int i = 0; i < RUNS; i++) {
        const uint64_t before = clock_now(clock);
        uint64_t last = before;
        for (int k = 0; k < RUN_READS; k++)
            last = clock_now(clock);
        run[i] = (int64_t)(last - before);
    }
    qsort(run, RUNS, sizeof *run, order_ints);
    return clock_ns(clock, (uint64_t)run[RUNS / 2]) / RUN_READS;
}

void clock_use_kernel(struct clock *clock)
{
    *clock = (struct clock){.ns_per_tick = 1};
    measure_pairs(clock);
    clock->read_ns = measure_read(clock);
}

void clock_calibrate(struct clock *clock)
{
    const double rate = arch_has_ticks() && kernel_trusts_counter() ? measure_rate() : 0;
    if (rate <= 0) {
        clock_use_kernel(clock);
        return;
    }
    *clock = (struct clock){.counter = true, .ns_per_tick = rate};
    measure_pairs(clock);
    clock->read_ns = measure_read(clock);
    read_both(&clock->checked.raw_ns, &clock->checked.ticks);
}

int clock_check(struct clock *clock, struct err *err)
{
    /* The rate was measured to far better than that, and two readings lie closer together. */
    const double share = 0.01, slack_ns = 1e5;
    uint64_t raw_ns = 0, ticks = 0;
    if (!clock->counter)
        return 0;
    read_both(&raw_ns, &ticks);
    const double kernel_ns = (double)(raw_ns - clock->checked.raw_ns);
    const double counter_ns = (double)(int64_t)(ticks - clock->checked.ticks) * clock->ns_per_tick;
    clock->checked.raw_ns = raw_ns;
    clock->checked.ticks = ticks;
    if (fabs(counter_ns - kernel_ns) <= share * kernel_ns + slack_ns)
        return 0;
    return err_set(err, -ESTALE,
        "the cpu's counter jumped or changed its rate: %.4g s by it in %.4g s, as when a virtual "
        "machine moves to another host; what was measured before it counts; run it again",
        counter_ns / 1e9, kernel_ns / 1e9);
}
