/* SPDX-License-Identifier: MIT
 * probes/trial/stage and block: which trials and which blocks count, on stages written by hand. */
#include "probes/trial/block.h"
#include "tests/probes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

enum { THREADS = 2 };

static volatile int stop;

/* Two threads after a trial that nothing disturbed. */
static struct stage *stage_by_hand(void)
{
    struct stage *stage = aligned_alloc(_Alignof(struct stage), sizeof *stage);
    assert_non_null(stage);
    memset(stage, 0, sizeof *stage);
    stage->threads = stage->trial.threads = THREADS;
    stage->trial.thread =
        aligned_alloc(_Alignof(struct trial_thread), THREADS * sizeof(struct trial_thread));
    stage->result = calloc(THREADS, sizeof *stage->result);
    assert_non_null(stage->trial.thread);
    assert_non_null(stage->result);
    memset(stage->trial.thread, 0, THREADS * sizeof(struct trial_thread));
    stage->trial.window_ns = stage->overlap_ns = TRIAL_WINDOW_NS;
    for (unsigned i = 0; i < THREADS; i++)
        stage->result[i] = (struct trial_result){.ops = 1000, .seconds = TRIAL_WINDOW_NS / 1e9};
    stage->stop = &stop;
    stage->canary.pairs = 1;
    stop = 0;
    return stage;
}

static void stage_end(struct stage *stage)
{
    free(stage->trial.thread);
    free(stage->result);
    free(stage);
}

static void close_block(struct stage *stage, struct samples *samples,
    const struct canary_reading *before, const struct canary_reading *after, double steal_ns)
{
    const struct block_end end = {.before = before, .after = after, .steal_ns = steal_ns};
    block_close(stage, samples, 1, &end);
}

static void an_undisturbed_trial_counts(void **state)
{
    (void)state;
    struct stage *stage = stage_by_hand();
    assert_string_equal(stage_disturbance(stage), "");
    stage->overlap_ns = 0.6 * TRIAL_WINDOW_NS;
    stage->result[1].stall_ns = 0.1 * TRIAL_WINDOW_NS; /* waited for its turn, not preempted */
    stage->result[1].ops = 0;                          /* no attempt succeeded: that is a result */
    assert_string_equal(stage_disturbance(stage), "");
    stage->stop = NULL;
    assert_string_equal(stage_disturbance(stage), "");
    stage_end(stage);
}

static void a_disturbed_trial_says_by_what(void **state)
{
    (void)state;
    struct stage *stage = stage_by_hand();
    stage->result[1].stall_ns = 0.3 * TRIAL_WINDOW_NS;
    assert_string_equal(stage_disturbance(stage), "stall");
    stage->result[1].seconds = 0;
    assert_string_equal(stage_disturbance(stage), "no whole batch");
    stage->overlap_ns = 0.4 * TRIAL_WINDOW_NS;
    assert_string_equal(stage_disturbance(stage), "threads did not overlap");
    stage->trial.thread[1].count[EVENT_CONTEXT_SWITCHES] = 1;
    assert_string_equal(stage_disturbance(stage), "context switch");
    stage->trial.thread[0].strayed = true;
    assert_string_equal(stage_disturbance(stage), "migration");
    stage->trial.thread[0].strayed = false;
    stage->trial.thread[1].count[EVENT_MIGRATIONS] = 1;
    assert_string_equal(stage_disturbance(stage), "migration");
    stop = 1;
    assert_string_equal(stage_disturbance(stage), "interrupted");
    stage_end(stage);
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
    struct stage *stage = stage_by_hand();
    struct samples samples = three_rows();
    close_block(stage, &samples, &quiet, &near, 0);
    assert_block(&samples, 1, "");
    assert_int_equal(samples.row[1].regime, 0);
    assert_true(samples.row[1].canary_ns == 100);
    assert_true(samples.row[1].canary_after_ns == 120);
    assert_true(samples.row[1].steal_ns == 0);
    samples_fini(&samples);
    stage_end(stage);
}

static void unknown_steal_is_no_steal(void **state)
{
    (void)state;
    struct stage *stage = stage_by_hand();
    struct samples samples = three_rows();
    close_block(stage, &samples, &quiet, &quiet, NAN);
    assert_block(&samples, 1, "");
    assert_true(isnan(samples.row[1].steal_ns));
    samples_fini(&samples);
    stage_end(stage);
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
        struct stage *stage = stage_by_hand();
        struct samples samples = three_rows();
        stop = blocks[i].stop;
        close_block(stage, &samples, &quiet, blocks[i].after, blocks[i].steal_ns);
        assert_block(&samples, 0, blocks[i].reason);
        assert_int_equal(samples.row[1].regime, SAMPLE_NONE);
        assert_true(samples.row[1].steal_ns == blocks[i].steal_ns);
        assert_int_equal(stage->canary.regimes, 0); /* and names no regime */
        samples_fini(&samples);
        stage_end(stage);
    }
}

static int64_t regime_of(struct stage *stage, const struct canary_reading *reading)
{
    struct samples samples = three_rows();
    close_block(stage, &samples, reading, reading, 0);
    const int64_t regime = samples.row[1].regime;
    samples_fini(&samples);
    return regime;
}

static void regimes_are_told_apart_and_met_again(void **state)
{
    (void)state;
    struct stage *stage = stage_by_hand();
    assert_int_equal(regime_of(stage, &quiet), 0);
    assert_int_equal(regime_of(stage, &far), 1);
    assert_int_equal(regime_of(stage, &near), 0);
    assert_int_equal(regime_of(stage, &far), 1);
    stage_end(stage);
}

static void more_regimes_than_labels_are_not_counted(void **state)
{
    (void)state;
    struct stage *stage = stage_by_hand();
    int64_t regime = 0;
    double ns = 1;
    for (int i = 0; i < CANARY_REGIMES + 5; i++, ns *= 1.5)
        regime = regime_of(stage, &(struct canary_reading){.ns = {ns}});
    assert_int_equal(regime, SAMPLE_NONE); /* never stretched: figures of two regimes do not mix */
    assert_int_equal(stage->canary.regimes, CANARY_REGIMES);
    stage_end(stage);
}

static void one_cpu_has_no_canary_and_one_regime(void **state)
{
    (void)state;
    struct stage *stage = stage_by_hand();
    struct samples samples = three_rows();
    stage->canary.pairs = 0;
    close_block(stage, &samples, &quiet, &far, 0);
    assert_block(&samples, 1, "");
    assert_true(isnan(samples.row[1].canary_ns) && isnan(samples.row[1].canary_after_ns));
    assert_int_equal(samples.row[1].regime, 0);
    samples_fini(&samples);
    stage_end(stage);
}
