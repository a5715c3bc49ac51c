/* SPDX-License-Identifier: MIT
 * analysis/ab/ab_verdict: verdicts and the gate, and how often a stopped session covers. */
#include "tests/test.h"

#include "analysis/ab/ab_verdict.h"
#include "tests/ab_series.h"

#include <stdlib.h>
#include <string.h>

static const struct ab_rule rule = {.judged = AB_WALL, .precision = 0.01};

static void judge_blocks(const struct noise *noise, unsigned blocks, uint64_t seed,
    const struct ab_rule *how, struct ab_verdicts *out)
{
    struct ab_session s = new_session();
    struct ab_summary summary;
    struct rng rng;
    rng_seed(&rng, seed);
    add_blocks(&s, noise, &rng, 0, blocks);
    assert_int_equal(ab_summarise(&s, &summary), 0);
    assert_int_equal(summary.blocks, blocks);
    ab_judge(&summary, how, out);
    free(s.run);
}

static void equal_programs_are_the_same(void **state)
{
    (void)state;
    struct ab_verdicts v;
    char text[AB_VERDICT_TEXT];
    judge_blocks(&noisy, 200, 1, &rule, &v);
    assert_int_equal(v.kind[1], VERDICT_SAME);
    assert_false(v.cannot_tell);
    ab_verdict_text(&v, AB_WALL, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_non_null(strstr(text, "b and a: no difference found, "));
}

static void a_slower_program_is_found(void **state)
{
    (void)state;
    struct ab_verdicts v;
    char text[AB_VERDICT_TEXT];
    const struct noise slower = with(1.03, 1), faster = with(0.5, 1);
    judge_blocks(&slower, 200, 1, &rule, &v);
    assert_int_equal(v.kind[1], VERDICT_SLOWER);
    judge_blocks(&faster, 40, 1, &rule, &v);
    assert_int_equal(v.kind[1], VERDICT_FASTER);
    ab_verdict_text(&v, AB_WALL, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_non_null(strstr(text, "b is faster than a: 0.50× (0."));
    ab_verdict_text(&v, AB_MEMORY, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_non_null(strstr(text, "b needs less memory than a: "));
}

static void few_blocks_decide_nothing(void **state)
{
    (void)state;
    struct ab_verdicts v;
    char text[AB_VERDICT_TEXT];
    const struct noise slower = with(2, 1);
    judge_blocks(&slower, STATS_BLOCKS_MIN - 1, 1, &rule, &v);
    assert_int_equal(v.kind[1], VERDICT_NONE);
    assert_true(v.gate_unknown);
    assert_false(ab_precise(&v, 1));
    ab_verdict_text(&v, AB_WALL, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_string_equal(text, "b and a: undecided, 19 of 20 blocks that are needed");
}

static void a_control_that_differs_decides_nothing(void **state)
{
    (void)state;
    struct ab_verdicts v;
    char text[AB_VERDICT_TEXT];
    const struct noise broken = with(1.5, 1.05);
    const struct ab_rule gated = {.judged = AB_WALL, .precision = 0.01, .gate = 0.02};
    judge_blocks(&broken, 200, 1, &gated, &v);
    assert_true(v.cannot_tell);
    assert_true(v.gate_unknown);
    assert_false(v.gate_failed);
    ab_verdict_text(&v, AB_WALL, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_non_null(strstr(text, "this machine cannot decide: a differs from itself"));
}

static void the_gate_fails_on_more_than_it_allows(void **state)
{
    (void)state;
    static const struct {
        double ratio, gate;
        bool fails;
    } rows[] = {{1.10, 0.02, true}, {1.03, 0.10, false}, {0.9, 0.02, false}, {1.10, 0, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ab_verdicts v;
        const struct noise noise = with(rows[i].ratio, 1);
        const struct ab_rule gated = {.judged = AB_WALL, .precision = 0.01, .gate = rows[i].gate};
        judge_blocks(&noise, 200, 1, &gated, &v);
        assert_int_equal(v.gate_failed, rows[i].fails);
    }
}

static void kinds_follow_the_interval(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        enum verdict_kind kind;
    } rows[] = {{1.004, 1.010, VERDICT_SAME}, {1.006, 1.010, VERDICT_SLOWER},
        {0.980, 0.990, VERDICT_FASTER}, {0.990, 1.020, VERDICT_OPEN}, {0.997, 1.004, VERDICT_SAME},
        {NAN, NAN, VERDICT_NONE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double low = rows[i].low, high = rows[i].high;
        const struct interval ratio = {low, (low + high) / 2, high, 40};
        assert_int_equal(ab_kind(ratio, 0.005), rows[i].kind);
    }
}

/* As a command does: looks, and stops at the first that is precise. */
static bool covers_when_stopped(const struct noise *noise, struct rng *rng, struct ab_summary *out)
{
    enum { MOST = 400 };
    struct ab_session s = new_session();
    struct ab_verdicts v;
    unsigned blocks = 0;
    do {
        const unsigned next = (unsigned)stats_next_look(blocks);
        add_blocks(&s, noise, rng, blocks, next);
        blocks = next;
        assert_int_equal(ab_summarise(&s, out), 0);
        ab_judge(out, &rule, &v);
    } while (!ab_precise(&v, rule.precision) && blocks < MOST);
    free(s.run);
    const struct interval ratio = out->of[1].ratio[AB_WALL];
    return ratio.low <= noise->ratio && ratio.high >= noise->ratio;
}

static void intervals_cover_the_ratio_of_noisy_series(void **state)
{
    (void)state;
    enum { RUNS = 1000 };
    const struct noise noise[] = {noisy, with(1.02, 1), with(2, 1)};
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        struct rng rng;
        struct ab_summary summary;
        struct ab_verdicts v;
        unsigned hits = 0, wrong = 0, undecidable = 0;
        rng_seed(&rng, 11 + i);
        for (unsigned run = 0; run < RUNS; run++) {
            hits += covers_when_stopped(&noise[i], &rng, &summary);
            ab_judge(&summary, &rule, &v);
            undecidable += v.cannot_tell;
            wrong += v.kind[1] == (noise[i].ratio > 1 ? VERDICT_FASTER : VERDICT_SLOWER);
        }
        print_message("ratio %.2f: covered %.1f%%, wrong way %.1f%%, control differs %.1f%%\n",
            noise[i].ratio, 100.0 * hits / RUNS, 100.0 * wrong / RUNS, 100.0 * undecidable / RUNS);
        assert_true(hits >= 0.93 * RUNS);
        assert_true(wrong <= 0.01 * RUNS && undecidable <= 0.02 * RUNS);
    }
}
