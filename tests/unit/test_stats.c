/* SPDX-License-Identifier: MIT
 * analysis/stats/stats: known medians and bounds. How often the intervals cover the truth:
 * test_interval_coverage.c. */
#include "tests/test.h"

#include "analysis/stats/series.h"
#include "analysis/stats/stats.h"
#include "base/rng.h"
#include "tests/random.h"

#include <math.h>

static void test_median(void **state)
{
    (void)state;
    assert_true(isnan(stats_median(NULL, 0)));
    assert_true(stats_median((double[]){7}, 1) == 7);
    assert_true(stats_median((double[]){4, 1}, 2) == 2.5);
    assert_true(stats_median((double[]){9, -1, 3}, 3) == 3);
    assert_true(stats_median((double[]){5, 5, 1, 1000, 5, 2}, 6) == 5);
}

static void test_constant_series(void **state)
{
    (void)state;
    double value[40];
    for (size_t i = 0; i < 40; i++)
        value[i] = 3.5;
    struct interval got;
    assert_int_equal(stats_interval(value, NULL, 40, &got), 0);
    assert_true(got.low == 3.5 && got.mid == 3.5 && got.high == 3.5);
    assert_int_equal(got.n, 40);
    assert_true(interval_width(got) == 0);
}

static void test_too_few(void **state)
{
    (void)state;
    double value[STATS_BLOCKS_MIN] = {0};
    for (size_t count = 0; count < STATS_BLOCKS_MIN; count++) {
        struct interval got;
        assert_int_equal(stats_interval(value, NULL, count, &got), 0);
        assert_true(isnan(got.low) && isnan(got.high) && isnan(got.mid) == (count == 0));
        assert_true(isinf(interval_width(got)));
    }
}

/* Independent blocks: n / 4, known exactly, so the bounds are at ranks n / 2 -+ 2.170090 sqrt(n) /
 * 2 between the sorted values. */
static void test_order_statistics(void **state)
{
    (void)state;
    const unsigned counts[] = {21, 51};
    for (size_t i = 0; i < 2; i++) {
        const unsigned n = counts[i];
        unsigned rank[51];
        double value[51];
        for (unsigned k = 0; k < n; k++)
            rank[k] = k + 1;
        struct rng rng;
        rng_seed(&rng, 8);
        rng_shuffle(&rng, rank, n);
        for (unsigned k = 0; k < n; k++)
            value[k] = rank[k];
        struct interval got;
        assert_int_equal(stats_interval(value, NULL, n, &got), 0);
        const double reach = 2.170090 * sqrt(n) / 2;
        assert_float_equal(got.mid, (n + 1) / 2.0, 0);
        assert_float_equal(got.low, got.mid - reach, 1e-9);
        assert_float_equal(got.high, got.mid + reach, 1e-9);
    }
}

/* By python3 from numerically integrated quantiles of Student's t at 0.985. */
static void test_quantile(void **state)
{
    (void)state;
    assert_float_equal(series_quantile(INFINITY), 2.170090, 1e-6);
    assert_float_equal(series_quantile(19), 2.3457, 5e-4);
    assert_float_equal(series_quantile(5), 3.0029, 2e-3);
    assert_float_equal(series_quantile(3), 3.8960, 2e-2);
}

static struct series_spread spread_of(const double *value, const int32_t *place, size_t count)
{
    struct series series;
    struct series_spread spread;
    assert_int_equal(series_init(value, place, count, &series), 0);
    assert_int_equal(series_spread(&series, &spread), 0);
    series_fini(&series);
    return spread;
}

/* Whether blocks of one place are alike shows only where places are met again. */
static void test_places(void **state)
{
    (void)state;
    enum { N = 120 };
    double value[N], effect[12];
    int32_t place[N], once[N];
    struct rng rng;
    rng_seed(&rng, 7);
    for (size_t p = 0; p < 12; p++)
        effect[p] = normal(&rng);
    for (size_t i = 0; i < N; i++) {
        place[i] = (int32_t)(i % 12);
        once[i] = (int32_t)i;
        value[i] = 100 + effect[i % 12] + 0.2 * normal(&rng);
    }
    const struct series_spread alone = spread_of(value, once, N),
                               unknown = spread_of(value, NULL, N);
    assert_true(alone.variance == unknown.variance);
    const struct series_spread known = spread_of(value, place, N);
    assert_true(known.variance > 2 * unknown.variance);
    assert_true(known.freedom < unknown.freedom);
    place[17] = STATS_NO_PLACE;
    assert_true(spread_of(value, place, N).variance == unknown.variance);
}

/* Four places have no middle fourteen of twenty: the bounds go beyond what was seen. */
static void test_few_places(void **state)
{
    (void)state;
    double value[40];
    int32_t place[40];
    for (size_t i = 0; i < 40; i++) {
        place[i] = (int32_t)(i % 4);
        value[i] = 100 + (double)(i % 4);
    }
    struct interval got;
    assert_int_equal(stats_interval(value, place, 40, &got), 0);
    assert_true(got.low < 100 && got.high > 103 && got.mid == 101.5);
}

static void test_ratio_cancels_drift(void **state)
{
    (void)state;
    double value[60], reference[60];
    struct rng rng;
    rng_seed(&rng, 3);
    for (size_t i = 0; i < 60; i++) {
        const double drift = 1 + 2 * (double)i / 59;
        value[i] = 28 * drift * (1 + 0.01 * normal(&rng));
        reference[i] = 10 * drift * (1 + 0.01 * normal(&rng));
    }
    struct interval ratio, alone;
    assert_int_equal(stats_ratio(value, reference, NULL, 60, &ratio), 0);
    assert_int_equal(stats_interval(value, NULL, 60, &alone), 0);
    assert_true(ratio.low < 2.8 && ratio.high > 2.8 && interval_width(ratio) < 0.01);
    assert_true(interval_width(alone) > 0.2);
}

static void test_ratio_leaves_out_nan(void **state)
{
    (void)state;
    double value[44], reference[44];
    for (size_t i = 0; i < 44; i++) {
        value[i] = i % 4 == 0 ? NAN : 6;
        reference[i] = i % 4 == 1 ? NAN : 3;
    }
    struct interval got;
    assert_int_equal(stats_ratio(value, reference, NULL, 44, &got), 0);
    assert_int_equal(got.n, 22);
    assert_true(got.low == 2 && got.mid == 2 && got.high == 2);
}

static void test_looks(void **state)
{
    (void)state;
    const size_t want[] = {20, 28, 40, 56, 80, 112, 160, 224};
    size_t look = 0;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(look = stats_next_look(look), want[i]);
    assert_int_equal(stats_next_look(19), 20);
    assert_int_equal(stats_next_look(57), 80);
}

static void test_alike_in_time(void **state)
{
    (void)state;
    double value[400];
    struct rng rng;
    rng_seed(&rng, 4);
    make_normal(&rng, value, 400);
    value[17] = 1e9; /* an outlier must not decide */
    assert_true(spread_of(value, NULL, 400).variance < 1.3 * 100);
    make_ar1(&rng, value, 400);
    /* rho 0.5: 1 + 2 sum(2 / pi asin(0.5^k)) = 2.3 */
    const double factor = spread_of(value, NULL, 400).variance / 100;
    assert_true(factor > 1.8 && factor < 3.5);
}

/* A step halfway through: neighbours hardly show it, long pieces do. */
static void test_drift(void **state)
{
    (void)state;
    double value[400];
    struct rng rng;
    rng_seed(&rng, 4);
    for (size_t i = 0; i < 400; i++)
        value[i] = 100 + (double)(i / 100 % 2) + 0.7 * normal(&rng);
    assert_true(spread_of(value, NULL, 400).variance > 3 * 100);
}
