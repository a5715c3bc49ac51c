/* SPDX-License-Identifier: MIT
 * analysis/verdict/verdict: every sentence it can say, from figures made by hand. */
#include "tests/test.h"

#include "analysis/verdict/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NONE                                                                                       \
    {                                                                                              \
        .low = NAN, .mid = NAN, .high = NAN                                                        \
    }
#define SLOWER                                                                                     \
    {                                                                                              \
        .low = 2.7, .mid = 2.8, .high = 2.9, .n = 40                                               \
    }
#define SLOWER_LESS                                                                                \
    {                                                                                              \
        .low = 1.83, .mid = 1.9, .high = 2.0, .n = 40                                              \
    }
#define SAME                                                                                       \
    {                                                                                              \
        .low = 0.99, .mid = 1.0, .high = 1.01, .n = 40                                             \
    }
#define FASTER                                                                                     \
    {                                                                                              \
        .low = 0.13, .mid = 0.14, .high = 0.15, .n = 40                                            \
    }
#define OPEN                                                                                       \
    {                                                                                              \
        .low = 0.98, .mid = 1.05, .high = 1.12, .n = 40                                            \
    }

struct step {
    int64_t align; /* 0 ends the list */
    struct interval ratio;
};

struct setting {
    const char *op, *role, *mode, *twin;
    double gap_ns;
    int64_t threads;
    bool alone; /* without a reference */
};

static struct estimate figure_of(
    const struct setting *setting, int64_t align, struct interval ratio)
{
    return (struct estimate){
        .run_id = "run",
        .host = "host",
        .layout = "counter",
        .op = setting->op ? setting->op : "add",
        .role = setting->role ? setting->role : "adder",
        .mode = setting->mode ? setting->mode : "throughput",
        .twin = setting->twin ? setting->twin : "",
        .distance = "same L3",
        .instrument = "run",
        .align_bytes = align,
        .gap_ns = setting->gap_ns,
        .threads = setting->threads ? setting->threads : 2,
        .ratio = ratio,
    };
}

static void check(
    struct setting setting, const struct step *step, enum verdict_kind worst, const char *text)
{
    struct estimate figure[10];
    size_t count = 0;
    if (!setting.alone)
        figure[count++] = figure_of(&setting, SAMPLE_NONE, (struct interval)NONE);
    for (; step->align; step++)
        figure[count++] = figure_of(&setting, step->align, step->ratio);
    struct verdict *verdict;
    size_t verdicts;
    assert_int_equal(
        verdict_build(&(struct summary){.estimate = figure, .count = count}, &verdict, &verdicts),
        0);
    assert_int_equal(verdicts, 1);
    assert_string_equal(verdict->text, text);
    assert_int_equal(verdict->worst, worst);
    free(verdict);
}

#define LADDER(...) ((const struct step[]){__VA_ARGS__, {0}})

static void test_kinds(void **state)
{
    (void)state;
    assert_int_equal(verdict_kind((struct interval)NONE), VERDICT_NONE);
    assert_int_equal(verdict_kind((struct interval)SLOWER), VERDICT_SLOWER);
    assert_int_equal(verdict_kind((struct interval)FASTER), VERDICT_FASTER);
    assert_int_equal(verdict_kind((struct interval)SAME), VERDICT_SAME);
    assert_int_equal(verdict_kind((struct interval)OPEN), VERDICT_OPEN);
    const struct interval edge = {.low = 1 / 1.05, .mid = 1, .high = 1.05};
    assert_int_equal(verdict_kind(edge), VERDICT_SAME);
    assert_int_equal(verdict_kind((struct interval){.low = 1.05, .high = 1.2}), VERDICT_OPEN);
}

static void test_false_sharing(void **state)
{
    (void)state;
    const struct setting add = {0};
    check(add, LADDER({8, SLOWER}, {64, SAME}), VERDICT_SLOWER,
        "8 B: false sharing, 2.8× (2.7–2.9); 64 B removes it");
    check(add, LADDER({8, SLOWER}, {16, SLOWER_LESS}, {32, OPEN}, {64, SAME}, {128, FASTER}),
        VERDICT_SLOWER,
        "8 B: false sharing, 2.8× (2.7–2.9); 16 B: 1.9× (1.8–2.0); 64 B removes it");
    check(add, LADDER({8, SLOWER}), VERDICT_SLOWER,
        "8 B: false sharing, 2.8× (2.7–2.9); no alignment measured removes it");
    check(add, LADDER({8, SLOWER}, {64, SAME}, {128, SLOWER_LESS}), VERDICT_SLOWER,
        "8 B: false sharing, 2.8× (2.7–2.9); 128 B: 1.9× (1.8–2.0); "
        "no alignment measured removes it");
    check(add, LADDER({8, SLOWER}, {64, OPEN}), VERDICT_SLOWER,
        "8 B: false sharing, 2.8× (2.7–2.9); 64 B undecided, 0.98–1.12");
    check(add, LADDER({8, SLOWER}, {64, NONE}), VERDICT_SLOWER,
        "8 B: false sharing, 2.8× (2.7–2.9); 64 B has too few blocks");
    check(add, LADDER({8, OPEN}, {16, SLOWER_LESS}, {64, SAME}), VERDICT_SLOWER,
        "16 B: false sharing, 1.9× (1.8–2.0); 64 B removes it");
    check(add, LADDER({8, {.low = 14.2, .mid = 15.6, .high = 17.4}}, {64, SAME}), VERDICT_SLOWER,
        "8 B: false sharing, 16× (14–17); 64 B removes it");
}

static void test_no_cost(void **state)
{
    (void)state;
    const struct step *same = LADDER({8, SAME}, {64, OPEN});
    check((struct setting){0}, same, VERDICT_SAME,
        "no false sharing: 8 B costs the same as isolated (0.99–1.01)");
    check((struct setting){.op = "store"}, same, VERDICT_SAME,
        "plain stores: no visible cost, the store buffer hides it (0.99–1.01)");
    check((struct setting){.op = "store", .mode = "latency"}, same, VERDICT_SAME,
        "no false sharing: 8 B costs the same as isolated (0.99–1.01)");
    check((struct setting){.op = "rmw"}, same, VERDICT_SAME, "no visible cost (0.99–1.01)");
    check((struct setting){.gap_ns = 220}, same, VERDICT_SAME,
        "no visible cost at a gap of 220 ns (0.99–1.01)");
}

static void test_padding_costs(void **state)
{
    (void)state;
    const struct setting size = {.op = "size", .role = "summer"};
    check(size, LADDER({8, FASTER}, {64, SAME}), VERDICT_FASTER,
        "padding costs the summer 7.1×: 8 B takes 0.14× (0.13–0.15) of isolated");
    check(size, LADDER({8, FASTER}), VERDICT_FASTER,
        "padding costs the summer 7.1×: 8 B takes 0.14× (0.13–0.15) of isolated");
    check(size, LADDER({8, FASTER}, {64, SLOWER_LESS}), VERDICT_SLOWER,
        "padding costs the summer 14×: 8 B takes 0.14× (0.13–0.15) of isolated");
    check(size, LADDER({8, SAME}, {64, SLOWER_LESS}), VERDICT_SLOWER,
        "padding costs the summer: 64 B takes 1.9× (1.8–2.0) of isolated, 8 B 1.00× (0.99–1.01)");
}

static void test_no_answer_yet(void **state)
{
    (void)state;
    const struct setting add = {0};
    check(add, LADDER({8, OPEN}, {64, SAME}), VERDICT_OPEN,
        "undecided: 0.98–1.12 needs more blocks (a smaller --precision, a longer --max-time)");
    check(add, LADDER({8, {.low = NAN, .mid = 2, .high = NAN, .n = 7}}), VERDICT_NONE,
        "no verdict: 7 blocks, 20 are needed");
    check((struct setting){.threads = 1}, LADDER({8, SAME}), VERDICT_NONE,
        "no verdict: one cpu shares nothing");
    check((struct setting){.alone = true}, LADDER({8, NONE}), VERDICT_NONE,
        "no verdict: no isolated reference was measured");
}

static void check_twin(struct interval ratio, enum verdict_kind worst, const char *text)
{
    const struct setting a = {.twin = "a"}, b = {.twin = "b"};
    struct estimate figure[] = {
        figure_of(&a, 8, (struct interval)NONE),
        figure_of(&b, 8, ratio),
    };
    struct verdict *verdict;
    size_t count;
    assert_int_equal(
        verdict_build(&(struct summary){.estimate = figure, .count = 2}, &verdict, &count), 0);
    assert_int_equal(count, 1);
    assert_string_equal(verdict->text, text);
    assert_int_equal(verdict->worst, worst);
    assert_ptr_equal(verdict->first, &figure[1]);
    free(verdict);
}

static void test_twins(void **state)
{
    (void)state;
    check_twin((struct interval)SAME, VERDICT_SAME, "A/A: no difference, 1.00 (0.99–1.01)");
    check_twin((struct interval){.low = 1.06, .mid = 1.08, .high = 1.1}, VERDICT_SLOWER,
        "A/A: DIFFERENT, 1.08 (1.06–1.10)");
    check_twin((struct interval){.low = 0.9, .mid = 0.91, .high = 0.92}, VERDICT_SLOWER,
        "A/A: DIFFERENT, 0.91 (0.90–0.92)");
    check_twin((struct interval){.low = 0.94, .mid = 1, .high = 1.06}, VERDICT_OPEN,
        "A/A: no difference found (0.94–1.06)");
    check_twin((struct interval){.low = NAN, .mid = 1, .high = NAN, .n = 7}, VERDICT_NONE,
        "no verdict: 7 blocks, 20 are needed");
}

static void test_groups(void **state)
{
    (void)state;
    const struct setting add = {0}, cas = {.op = "cas"}, load = {.op = "load"};
    struct estimate figure[] = {
        figure_of(&add, SAMPLE_NONE, (struct interval)NONE),
        figure_of(&add, 8, (struct interval)SLOWER),
        figure_of(&cas, SAMPLE_NONE, (struct interval)NONE), /* nothing to judge */
        figure_of(&load, SAMPLE_NONE, (struct interval)NONE),
        figure_of(&load, 8, (struct interval)SAME),
    };
    struct verdict *verdict;
    size_t count;
    assert_int_equal(
        verdict_build(&(struct summary){.estimate = figure, .count = 5}, &verdict, &count), 0);
    assert_int_equal(count, 2);
    assert_ptr_equal(verdict[0].first, &figure[1]);
    assert_ptr_equal(verdict[1].first, &figure[4]);
    free(verdict);
    assert_int_equal(verdict_build(&(struct summary){0}, &verdict, &count), 0);
    assert_int_equal(count, 0);
    free(verdict);
}

/* Shards 8 and 64 B apart are no layout next to its isolated words. */
static void test_maps_have_none(void **state)
{
    (void)state;
    const struct setting half = {.op = "half", .alone = true};
    struct estimate figure[] = {
        figure_of(&half, 8, (struct interval)SLOWER), figure_of(&half, 64, (struct interval)SAME)};
    figure[0].instrument = figure[1].instrument = "maps";
    struct verdict *verdict;
    size_t count;
    assert_int_equal(
        verdict_build(&(struct summary){.estimate = figure, .count = 2}, &verdict, &count), 0);
    assert_int_equal(count, 0);
    free(verdict);
}

/* More alignments than are ever measured: the text ends early, with a whole word. */
static void test_long_ladder(void **state)
{
    (void)state;
    const struct setting add = {0};
    struct estimate figure[40];
    figure[0] = figure_of(&add, SAMPLE_NONE, (struct interval)NONE);
    for (int64_t i = 1; i < 40; i++)
        figure[i] = figure_of(&add, 8 * i, (struct interval)SLOWER);
    struct verdict *verdict;
    size_t count;
    assert_int_equal(
        verdict_build(&(struct summary){.estimate = figure, .count = 40}, &verdict, &count), 0);
    const size_t length = strlen(verdict->text);
    assert_in_range(length, VERDICT_TEXT - 40, VERDICT_TEXT - 1);
    free(verdict);
}
