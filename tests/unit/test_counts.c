/* SPDX-License-Identifier: MIT
 * analysis/dataset/event_rates: events per op from rows made by hand, and verdicts where counters
 * and timing disagree. */
#include "tests/test.h"

#include "analysis/dataset/event_rates.h"
#include "analysis/verdict/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 24 };

struct made {
    int64_t align; /* SAMPLE_NONE: isolated */
    double ns;
    double rfo, l3; /* per op; NaN: not counted */
    const char *op, *counters;
    bool by_first; /* an L3's events, all in the first thread's row */
    int64_t threads;
};

static void push(struct samples *samples, const struct made *made, int64_t block, int64_t thread)
{
    struct sample row;
    sample_clear(&row);
    row.run_id = "run";
    row.host = "host";
    row.op = made->op ? made->op : "add";
    row.role = "adder";
    row.mode = "throughput";
    row.layout = made->align == SAMPLE_NONE ? "isolated" : "counter";
    row.reference_for = made->align == SAMPLE_NONE ? "counter" : "";
    row.align_bytes = made->align;
    row.gap_ns = 0;
    row.threads = made->threads ? made->threads : 2;
    row.thread = thread;
    row.block = block;
    row.trial = 2 * block + (made->align == SAMPLE_NONE);
    row.regime = 0;
    row.canary_ns = 65;
    row.seed = 42;
    row.accepted = 1;
    row.ops = 1000;
    row.seconds = made->ns * 1e-6;
    row.counted_ops = 1250; /* the counted window is longer than the common one */
    row.counters = made->counters ? made->counters : "perf: rfo=RFO; l3-miss=MISS";
    if (!isnan(made->rfo))
        row.count[EVENT_RFO] = llround(made->rfo * 1250);
    if (!isnan(made->l3) && (!made->by_first || thread == 0))
        row.count[EVENT_L3_MISS] = llround(made->l3 * 1250) * (made->by_first ? 2 : 1);
    assert_int_equal(samples_push(samples, &row), 0);
}

static struct summary folded(struct samples *samples, const struct made *made, size_t count)
{
    for (int64_t block = 0; block < BLOCKS; block++)
        for (size_t i = 0; i < count; i++)
            for (int64_t thread = 0; thread < 2; thread++)
                push(samples, &made[i], block, thread);
    struct summary summary;
    assert_int_equal(summary_build(samples, &summary), 0);
    return summary;
}

#define NEAR(x, y) assert_true(fabs((x) - (y)) < 1e-3)

static void events_are_stated_per_counted_op(void **state)
{
    (void)state;
    struct samples samples = {0};
    const struct made made = {.align = 8, .ns = 10, .rfo = 0.5, .l3 = NAN};
    struct summary s = folded(&samples, &made, 1);
    assert_int_equal(s.count, 1);
    NEAR(s.estimate[0].per_op[EVENT_RFO].mid, 0.5);
    assert_int_equal(s.estimate[0].per_op[EVENT_RFO].n, BLOCKS);
    assert_int_equal(s.estimate[0].per_op[EVENT_L3_MISS].n, 0);
    assert_true(isnan(s.estimate[0].per_op[EVENT_L3_MISS].mid));
    assert_int_equal(event_rates_usable(s.estimate, s.count), EVENT_RFO);
    summary_fini(&s);
    samples_fini(&samples);
}

static void an_l3_counts_for_all_its_threads(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct made made = {.align = 8,
        .ns = 10,
        .rfo = NAN,
        .l3 = 0.25,
        .by_first = true,
        .counters = "perf: l3-miss[l3]=MISS"};
    struct summary s = folded(&samples, &made, 1);
    NEAR(s.estimate[0].per_op[EVENT_L3_MISS].mid, 0.25);
    assert_int_equal(event_rates_usable(s.estimate, s.count), EVENT_HARDWARE);
    summary_fini(&s);
    samples_fini(&samples);
    /* Where another role's threads ran behind it too, nobody knows whose events they are. */
    made.threads = 3;
    s = folded(&samples, &made, 1);
    assert_int_equal(s.estimate[0].per_op[EVENT_L3_MISS].n, 0);
    summary_fini(&s);
    samples_fini(&samples);
}

static void check(double ns, double rfo, double rfo_isolated, const char *op, const char *end)
{
    struct samples samples = {0};
    const struct made made[] = {{.align = SAMPLE_NONE, .ns = 10, .rfo = rfo_isolated, .op = op},
        {.align = 8, .ns = ns, .rfo = rfo, .op = op}};
    struct summary s = folded(&samples, made, 2);
    struct verdict *verdict;
    size_t verdicts;
    assert_int_equal(verdict_build(&s, &verdict, &verdicts), 0);
    assert_int_equal(verdicts, 1);
    const char *const semicolon = strrchr(verdict->text, ';');
    const char *const told = semicolon ? semicolon : "";
    const bool as_expected =
        *end ? strcmp(told, end) == 0
             : !strstr(verdict->text, "counters") && !strstr(verdict->text, "line moves");
    if (!as_expected)
        fail_msg("'%s' does not end in '%s'", verdict->text, end);
    free(verdict);
    summary_fini(&s);
    samples_fini(&samples);
}

static void verdicts_say_when_counters_and_timing_disagree(void **state)
{
    (void)state;
    check(28, 0.5, 0, "add", ""); /* both say false sharing */
    check(10, 0, 0, "add", "");   /* both say none */
    check(28, 0.0008, 0.0008, "add", "; but counters disagree: 0.0008 rfo/op, isolated 0.0008");
    check(28, 0, 0, "add", "; but counters disagree: 0 rfo/op, isolated 0");
    check(10, 0.24, 0, "store", "; yet the line moves: 0.24 rfo/op, isolated 0");
    check(10, 0.004, 0, "store", ""); /* too seldom to matter */
    check(28, NAN, NAN, "add", "");   /* not counted */
    check(28, 0.5, NAN, "add", "");   /* nothing to compare with */
}
