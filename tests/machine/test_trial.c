/* SPDX-License-Identifier: MIT
 * probes/trial/trial: real trials. The arithmetic of the common window is in
 * tests/unit/test_trial_window.c. */
#include "tests/test.h"

#include "probes/trial/trial.h"
#include "tests/probes.h"

#include <math.h>
#include <stdbool.h>

enum { THREADS_MAX = 2 };

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
