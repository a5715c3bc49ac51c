/* SPDX-License-Identifier: MIT
 * probes/run/run_rows: which trials and which blocks count, on runs written by hand. */
#include "tests/test.h"
#include <stdbool.h>
#include <math.h>
#include "probes/run/run_internal.h"
#include "tests/probes.h"

enum { THREADS = 2, WINDOW_NS = 1000000 };

static volatile int stop;

/* Two threads after a trial that nothing disturbed. */
static struct run *run_by_hand(void)
{
    struct run *run = aligned_alloc(_Alignof(struct run), sizeof *run);
    assert_non_null(run);
    memset(run, 0, sizeof *run);
    run->threads = run->trial.threads = THREADS;
    run->trial.thread =
        aligned_alloc(_Alignof(struct trial_thread), THREADS * sizeof(struct trial_thread));
    run->result = calloc(THREADS, sizeof *run->result);
    assert_non_null(run->trial.thread);
    assert_non_null(run->result);
    memset(run->trial.thread, 0, THREADS * sizeof(struct trial_thread));
    run->trial.window_ns = run->overlap_ns = WINDOW_NS;
    for (unsigned i = 0; i < THREADS; i++)
        run->result[i] = (struct trial_result){.ops = 1000, .seconds = WINDOW_NS / 1e9};
    run->options.stop = &stop;
    run->canary.pairs = 1;
    stop = 0;
    return run;
}

static void run_end(struct run *run)
{
    free(run->trial.thread);
    free(run->result);
    free(run);
}

static void an_undisturbed_trial_counts(void **state)
{
    (void)state;
    struct run *run = run_by_hand();
    assert_string_equal(run_disturbance(run), "");
    run->overlap_ns = 0.6 * WINDOW_NS;
    run->result[1].stall_ns = 0.1 * WINDOW_NS; /* waited for its turn, not preempted */
    run->result[1].ops = 0;                    /* no attempt succeeded: that is a result */
    assert_string_equal(run_disturbance(run), "");
    run->options.stop = NULL;
    assert_string_equal(run_disturbance(run), "");
    run_end(run);
}

static void a_disturbed_trial_says_by_what(void **state)
{
    (void)state;
    struct run *run = run_by_hand();
    run->result[1].stall_ns = 0.3 * WINDOW_NS;
    assert_string_equal(run_disturbance(run), "stall");
    run->result[1].seconds = 0;
    assert_string_equal(run_disturbance(run), "no whole batch");
    run->overlap_ns = 0.4 * WINDOW_NS;
    assert_string_equal(run_disturbance(run), "threads did not overlap");
    run->trial.thread[1].count[EVENT_CONTEXT_SWITCHES] = 1;
    assert_string_equal(run_disturbance(run), "context switch");
    run->trial.thread[1].count[EVENT_MIGRATIONS] = 1;
    assert_string_equal(run_disturbance(run), "migration");
    stop = 1;
    assert_string_equal(run_disturbance(run), "interrupted");
    run_end(run);
}

/* Rows of an earlier block, then two of this one, of which the second was disturbed already. */
static struct samples three_rows(void)
{
    struct samples samples = {0};
    struct sample row;
    sample_clear(&row);
    row.accepted = 1;
    row.regime = 7;
    assert_int_equal(samples_push(&samples, &row), 0);
    row.regime = SAMPLE_NONE;
    assert_int_equal(samples_push(&samples, &row), 0);
    row.accepted = 0;
    row.reject_reason = "migration";
    assert_int_equal(samples_push(&samples, &row), 0);
    return samples;
}

static const struct canary_reading quiet = {.ns = {100}}, near = {.ns = {120}}, far = {.ns = {300}};

static void assert_block(const struct samples *samples, int accepted, const char *reason)
{
    const struct sample *row = samples->row;
    assert_int_equal(row[0].accepted, 1); /* not of this block */
    assert_int_equal(row[0].regime, 7);
    assert_true(isnan(row[0].canary_ns));
    assert_int_equal(row[1].accepted, accepted);
    assert_string_equal(row[1].reject_reason, reason);
    assert_int_equal(row[2].accepted, 0);
    assert_string_equal(row[2].reject_reason, "migration"); /* the first reason stays */
}

static void a_quiet_block_keeps_its_rows(void **state)
{
    (void)state;
    struct run *run = run_by_hand();
    struct samples samples = three_rows();
    run_close_block(run, &samples, 1, &quiet, &near, 0);
    assert_block(&samples, 1, "");
    assert_int_equal(samples.row[1].regime, 0);
    assert_true(samples.row[1].canary_ns == 100);
    assert_true(samples.row[1].canary_after_ns == 120);
    assert_true(samples.row[1].steal_ns == 0);
    samples_fini(&samples);
    run_end(run);
}

static void unknown_steal_is_no_steal(void **state)
{
    (void)state;
    struct run *run = run_by_hand();
    struct samples samples = three_rows();
    run_close_block(run, &samples, 1, &quiet, &quiet, NAN);
    assert_block(&samples, 1, "");
    assert_true(isnan(samples.row[1].steal_ns));
    samples_fini(&samples);
    run_end(run);
}

static void a_disturbed_block_loses_its_rows(void **state)
{
    (void)state;
    static const struct {
        const struct canary_reading *after;
        double steal_ns;
        int stop;
        const char *reason;
    } blocks[] = {{&far, 0, 0, "canary moved"}, {&far, 1e7, 0, "canary moved"},
        {&quiet, 1e7, 0, "stolen time"}, {&far, 1e7, 1, "interrupted"},
        {&quiet, 0, 1, "interrupted"}};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct run *run = run_by_hand();
        struct samples samples = three_rows();
        stop = blocks[i].stop;
        run_close_block(run, &samples, 1, &quiet, blocks[i].after, blocks[i].steal_ns);
        assert_block(&samples, 0, blocks[i].reason);
        assert_int_equal(samples.row[1].regime, SAMPLE_NONE);
        assert_true(samples.row[1].steal_ns == blocks[i].steal_ns);
        assert_int_equal(run->canary.regimes, 0); /* and names no regime */
        samples_fini(&samples);
        run_end(run);
    }
}

static int64_t regime_of(struct run *run, const struct canary_reading *reading)
{
    struct samples samples = three_rows();
    run_close_block(run, &samples, 1, reading, reading, 0);
    const int64_t regime = samples.row[1].regime;
    samples_fini(&samples);
    return regime;
}

static void regimes_are_told_apart_and_met_again(void **state)
{
    (void)state;
    struct run *run = run_by_hand();
    assert_int_equal(regime_of(run, &quiet), 0);
    assert_int_equal(regime_of(run, &far), 1);
    assert_int_equal(regime_of(run, &near), 0);
    assert_int_equal(regime_of(run, &far), 1);
    run_end(run);
}

static void more_regimes_than_labels_are_not_counted(void **state)
{
    (void)state;
    struct run *run = run_by_hand();
    int64_t regime = 0;
    double ns = 1;
    for (int i = 0; i < CANARY_REGIMES + 5; i++, ns *= 1.5)
        regime = regime_of(run, &(struct canary_reading){.ns = {ns}});
    assert_int_equal(regime, SAMPLE_NONE); /* never stretched: figures of two regimes do not mix */
    assert_int_equal(run->canary.regimes, CANARY_REGIMES);
    run_end(run);
}

static void one_cpu_has_no_canary_and_one_regime(void **state)
{
    (void)state;
    struct run *run = run_by_hand();
    struct samples samples = three_rows();
    run->canary.pairs = 0;
    run_close_block(run, &samples, 1, &quiet, &far, 0);
    assert_block(&samples, 1, "");
    assert_true(isnan(samples.row[1].canary_ns) && isnan(samples.row[1].canary_after_ns));
    assert_int_equal(samples.row[1].regime, 0);
    samples_fini(&samples);
    run_end(run);
}
