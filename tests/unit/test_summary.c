/* SPDX-License-Identifier: MIT
 * analysis/dataset/summary: which rows are folded into which figure, against which reference, and
 * when a run has enough. Rows are made up; no machine is measured. */
#include "tests/test.h"

#include "analysis/dataset/summary.h"
#include "base/rng.h"
#include "base/strings.h"

#include <math.h>
#include <string.h>
#include <time.h>

struct trial {
    const char *run, *layout, *op, *twin;
    int64_t align, block, trial, regime;
    double ns; /* of the first thread; the second needs as long */
};

static struct sample row_of(const struct trial *trial, int64_t thread)
{
    struct sample row;
    sample_clear(&row);
    row.run_id = trial->run ? trial->run : "run";
    row.host = "host";
    row.layout = trial->layout ? trial->layout : "counter";
    row.reference_for = strcmp(row.layout, "isolated") ? "" : "counter";
    row.op = trial->op ? trial->op : "add";
    row.role = "adder";
    row.mode = "throughput";
    row.twin = trial->twin ? trial->twin : "";
    row.align_bytes = strcmp(row.layout, "isolated") ? trial->align : SAMPLE_NONE;
    row.gap_ns = 0;
    row.threads = 2;
    row.thread = thread;
    row.block = trial->block;
    row.trial = trial->trial;
    row.regime = trial->regime;
    row.canary_ns = trial->regime == SAMPLE_NONE ? NAN : 65 + 200.0 * (double)trial->regime;
    row.ops = 1000;
    row.seconds = trial->ns * 1e-6;
    row.accepted = 1;
    row.seed = 42;
    return row;
}

static void push(struct samples *samples, struct sample row)
{
    assert_int_equal(samples_push(samples, &row), 0);
}

static void push_trial(struct samples *samples, struct trial trial)
{
    push(samples, row_of(&trial, 0));
    push(samples, row_of(&trial, 1));
}

/* `blocks` blocks from `from` on: isolated at 10 ns, 8 B at 30, 64 B at 10, with a common drift. */
static void push_blocks(
    struct samples *samples, const char *run, int64_t regime, int64_t from, int64_t blocks)
{
    for (int64_t block = from; block < from + blocks; block++) {
        const double drift = 1 + 0.001 * (double)(block % 7);
        struct trial trial = {.run = run, .block = block, .regime = regime, .trial = 3 * block};
        trial.align = 64;
        trial.ns = 10 * drift;
        push_trial(samples, trial);
        trial.align = 8;
        trial.ns = 30 * drift;
        trial.trial++;
        push_trial(samples, trial);
        trial.layout = "isolated";
        trial.ns = 10 * drift;
        trial.trial++;
        push_trial(samples, trial);
    }
}

static struct summary built(const struct samples *samples)
{
    struct summary summary;
    assert_int_equal(summary_build(samples, &summary), 0);
    return summary;
}

static void finish(struct samples *samples, struct summary *summary)
{
    summary_fini(summary);
    samples_fini(samples);
}

static void test_no_rows(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct summary summary = built(&samples);
    assert_int_equal(summary.count, 0);
    assert_int_equal(summary.regimes, 0);
    assert_false(summary_enough(&summary, "counter", "add", 1));
    finish(&samples, &summary);
}

static void test_reference_and_ratio(void **state)
{
    (void)state;
    struct samples samples = {0};
    push_blocks(&samples, "run", 0, 0, 24);
    struct summary summary = built(&samples);
    assert_int_equal(summary.count, 3);
    const struct estimate *figure = summary.estimate;
    assert_true(figure[0].align_bytes == SAMPLE_NONE && figure[1].align_bytes == 8);
    assert_int_equal(figure[2].align_bytes, 64);
    assert_string_equal(figure[0].layout, "counter");
    assert_true(isnan(figure[0].ratio.mid) && figure[0].ratio.n == 0);
    assert_float_equal(figure[1].ratio.low, 3, 1e-9);
    assert_float_equal(figure[1].ratio.high, 3, 1e-9);
    assert_float_equal(figure[2].ratio.mid, 1, 1e-9);
    /* python3: statistics.median(30 * (1 + .001 * (b % 7)) for b in range(24)) */
    assert_float_equal(figure[1].ns.mid, 30.075, 1e-9);
    assert_int_equal(figure[1].ns.n, 24);
    assert_int_equal(figure[1].accepted, 24);
    assert_float_equal(figure[1].fairness, 1, 1e-12);
    assert_true(isnan(figure[1].p50_ns));
    finish(&samples, &summary);
}

/* sum(seconds) / sum(ops), so that a starved thread counts by its time: python3:
 * (1e-3 + 1e-3) * 1e9 / (1000 + 250) = 1600 */
static void test_starved_thread(void **state)
{
    (void)state;
    struct samples samples = {0};
    const struct trial trial = {.align = 8, .ns = 1000};
    struct sample row = row_of(&trial, 0);
    row.lat_p50_ns = 12;
    row.lat_p99_ns = 90;
    push(&samples, row);
    row.ops = 250;
    row.lat_p50_ns = 50;
    row.lat_p99_ns = NAN;
    push(&samples, row);
    row.trial = row.block = 1; /* nobody got anything done: no figure for this block */
    row.ops = 0;
    row.lat_p50_ns = NAN;
    push(&samples, row);
    struct summary summary = built(&samples);
    assert_int_equal(summary.count, 1);
    assert_float_equal(summary.estimate[0].ns.mid, 1600, 1e-9);
    assert_int_equal(summary.estimate[0].ns.n, 1);
    assert_float_equal(summary.estimate[0].fairness, 0.25, 1e-12);
    assert_float_equal(summary.estimate[0].p50_ns, 50, 0);
    assert_float_equal(summary.estimate[0].p99_ns, 90, 0);
    finish(&samples, &summary);
}

static void test_one_bad_row_rejects_the_trial(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct trial trial = {.align = 8, .ns = 10};
    push_trial(&samples, trial);
    trial.trial = 1;
    trial.ns = 500;
    push(&samples, row_of(&trial, 0));
    struct sample bad = row_of(&trial, 1);
    bad.role = "summer";
    bad.accepted = 0;
    push(&samples, bad);
    struct summary summary = built(&samples);
    assert_int_equal(summary.count, 2);
    assert_float_equal(summary.estimate[0].ns.mid, 10, 1e-9);
    assert_int_equal(summary.estimate[0].accepted, 1);
    assert_int_equal(summary.estimate[0].rejected, 1);
    assert_string_equal(summary.estimate[1].role, "summer");
    assert_int_equal(summary.estimate[1].accepted, 0);
    assert_true(isnan(summary.estimate[1].ns.mid));
    finish(&samples, &summary);
}

static void test_regimes_apart(void **state)
{
    (void)state;
    struct samples samples = {0};
    push_blocks(&samples, "run", 0, 0, 21);
    push_blocks(&samples, "run", 1, 21, 30);
    struct summary summary = built(&samples);
    assert_int_equal(summary.count, 6);
    assert_int_equal(summary.regimes, 2);
    assert_int_equal(summary.regime[0].regime, 1);
    assert_int_equal(summary.regime[0].blocks, 30);
    assert_float_equal(summary.regime[0].canary_ns, 265, 0);
    assert_int_equal(summary.regime[1].blocks, 21);
    assert_float_equal(summary.regime[1].canary_ns, 65, 0);
    assert_int_equal(summary.estimate[4].ratio.n, 30);
    finish(&samples, &summary);
}

static void test_joined_runs_apart(void **state)
{
    (void)state;
    struct samples samples = {0};
    push_blocks(&samples, "one", SAMPLE_NONE, 0, 20);
    push_blocks(&samples, "two", SAMPLE_NONE, 0, 22);
    struct summary summary = built(&samples);
    assert_int_equal(summary.count, 6);
    assert_int_equal(summary.regimes, 2);
    assert_string_equal(summary.regime[0].run_id, "two");
    assert_true(isnan(summary.regime[0].canary_ns));
    assert_string_equal(summary.estimate[0].run_id, "one");
    assert_int_equal(summary.estimate[1].ratio.n, 20);
    assert_int_equal(summary.estimate[4].ratio.n, 22);
    finish(&samples, &summary);
}

/* Only blocks that both have count: here the figure lacks the odd ones, the reference those
 * below 6. */
static void test_blocks_are_paired_by_number(void **state)
{
    (void)state;
    struct samples samples = {0};
    for (int64_t block = 0; block < 50; block++) {
        struct trial trial = {.align = 8, .block = block, .trial = 2 * block};
        trial.ns = 20 + (double)block;
        if (block % 2 == 0)
            push_trial(&samples, trial);
        trial.layout = "isolated";
        trial.trial++;
        trial.ns = (20 + (double)block) / 2;
        if (block >= 6)
            push_trial(&samples, trial);
    }
    struct summary summary = built(&samples);
    assert_int_equal(summary.estimate[1].ratio.n, 22);
    assert_float_equal(summary.estimate[1].ratio.low, 2, 1e-9);
    assert_float_equal(summary.estimate[1].ratio.high, 2, 1e-9);
    finish(&samples, &summary);
}

static void test_twins(void **state)
{
    (void)state;
    struct samples samples = {0};
    for (int64_t block = 0; block < 40; block++)
        for (int64_t k = 0; k < 4; k++) {
            const struct trial trial = {.align = k < 2 ? 8 : 64,
                .twin = k % 2 ? "b" : "a",
                .block = block,
                .trial = 4 * block + k,
                .ns = (double[]){10, 11, 20, 30}[k]};
            push_trial(&samples, trial);
        }
    struct summary summary = built(&samples);
    assert_int_equal(summary.count, 4);
    assert_int_equal(summary.estimate[0].ratio.n, 0);
    assert_float_equal(summary.estimate[1].ratio.mid, 1.1, 1e-9);
    assert_int_equal(summary.estimate[2].ratio.n, 0);
    assert_float_equal(summary.estimate[3].ratio.mid, 1.5, 1e-9);
    finish(&samples, &summary);
}

static void test_enough(void **state)
{
    (void)state;
    struct samples samples = {0};
    push_blocks(&samples, "run", 0, 0, 19);
    struct summary summary = built(&samples);
    assert_true(isinf(summary.regime[0].width));
    assert_false(summary_enough(&summary, "counter", "add", 0.5));
    summary_fini(&summary);
    push_blocks(&samples, "run", 0, 19, 5);
    summary = built(&samples);
    assert_true(summary.regime[0].width < 0.005);
    assert_true(summary_enough(&summary, "counter", "add", 0.005));
    assert_false(summary_enough(&summary, "counter", "add", 1e-6));
    summary_fini(&summary);
    /* Of an op with a single block there is not enough, and of the others still. */
    push_trial(&samples, (struct trial){.align = 8, .op = "cas", .trial = 9999, .ns = 5});
    summary = built(&samples);
    assert_false(summary_enough(&summary, "counter", "cas", 0.005));
    assert_true(summary_enough(&summary, "counter", "add", 0.005));
    assert_false(summary_enough(&summary, "ring", "add", 0.005)); /* not measured at all */
    finish(&samples, &summary);
}

/* What was precise in one regime is not so in the next, where it was hardly measured. */
static void test_enough_is_of_the_main_regime(void **state)
{
    (void)state;
    struct samples samples = {0};
    push_blocks(&samples, "run", 0, 0, 30);
    for (int64_t block = 30; block < 70; block++)
        push_trial(&samples, (struct trial){.align = 8,
                                 .op = "cas",
                                 .regime = 1,
                                 .block = block,
                                 .trial = 1000 + block,
                                 .ns = 5});
    struct summary summary = built(&samples);
    assert_int_equal(summary.regime[0].regime, 1);
    assert_true(summary_enough(&summary, "counter", "cas", 0.005));
    assert_false(summary_enough(&summary, "counter", "add", 0.005));
    finish(&samples, &summary);
}

/* The order of the rows, and whether equal texts share an address, must not matter. */
static void test_row_order_does_not_matter(void **state)
{
    (void)state;
    struct samples samples = {0}, shuffled = {.strings = strings_new()};
    push_blocks(&samples, "run", 0, 0, 30);
    unsigned order[180];
    for (unsigned i = 0; i < 180; i++)
        order[i] = i;
    struct rng rng;
    rng_seed(&rng, 1);
    rng_shuffle(&rng, order, 180);
    for (unsigned i = 0; i < 180; i++) {
        struct sample row = samples.row[order[i]];
        row.layout = strings_intern(shuffled.strings, row.layout);
        push(&shuffled, row);
    }
    struct summary a = built(&samples), b = built(&shuffled);
    assert_int_equal(a.count, b.count);
    for (size_t i = 0; i < a.count; i++) {
        assert_memory_equal(&a.estimate[i].ns, &b.estimate[i].ns, sizeof a.estimate[i].ns);
        assert_int_equal(a.estimate[i].ratio.n, b.estimate[i].ratio.n);
    }
    finish(&samples, &a);
    finish(&shuffled, &b);
}

static void test_many_rows(void **state)
{
    (void)state;
    struct samples samples = {0};
    push_blocks(&samples, "run", 0, 0, 20000); /* 120,000 rows */
    const clock_t begin = clock();
    struct summary summary = built(&samples);
    print_message("%zu rows: %.2f s\n", samples.count, (double)(clock() - begin) / CLOCKS_PER_SEC);
    assert_int_equal(summary.count, 3);
    assert_int_equal(summary.estimate[2].ratio.n, 20000);
    finish(&samples, &summary);
}
