/* SPDX-License-Identifier: MIT
 * machine/clock: the calibrated clock against CLOCK_MONOTONIC_RAW. */
#include "tests/test.h"

#include "machine/clock.h"
#include "probes/trial/trial.h"
#include "tests/probes.h"

#include <math.h>
#include <stdbool.h>

enum { SPAN_NS = 50 * 1000 * 1000, TRIES = 10 };

static struct clock calibrated(void)
{
    struct clock clock;
    clock_calibrate(&clock);
    return clock;
}

/* Relative error over one span, the two readings not taken at quite the same time. */
static double error_over_span(const struct clock *clock)
{
    const uint64_t raw = clock_raw_ns(), tick = clock_now(clock);
    nanosleep(&(struct timespec){.tv_nsec = SPAN_NS}, NULL);
    const uint64_t raw_end = clock_raw_ns(), tick_end = clock_now(clock);
    return fabs(clock_ns(clock, tick_end - tick) / (double)(raw_end - raw) - 1);
}

/* The machine may run somebody else between two readings; not every time. */
static void rate_is_the_kernels(void **state)
{
    (void)state;
    double least = INFINITY;
    for (int i = 0; i < TRIES && least > 0.01; i++) {
        const struct clock clock = calibrated();
        least = fmin(least, error_over_span(&clock));
    }
    assert_true(least <= 0.01);
}

/* A counter may be so coarse that most empty pairs fall within one tick: then the pair costs 0. */
static void cost_and_step_are_measured(void **state)
{
    (void)state;
    const struct clock clock = calibrated();
    assert_true(clock.ns_per_tick > 0);
    assert_true(clock.overhead_ns > 0 || (clock.overhead_ns == 0 && clock.ns_per_tick > 5));
    assert_true(clock.resolution_ns > 0);
    assert_true(clock.resolution_ns >= clock.ns_per_tick * 0.999);
    assert_true(clock_least_ns(&clock) >= 3 * clock.resolution_ns);
    assert_true(clock_least_ns(&clock) >= 3 * clock.overhead_ns);
}

static void time_goes_on(void **state)
{
    (void)state;
    const struct clock clock = calibrated();
    uint64_t last = clock_begin(&clock);
    for (int i = 0; i < 1000; i++) {
        const uint64_t now = i % 2 ? clock_end(&clock) : clock_begin(&clock);
        assert_true(now >= last);
        last = now;
    }
}

static void ticks_and_ns_convert(void **state)
{
    (void)state;
    const struct clock half = {.counter = true, .ns_per_tick = 0.5};
    assert_true(clock_ns(&half, 10) == 5);
    assert_int_equal(clock_ticks(&half, 5), 10);
    assert_int_equal(clock_ticks(&half, 0), 0);
    const struct clock least = {.overhead_ns = 20, .resolution_ns = 10};
    assert_true(clock_least_ns(&least) == 60);
}

static void raw_clock_stands_in(void **state)
{
    (void)state;
    const struct clock raw = {.ns_per_tick = 1};
    const uint64_t before = clock_raw_ns(), now = clock_now(&raw), after = clock_raw_ns();
    assert_true(before <= now && now <= after);
    assert_true(clock_end(&raw) >= clock_begin(&raw) - 1000000000u);
}

static double time_steps(const struct clock *clock, uint64_t steps)
{
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < 50; i++) {
        const uint64_t before = clock_begin(clock);
        const uint64_t x = op_work(steps, before | 1);
        __asm__ volatile("" ::"r"(x));
        const uint64_t took = clock_end(clock) - before;
        least = took < least ? took : least;
    }
    return clock_ns(clock, least);
}

static void gap_steps_grow_with_the_gap(void **state)
{
    (void)state;
    const struct clock clock = calibrated();
    assert_int_equal(trial_gap_steps(trial_steps_a_ns(&clock), 0), 0);
    assert_int_equal(trial_gap_steps(trial_steps_a_ns(&clock), -1), 0);
    assert_int_equal(trial_gap_steps(trial_steps_a_ns(&clock), 1e-6), 1);
    for (int i = 0;; i++) { /* the cpu may change its speed between two measurements */
        const double one = (double)trial_gap_steps(trial_steps_a_ns(&clock), 10000);
        const double ten = (double)trial_gap_steps(trial_steps_a_ns(&clock), 100000);
        if (ten > 5 * one && ten < 20 * one)
            break;
        assert_true(i < TRIES);
    }
}

/* A shape, no figure: 100 us of work takes longer than 10 us, and at least about half of itself. */
static void gap_steps_take_their_time(void **state)
{
    (void)state;
    const struct clock clock = calibrated();
    for (int i = 0;; i++) {
        const double short_ns = time_steps(&clock, trial_gap_steps(trial_steps_a_ns(&clock), 1e4));
        const double long_ns = time_steps(&clock, trial_gap_steps(trial_steps_a_ns(&clock), 1e5));
        if (long_ns > 2 * short_ns && long_ns > 0.5e5)
            break;
        assert_true(i < TRIES);
    }
}
