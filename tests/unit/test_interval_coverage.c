/* SPDX-License-Identifier: MIT
 * How often intervals of analysis/stats and analysis/compare cover the truth, by simulation.
 * Everything is seeded, so a failure is a change of the method and never bad luck. These tests take
 * seconds, and no sanitizer sees in them what it does not see in those of test_stats. */
#include "tests/test.h"

#include "analysis/compare/compare.h"
#include "analysis/dataset/pair_estimate.h"
#include "analysis/stats/stats.h"
#include "tests/random.h"

enum { SERIES_MAX = 2048 };

/* Each fills a series whose true median is 100. */
typedef void make_fn(struct rng *rng, double *value, size_t count);

static void make_lognormal(struct rng *rng, double *value, size_t count)
{
    for (size_t i = 0; i < count; i++)
        value[i] = 100 * exp(0.3 * normal(rng));
}

/* Two modes, 80 to 20, and 5% of outliers far above. The median is the quantile 0.5 / (0.95 * 0.8)
 * of the lower mode: python3 -c "from statistics import *; print(NormalDist().inv_cdf(.5/.76))" */
static void make_bimodal(struct rng *rng, double *value, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        value[i] = (uniform(rng) < 0.8 ? 100 : 130) + normal(rng) - 0.4067;
        if (uniform(rng) < 0.05)
            value[i] += 200 + 300 * uniform(rng);
    }
}

static double coverage(make_fn *make, size_t count, unsigned runs)
{
    double value[SERIES_MAX];
    struct rng rng;
    rng_seed(&rng, 1);
    unsigned hits = 0;
    for (unsigned run = 0; run < runs; run++) {
        make(&rng, value, count);
        struct interval got;
        assert_int_equal(stats_interval(value, NULL, count, &got), 0);
        hits += got.low <= 100 && got.high >= 100;
    }
    return hits / (double)runs;
}

/* As a run does: look, and stop at the first interval within the precision. */
static double stopped_coverage(make_fn *make, double precision, unsigned runs)
{
    double value[SERIES_MAX];
    struct rng rng;
    rng_seed(&rng, 2);
    unsigned hits = 0;
    for (unsigned run = 0; run < runs; run++) {
        make(&rng, value, SERIES_MAX);
        struct interval got = {.low = NAN, .mid = NAN, .high = NAN};
        for (size_t n = stats_next_look(0); n <= SERIES_MAX; n = stats_next_look(n)) {
            assert_int_equal(stats_interval(value, NULL, n, &got), 0);
            if (interval_width(got) <= precision)
                break;
        }
        hits += got.low <= 100 && got.high >= 100;
    }
    return hits / (double)runs;
}

/* Larger runs of the same simulations: docs/method.md. */
static void test_coverage(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        make_fn *make;
    } series[] = {{"normal", make_normal}, {"lognormal", make_lognormal}, {"bimodal", make_bimodal},
        {"AR(1)", make_ar1}};
    static const size_t counts[] = {20, 28, 50, 80, 200, 500};
    for (size_t i = 0; i < sizeof series / sizeof *series; i++)
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
            const double share = coverage(series[i].make, counts[k], 2000);
            print_message("%s, %zu blocks: %.1f%%\n", series[i].name, counts[k], 100 * share);
            assert_true(share >= 0.93 && share <= 0.99);
        }
}

/* Each place shifts its blocks by a deviation of 2%, blocks scatter by 1%, and places are taken in
 * turn; the truth is the median over all places that there could be. */
static double place_coverage(size_t places, size_t count, unsigned runs)
{
    double value[SERIES_MAX], effect[64];
    int32_t place[SERIES_MAX];
    struct rng rng;
    rng_seed(&rng, 31);
    unsigned hits = 0;
    for (unsigned run = 0; run < runs; run++) {
        for (size_t p = 0; p < places; p++)
            effect[p] = 1 + 0.02 * normal(&rng);
        for (size_t i = 0; i < count; i++) {
            place[i] = (int32_t)(i % places);
            value[i] = 100 * effect[i % places] * (1 + 0.01 * normal(&rng));
        }
        struct interval got;
        assert_int_equal(stats_interval(value, place, count, &got), 0);
        hits += got.low <= 100 && got.high >= 100;
    }
    return hits / (double)runs;
}

static void test_coverage_over_places(void **state)
{
    (void)state;
    static const size_t places[] = {4, 12, 64}, counts[] = {20, 56, 80, 224, 500};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
            const double share = place_coverage(places[i], counts[k], 2000);
            print_message("%zu places, %zu blocks: %.1f%%\n", places[i], counts[k], 100 * share);
            assert_true(share >= 0.93 && share <= 0.99);
        }
}

/* A pair's batches in two regimes, which change every 40; the truth is the median of the first. */
static double pair_coverage(size_t count, unsigned runs)
{
    double value[SERIES_MAX];
    int32_t place[SERIES_MAX];
    unsigned char regime[SERIES_MAX];
    struct rng rng;
    rng_seed(&rng, 41);
    unsigned hits = 0;
    for (unsigned run = 0; run < runs; run++) {
        for (size_t i = 0; i < 2 * count; i++) {
            regime[i] = i / 40 % 2;
            place[i] = (int32_t)(i % 64);
            value[i] = (regime[i] ? 130 : 100) * exp(0.3 * normal(&rng));
        }
        struct pair_batches batches = {value, place, regime, 2 * count};
        struct pair_estimate got;
        assert_int_equal(pair_estimates_fold(&batches, 0, &got), 0);
        hits += got.ns.low <= 100 && got.ns.high >= 100;
    }
    return hits / (double)runs;
}

static void test_coverage_of_pairs(void **state)
{
    (void)state;
    static const size_t counts[] = {20, 40, 200, 500};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        const double share = pair_coverage(counts[k], 1000);
        print_message("two regimes, %zu batches each: %.1f%%\n", counts[k], 100 * share);
        assert_true(share >= 0.93 && share <= 0.99);
    }
}

static void test_coverage_at_the_stop(void **state)
{
    (void)state;
    assert_true(stopped_coverage(make_normal, 0.02, 300) >= 0.94);
    assert_true(stopped_coverage(make_lognormal, 0.12, 300) >= 0.94);
}

static void test_no_difference_where_there_is_none(void **state)
{
    (void)state;
    double a[60], b[60];
    struct rng rng;
    rng_seed(&rng, 6);
    unsigned wrong = 0;
    for (unsigned run = 0; run < 2000; run++) {
        make_lognormal(&rng, a, 60);
        make_lognormal(&rng, b, 60);
        struct interval got;
        assert_int_equal(stats_ratio(a, b, NULL, 60, &got), 0);
        wrong += got.low > 1 || got.high < 1;
    }
    assert_true(wrong <= 100);
}

enum shape { NORMAL, LOGNORMAL, BIMODAL, SHAPES };

static double drawn(struct rng *rng, enum shape shape)
{
    if (shape == LOGNORMAL)
        return exp(0.3 * normal(rng));
    if (shape == BIMODAL)
        return (rng_below(rng, 5) ? 10 : 12) + 0.3 * normal(rng);
    return 10 + 0.5 * normal(rng);
}

/* How often the interval of two series of one distribution covers 1. */
static double ratio_coverage(enum shape shape, size_t n, size_t m, int runs)
{
    double a[3000], b[3000], delta;
    struct interval ratio;
    struct rng rng;
    int covered = 0;
    rng_seed(&rng, 11 + (uint64_t)shape);
    for (int run = 0; run < runs; run++) {
        for (size_t i = 0; i < n; i++)
            a[i] = drawn(&rng, shape);
        for (size_t i = 0; i < m; i++)
            b[i] = drawn(&rng, shape);
        const struct compare_series x = {.ns = a, .count = n}, y = {.ns = b, .count = m};
        assert_int_equal(compare_ratio(&x, &y, &ratio, &delta), 0);
        covered += ratio.low <= 1 && ratio.high >= 1;
    }
    return (double)covered / runs;
}

static void test_coverage_of_ratios(void **state)
{
    (void)state;
    static const char *const names[] = {"normal", "lognormal", "bimodal"};
    static const size_t sizes[][2] = {{20, 20}, {24, 100}, {200, 200}, {2500, 2500}};
    for (enum shape shape = 0; shape < SHAPES; shape++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            const int runs = sizes[i][0] < 1000 ? 2000 : 300;
            const double share = ratio_coverage(shape, sizes[i][0], sizes[i][1], runs);
            print_message("%s, %zu and %zu blocks: %.1f%%\n", names[shape], sizes[i][0],
                sizes[i][1], 100 * share);
            /* 97% nominal; three standard errors of 2,000 and 300 runs are 1.1 and 3.0%. Of two
             * series of 20 a bound rarely comes too near: the width of one evens out that of the
             * other. */
            assert_true(share > 0.94);
            assert_true(share < 0.995);
        }
}

/* Blocks that depend on the one before, by 0.5, in a series so long that its limit is drawn. */
static void test_coverage_of_ratios_of_long_autocorrelated(void **state)
{
    (void)state;
    enum { N = 2500, RUNS = 300 };
    static double value[2][N];
    struct rng rng;
    int covered = 0;
    rng_seed(&rng, 21);
    for (int run = 0; run < RUNS; run++) {
        struct interval ratio;
        double delta;
        for (int s = 0; s < 2; s++)
            for (int i = 0; i < N; i++)
                value[s][i] = (i ? 0.5 * (value[s][i - 1] - 10) : 0) + 10 + 0.3 * normal(&rng);
        const struct compare_series x = {.ns = value[0], .count = N},
                                    y = {.ns = value[1], .count = N};
        assert_int_equal(compare_ratio(&x, &y, &ratio, &delta), 0);
        covered += ratio.low <= 1 && ratio.high >= 1;
    }
    print_message("autocorrelated by 0.5, %d blocks: %.1f%%\n", N, 100.0 * covered / RUNS);
    assert_true(covered > RUNS * 92 / 100);
}
