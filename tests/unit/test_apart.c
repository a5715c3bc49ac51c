/* SPDX-License-Identifier: MIT
 * analysis/verdict/apart: which distance in bytes is enough, from ratios made by hand. */
#include "tests/test.h"

#include "analysis/verdict/apart.h"

#include <math.h>

#define SLOW 3.8, 4.2
#define SAME 0.99, 1.01
#define OPEN 0.98, 1.2
#define NONE NAN, NAN

/* A case's intervals at 8, 16, ... 256 bytes, low and high in turn; 0, 0: not measured. */
enum { DISTANCES = 6 };
struct ladder {
    unsigned of;
    int64_t regime;
    double bound[2 * DISTANCES];
};

enum { FIGURES = 64 };
struct made {
    struct estimate figure[FIGURES];
    struct regime regime[2];
    struct summary summary;
};

static struct estimate figure_of(const struct ladder *ladder, unsigned index)
{
    const struct apart_case *const of = &apart_cases[ladder->of];
    const double low = ladder->bound[2 * index], high = ladder->bound[2 * index + 1];
    return (struct estimate){.layout = of->layout,
        .op = of->op,
        .role = of->role,
        .align_bytes = 8 << index,
        .regime = ladder->regime,
        .accepted = 40,
        .ratio = {.low = low, .mid = (low + high) / 2, .high = high, .n = 40}};
}

/* Regime 0 has the most blocks. */
static struct summary *make(struct made *made, const struct ladder *ladder, size_t ladders)
{
    *made = (struct made){.regime = {{.regime = 0, .blocks = 40}, {.regime = 1, .blocks = 20}}};
    made->summary =
        (struct summary){.estimate = made->figure, .regime = made->regime, .regimes = 2};
    for (size_t i = 0; i < ladders; i++)
        for (unsigned j = 0; j < DISTANCES; j++)
            if (ladder[i].bound[2 * j + 1] != 0)
                made->figure[made->summary.count++] = figure_of(&ladder[i], j);
    return &made->summary;
}

#define MAKE(made, ...)                                                                            \
    make(made, (const struct ladder[]){__VA_ARGS__},                                               \
        sizeof((const struct ladder[]){__VA_ARGS__}) / sizeof(struct ladder))
#define BOUNDS(...)                                                                                \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

static void assert_apart(const struct summary *summary, unsigned least, unsigned most)
{
    const struct apart apart = apart_of(summary, 1.05);
    assert_int_equal(apart.least, least);
    assert_int_equal(apart.most, most);
    assert_int_equal(apart_is_decided(apart), least == most && most != APART_MORE);
}

/* With another case that has its answer at 8 bytes. */
static void assert_ladder(struct ladder ladder, unsigned least, unsigned most)
{
    struct made made;
    const struct ladder other = {1, 0, BOUNDS(SAME, SAME, SAME, SAME, SAME, SAME)};
    assert_apart(MAKE(&made, ladder, other), least, most);
}

static void the_smallest_from_which_on_all_are_enough(void **state)
{
    (void)state;
    assert_ladder((struct ladder){0, 0, BOUNDS(SLOW, SLOW, SLOW, SAME, SAME, SAME)}, 64, 64);
    assert_ladder((struct ladder){0, 0, BOUNDS(SLOW, SLOW, SLOW, SLOW, SAME, SAME)}, 128, 128);
    assert_ladder((struct ladder){0, 0, BOUNDS(SAME, SAME, SAME, SAME, SAME, SAME)}, 8, 8);
    /* A larger one that is slower makes the smaller ones unfit, though they measure well. */
    assert_ladder((struct ladder){0, 0, BOUNDS(SLOW, SLOW, SLOW, SAME, SLOW, SAME)}, 256, 256);
}

static void within_the_threshold_is_enough(void **state)
{
    (void)state;
    struct made made;
    const struct ladder some = {0, 0, BOUNDS(SLOW, SLOW, SLOW, 1.02, 1.04, SAME, SAME)};
    const struct ladder less = {0, 0, BOUNDS(SLOW, SLOW, SLOW, 0.2, 1.04, SAME, SAME)};
    const struct ladder other = {1, 0, BOUNDS(SLOW, SLOW, SLOW, SAME, SAME, SAME)};
    assert_apart(MAKE(&made, some, other), 64, 64);
    assert_apart(MAKE(&made, less, other), 64, 64);
    assert_int_equal(apart_of(MAKE(&made, some, other), 1.01).most, 128);
    assert_true(apart_is_decided(apart_of(MAKE(&made, some, other), 1.01)));
    assert_int_equal(apart_of(MAKE(&made, some, other), 4.5).most, 8);
}

static void wide_intervals_leave_it_open(void **state)
{
    (void)state;
    assert_ladder((struct ladder){0, 0, BOUNDS(SLOW, SLOW, SLOW, OPEN, SAME, SAME)}, 64, 128);
    assert_ladder(
        (struct ladder){0, 0, BOUNDS(SLOW, SLOW, OPEN, OPEN, OPEN, OPEN)}, 32, APART_MORE);
    assert_ladder((struct ladder){0, 0, BOUNDS(NONE, NONE, NONE, NONE, NONE, NONE)}, 8, APART_MORE);
    /* Below one that is too small it does not matter. */
    assert_ladder((struct ladder){0, 0, BOUNDS(OPEN, OPEN, SLOW, SAME, SAME, SAME)}, 64, 64);
    /* Nor does it where another case needs more. */
    struct made made;
    const struct ladder open = {0, 0, BOUNDS(SLOW, SLOW, OPEN, SAME, SAME, SAME)};
    const struct ladder more = {1, 0, BOUNDS(SLOW, SLOW, SLOW, SLOW, SAME, SAME)};
    assert_apart(MAKE(&made, open, more), 128, 128);
}

static void the_widest_may_be_too_small(void **state)
{
    (void)state;
    assert_ladder(
        (struct ladder){0, 0, BOUNDS(SLOW, SLOW, SLOW, SLOW, SLOW, SLOW)}, APART_MORE, APART_MORE);
}

static void what_was_not_measured_is_open(void **state)
{
    (void)state;
    struct made made;
    const struct ladder one = {0, 0, BOUNDS(SLOW, SLOW, SLOW, SAME, SAME, SAME)};
    assert_apart(MAKE(&made, one), 64, APART_MORE);
    made.summary.regimes = 0;
    assert_apart(&made.summary, 0, APART_MORE);
    assert_null(apart_worst(&made.summary, 1.05, 64, false));
    assert_false(apart_is_precise(&made.summary, 1.05, 0.5));
}

static void another_regime_counts_if_it_has_an_answer(void **state)
{
    (void)state;
    struct made made;
    const struct ladder here = {0, 0, BOUNDS(SLOW, SLOW, SLOW, SAME, SAME, SAME)};
    const struct ladder also = {1, 0, BOUNDS(SLOW, SLOW, SLOW, SAME, SAME, SAME)};
    const struct ladder open = {0, 1, BOUNDS(SLOW, SLOW, SLOW, OPEN, OPEN, OPEN)};
    const struct ladder more = {0, 1, BOUNDS(SLOW, SLOW, SLOW, SLOW, SAME, SAME)};
    assert_apart(MAKE(&made, here, also, open), 64, 64);
    assert_int_equal(apart_worst(&made.summary, 1.05, 64, false)->regime, 0);
    assert_apart(MAKE(&made, here, also, more), 128, 128);
    assert_int_equal(apart_worst(&made.summary, 1.05, 64, false)->regime, 1);
    assert_int_equal(apart_estimate(&made.summary, &apart_cases[0], 64)->regime, 0);
}

static void pairs_are_joined_by_what_is_enough_for_both(void **state)
{
    (void)state;
    const struct apart told = {64, 64}, more = {128, 128}, open = {64, 128};
    assert_int_equal(apart_join(told, more).least, 128);
    assert_true(apart_is_decided(apart_join(told, more)));
    assert_false(apart_is_decided(apart_join(told, open)));
    assert_true(apart_is_decided(apart_join(more, open)));
    assert_false(apart_is_decided(apart_join(more, (struct apart){APART_MORE, APART_MORE})));
}

static void the_worst_is_of_all_cases(void **state)
{
    (void)state;
    struct made made;
    const struct ladder wide = {0, 0, BOUNDS(NONE, SLOW, SLOW, 0.9, 1.2, SAME, SAME)};
    const struct ladder sure = {1, 0, BOUNDS(SLOW, 5, 6, SLOW, 1.1, 1.15, SAME, SAME)};
    const struct summary *const summary = MAKE(&made, wide, sure);
    assert_string_equal(apart_worst(summary, 1.05, 64, false)->layout, apart_cases[0].layout);
    assert_string_equal(apart_worst(summary, 1.05, 64, true)->layout, apart_cases[1].layout);
    assert_string_equal(apart_worst(summary, 1.05, 8, false)->layout, apart_cases[0].layout);
    assert_string_equal(apart_worst(summary, 1.05, 8, true)->layout, apart_cases[1].layout);
    assert_string_equal(apart_worst(summary, 1.05, 16, false)->layout, apart_cases[1].layout);
}

static void what_is_slower_needs_no_precision(void **state)
{
    (void)state;
    struct made made;
    const struct ladder good = {0, 0, BOUNDS(2, 9, SLOW, SLOW, SAME, SAME, SAME)};
    const struct ladder wide = {1, 0, BOUNDS(2, 9, SLOW, SLOW, SAME, 0.9, 1.04, SAME)};
    const struct ladder none = {1, 0, BOUNDS(2, 9, SLOW, SLOW, SAME, NONE, SAME)};
    const struct ladder also = {1, 0, BOUNDS(2, 9, SLOW, SLOW, SAME, SAME, SAME)};
    assert_true(apart_is_precise(MAKE(&made, good, also), 1.05, 0.02));
    assert_false(apart_is_precise(MAKE(&made, good, also), 1.05, 0.001));
    assert_false(apart_is_precise(MAKE(&made, good), 1.05, 0.5)); /* not all were measured */
    assert_false(apart_is_precise(MAKE(&made, good, wide), 1.05, 0.02));
    assert_true(apart_is_precise(MAKE(&made, good, wide), 1.05, 0.1));
    assert_false(apart_is_precise(MAKE(&made, good, none), 1.05, 0.5));
}

static void blocks_are_those_of_the_ratio_with_fewest(void **state)
{
    (void)state;
    struct made made;
    const struct ladder a = {0, 0, BOUNDS(SLOW, SLOW, SLOW, SAME, SAME, SAME)};
    const struct ladder b = {1, 0, BOUNDS(SLOW, SLOW, SLOW, SAME, SAME, SAME)};
    assert_int_equal(apart_blocks(MAKE(&made, a)), 0);
    assert_int_equal(apart_blocks(MAKE(&made, a, b)), 40);
    made.figure[7].ratio.n = 19;
    assert_int_equal(apart_blocks(&made.summary), 19);
}
