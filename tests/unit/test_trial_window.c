/* SPDX-License-Identifier: MIT
 * probes/trial/trial: what counts of stamps that were made by hand. */
#include "tests/test.h"

#include "probes/trial/trial.h"
#include "tests/probes.h"

#include <math.h>
#include <stdbool.h>

enum { THREADS_MAX = 2, PER_BATCH = 10 };

static const struct clock ns_clock = {.ns_per_tick = 1};

/* Batches of PER_BATCH ops that end at these ticks; the first tick is where the thread began. */
static void stamp(struct trial_thread *t, unsigned count, const uint64_t *tick)
{
    t->stamps = count;
    for (unsigned i = 0; i < count; i++)
        t->stamp[i] = (struct stamp){.tick = tick[i], .ops = (uint64_t)i * PER_BATCH};
}

#define STAMP(thread, ...)                                                                         \
    stamp(thread, sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), (uint64_t[]){__VA_ARGS__})

static struct trial by_hand(struct trial_thread *thread, unsigned threads)
{
    return (struct trial){
        .thread = thread, .threads = threads, .clock = &ns_clock, .window_ns = 1000};
}

static void one_thread_counts_whole(void **state)
{
    (void)state;
    struct trial_thread *t = threads_new(1);
    STAMP(t, 100, 200, 300, 400);
    const struct trial trial = by_hand(t, 1);
    struct trial_result r;
    assert_true(trial_results(&trial, &r) == 300);
    assert_int_equal(r.ops, 3 * PER_BATCH);
    assert_true(fabs(r.seconds - 300e-9) < 1e-15);
    assert_true(r.stall_ns == 0);
    free(t);
}

static void only_the_common_window_counts(void **state)
{
    (void)state;
    struct trial_thread *t = threads_new(2);
    STAMP(&t[0], 100, 200, 300, 400, 500);
    STAMP(&t[1], 250, 350, 450, 550, 650);
    const struct trial trial = by_hand(t, 2);
    struct trial_result r[2];
    assert_true(trial_results(&trial, r) == 250); /* from 250 to 500 */
    assert_int_equal(r[0].ops, 2 * PER_BATCH);    /* 300 to 500 */
    assert_true(fabs(r[0].seconds - 200e-9) < 1e-15);
    assert_int_equal(r[1].ops, 2 * PER_BATCH); /* 250 to 450 */
    assert_true(fabs(r[1].seconds - 200e-9) < 1e-15);
    free(t);
}

static void a_batch_across_the_edge_is_cut_off(void **state)
{
    (void)state;
    struct trial_thread *t = threads_new(2);
    STAMP(&t[0], 0, 1000);
    STAMP(&t[1], 100, 150, 600, 950);
    const struct trial trial = by_hand(t, 2);
    struct trial_result r[2];
    assert_true(trial_results(&trial, r) == 850);
    assert_int_equal(r[0].ops, 0); /* its only batch began before and ended after */
    assert_true(r[0].seconds == 0);
    assert_int_equal(r[1].ops, 3 * PER_BATCH);
    free(t);
}

static void without_overlap_nothing_counts(void **state)
{
    (void)state;
    struct trial_thread *t = threads_new(2);
    STAMP(&t[0], 100, 200, 300);
    STAMP(&t[1], 300, 400, 500);
    const struct trial trial = by_hand(t, 2);
    struct trial_result r[2] = {{.ops = 9}, {.ops = 9}};
    assert_true(trial_results(&trial, r) == 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(r[i].ops, 0);
        assert_true(r[i].seconds == 0 && r[i].stall_ns == 0);
    }
    free(t);
}

static void a_thread_that_only_began_overlaps_nobody(void **state)
{
    (void)state;
    struct trial_thread *t = threads_new(2);
    STAMP(&t[0], 100, 200, 300);
    STAMP(&t[1], 150);
    const struct trial trial = by_hand(t, 2);
    struct trial_result r[2];
    assert_true(trial_results(&trial, r) == 0);
    assert_int_equal(r[0].ops, 0);
    free(t);
}

static void a_stall_is_the_longest_beyond_the_median(void **state)
{
    (void)state;
    struct trial_thread *t = threads_new(2);
    STAMP(&t[0], 0, 10, 20, 30, 530, 540, 550);
    STAMP(&t[1], 0, 100, 200, 300, 400, 500, 600);
    const struct trial trial = by_hand(t, 2);
    struct trial_result r[2];
    trial_results(&trial, r);
    assert_true(r[0].stall_ns == 490);
    assert_true(r[1].stall_ns == 0);
    free(t);
}

/* Outside the common window nobody else was measured with it. */
static void a_stall_outside_the_window_is_none(void **state)
{
    (void)state;
    struct trial_thread *t = threads_new(2);
    STAMP(&t[0], 0, 500, 510, 520, 530, 540);
    STAMP(&t[1], 505, 515, 525, 535, 545);
    const struct trial trial = by_hand(t, 2);
    struct trial_result r[2];
    trial_results(&trial, r);
    assert_true(r[0].stall_ns == 0);
    free(t);
}

static void ticks_become_seconds(void **state)
{
    (void)state;
    static const struct clock slow = {.counter = true, .ns_per_tick = 40};
    struct trial_thread *t = threads_new(1);
    STAMP(t, 0, 10, 60);
    struct trial trial = by_hand(t, 1);
    trial.clock = &slow;
    struct trial_result r;
    assert_true(trial_results(&trial, &r) == 2400);
    assert_true(fabs(r.seconds - 2400e-9) < 1e-15);
    assert_true(r.stall_ns == 0); /* of two batches the median is the longer one */
    free(t);
}

/* As short as they were, where the clock allows it; else longer, but never less than a few to a
 * window that a scheduler lets pass. */
static void a_slow_clock_gets_longer_batches(void **state)
{
    (void)state;
    double last_ns = 0;
    assert_true(trial_window_ns(20) == TRIAL_WINDOW_NS);
    for (double read_ns = 1; read_ns < 1e5; read_ns *= 2) {
        const double window_ns = trial_window_ns(read_ns);
        const double batch_ns = trial_batch_ns(window_ns, read_ns);
        assert_true(batch_ns >= last_ns);
        assert_true(window_ns >= TRIAL_WINDOW_NS && window_ns <= TRIAL_WINDOW_MOST_NS);
        assert_true(batch_ns * TRIAL_BATCHES_MIN <= window_ns);
        assert_true(batch_ns >= read_ns * TRIAL_READS_APART || window_ns == TRIAL_WINDOW_MOST_NS);
        last_ns = batch_ns;
    }
}

static void the_reads_between_stamps_are_subtracted(void **state)
{
    (void)state;
    static const struct clock slow = {.ns_per_tick = 1, .read_ns = 40};
    struct trial_thread *t = threads_new(1);
    STAMP(t, 0, 100, 200, 300);
    struct trial trial = by_hand(t, 1);
    trial.clock = &slow;
    struct trial_result r;
    trial_results(&trial, &r);
    assert_true(fabs(r.seconds - 180e-9) < 1e-15); /* three of 100 less 40 */
    free(t);
}
