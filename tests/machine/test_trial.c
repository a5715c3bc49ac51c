/* SPDX-License-Identifier: MIT
 * probes/trial/trial: the arithmetic of the common window on stamps written by hand, and real
 * trials. */
#include "tests/test.h"

#include "probes/trial/trial.h"
#include "tests/probes.h"

#include <math.h>
#include <stdbool.h>

enum { THREADS_MAX = 2, PER_BATCH = 10 };

static const struct clock ns_clock = {.ns_per_tick = 1};

static struct trial_thread *threads_new(unsigned count)
{
    struct trial_thread *t =
        aligned_alloc(_Alignof(struct trial_thread), count * sizeof(struct trial_thread));
    assert_non_null(t);
    memset(t, 0, count * sizeof *t);
    return t;
}

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

/* A trial on this machine, each thread on a word of its own. */
struct bench {
    word words[THREADS_MAX * 64];
    struct here here;
    struct clock clock;
    struct crew *crew;
    struct trial trial;
};

static struct bench *bench_new(const char *op, unsigned threads)
{
    struct bench *b = aligned_alloc(_Alignof(struct bench), sizeof *b);
    struct err err = {0};
    unsigned cpu[THREADS_MAX];
    assert_non_null(b);
    memset(b, 0, sizeof *b);
    b->here = here_open(NULL);
    clock_calibrate(&b->clock);
    b->trial = (struct trial){.thread = threads_new(threads),
        .threads = here_cpus(&b->here, cpu, threads),
        .clock = &b->clock,
        .window_ns = TRIAL_WINDOW_NS,
        .batch_ns = trial_batch_ns(TRIAL_WINDOW_NS, b->clock.read_ns)};
    if (crew_new(b->here.machine, cpu, b->trial.threads, &b->crew, &err))
        fail_msg("%s", err.text);
    for (unsigned i = 0; i < b->trial.threads; i++) {
        struct trial_thread *t = &b->trial.thread[i];
        t->loops = op_find(op)->first;
        t->worker = (struct worker){
            .own = &b->words[64 * i], .clock = &b->clock, .histogram = &t->histogram};
    }
    return b;
}

static void bench_free(struct bench *b)
{
    crew_free(b->crew);
    here_close(&b->here);
    free(b->trial.thread);
    free(b);
}

static unsigned cpus_here(void)
{
    struct here h = here_open(NULL);
    unsigned cpu[THREADS_MAX];
    const unsigned n = here_cpus(&h, cpu, THREADS_MAX);
    here_close(&h);
    return n;
}

/* Stamps ascend, and what was counted was done: the word holds it, and what the warm-up added. */
static void assert_sound(struct bench *b)
{
    struct trial_result r[THREADS_MAX];
    const double overlap = trial_results(&b->trial, r);
    for (unsigned i = 0; i < b->trial.threads; i++) {
        const struct trial_thread *t = &b->trial.thread[i];
        const uint64_t done = atomic_load(t->worker.own);
        assert_true(t->stamps >= 2 && t->stamps <= TRIAL_STAMPS);
        for (unsigned s = 1; s < t->stamps; s++) {
            assert_true(t->stamp[s].tick >= t->stamp[s - 1].tick);
            assert_true(t->stamp[s].ops > t->stamp[s - 1].ops);
        }
        assert_true(done >= t->stamp[t->stamps - 1].ops);
        assert_true(r[i].ops <= done);
        assert_true(r[i].seconds * 1e9 <= overlap * 1.000001);
        assert_true(t->counted_ops >= t->stamp[t->stamps - 1].ops);
    }
}

static void trial_counts_what_was_done(void **state)
{
    (void)state;
    struct bench *b = bench_new("add", 1);
    trial_run(&b->trial, b->crew);
    struct trial_result r;
    assert_true(trial_results(&b->trial, &r) > 0);
    assert_true(r.ops > 0);
    assert_sound(b);
    assert_false(b->trial.thread[0].timed);
    bench_free(b);
}

static void two_threads_count_what_they_did(void **state)
{
    (void)state;
    if (cpus_here() < 2)
        SKIP_BECAUSE("one cpu only");
    struct bench *b = bench_new("add", 2);
    for (int i = 0; i < 5; i++) {
        trial_run(&b->trial, b->crew);
        assert_sound(b);
    }
    bench_free(b);
}

/* The batch before the window, from which its ops are interpolated, is not in what was counted. */
static void what_waits_counts_its_window_only(void **state)
{
    (void)state;
    struct bench *b = bench_new("add", 1);
    b->trial.waits = true;
    trial_run(&b->trial, b->crew);
    const struct trial_thread *const t = &b->trial.thread[0];
    assert_true(t->stamp[1].ops > 0);
    if (t->stamps < TRIAL_STAMPS)
        assert_int_equal(t->counted_ops, t->stamp[t->stamps - 1].ops - t->stamp[1].ops);
    bench_free(b);
}

static void two_threads_on_one_word_lose_nothing(void **state)
{
    (void)state;
    if (cpus_here() < 2)
        SKIP_BECAUSE("one cpu only");
    struct bench *b = bench_new("add", 2);
    b->trial.thread[1].worker.own = b->trial.thread[0].worker.own;
    trial_run(&b->trial, b->crew);
    struct trial_result r[2];
    trial_results(&b->trial, r);
    const uint64_t stamped = b->trial.thread[0].stamp[b->trial.thread[0].stamps - 1].ops +
                             b->trial.thread[1].stamp[b->trial.thread[1].stamps - 1].ops;
    assert_true(atomic_load(b->trial.thread[0].worker.own) >= stamped);
    assert_true(r[0].ops + r[1].ops <= stamped);
    bench_free(b);
}

/* A sum over so many shards that any clock can time it. */
static void sum_many(struct bench *b)
{
    static word *all[1 << 14];
    struct trial_thread *t = &b->trial.thread[0];
    const unsigned shards = sizeof all / sizeof *all;
    for (unsigned i = 0; i < shards; i++)
        all[i] = t->worker.own;
    t->loops = op_find("size")->second;
    t->worker.all = all;
    t->worker.shards = shards;
}

static void latency_fills_the_histogram(void **state)
{
    (void)state;
    struct bench *b = bench_new("size", 1);
    sum_many(b);
    b->trial.latency = true;
    for (int gapped = 0; gapped < 2; gapped++) {
        b->trial.thread[0].worker.gap =
            gapped ? trial_gap_steps(trial_steps_a_ns(&b->clock), 1000) : 0;
        trial_run(&b->trial, b->crew);
        assert_true(b->trial.thread[0].timed);
        assert_true(b->trial.thread[0].histogram.count > 0);
    }
    bench_free(b);
}

/* The clock sees the op alone, however long the work between two of them is. */
static void a_gap_makes_no_op_long_enough_to_time(void **state)
{
    (void)state;
    struct bench *b = bench_new("load", 1);
    b->trial.latency = true;
    b->clock.overhead_ns = 1000; /* of a poor clock: the least it can time is 3 us */
    b->trial.thread[0].worker.gap = trial_gap_steps(trial_steps_a_ns(&b->clock), 30000);
    trial_run(&b->trial, b->crew);
    assert_false(b->trial.thread[0].timed);
    bench_free(b);
}

static void a_trial_begins_with_an_empty_histogram(void **state)
{
    (void)state;
    struct bench *b = bench_new("load", 1);
    b->trial.latency = true;
    b->clock.overhead_ns = 1e12; /* then nothing can be timed */
    histogram_record(&b->trial.thread[0].histogram, 1);
    trial_run(&b->trial, b->crew);
    assert_false(b->trial.thread[0].timed);
    assert_int_equal(b->trial.thread[0].histogram.count, 0);
    bench_free(b);
}
