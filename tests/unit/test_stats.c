/* SPDX-License-Identifier: MIT
 * analysis/stats/stats: known medians and bounds, and the same interval from the same seed. How
 * often the intervals cover the truth: test_interval_coverage.c. */
#include "tests/test.h"

#include "analysis/stats/bootstrap.h"
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
    assert_int_equal(stats_interval(value, 40, 1, &got), 0);
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
        assert_int_equal(stats_interval(value, count, 1, &got), 0);
        assert_true(isnan(got.low) && isnan(got.high) && isnan(got.mid) == (count == 0));
        assert_true(isinf(interval_width(got)));
    }
}

/* The bootstrap distribution of an odd n's median is known (Efron 1979): rank k or less with
 * probability P(Bin(n, k/n) >= (n+1)/2). The first rank at which it exceeds the tail, by python3:
 *   next(k for k in range(1, n) if sum(comb(n, j) * (k/n)**j * (1 - k/n)**(n-j)
 *       for j in range((n+1)//2, n+1)) > tail)   # tail: test_tail; n = 21: 6, n = 51: 18 */
static void test_order_statistics(void **state)
{
    (void)state;
    const struct {
        unsigned n, low;
    } known[] = {{21, 6}, {51, 18}};
    for (size_t i = 0; i < 2; i++) {
        unsigned rank[51];
        double value[51];
        for (unsigned k = 0; k < known[i].n; k++)
            rank[k] = k + 1;
        struct rng rng;
        rng_seed(&rng, 8);
        rng_shuffle(&rng, rank, known[i].n);
        for (unsigned k = 0; k < known[i].n; k++)
            value[k] = rank[k];
        struct interval got;
        assert_int_equal(stats_interval(value, known[i].n, 1, &got), 0);
        assert_int_equal(got.low, known[i].low);
        assert_int_equal(got.mid, (known[i].n + 1) / 2);
        assert_int_equal(got.high, known[i].n + 1 - known[i].low);
    }
}

/* By python3 from numerically integrated quantiles of Student's t:
 * erfc(sqrt(m/(m-1)) * t(0.985, m-1) / sqrt(2)) / 2 */
static void test_tail(void **state)
{
    (void)state;
    assert_float_equal(bootstrap_tail(6), 0.000502, 2e-6);
    assert_float_equal(bootstrap_tail(20), 0.008051, 2e-6);
    assert_float_equal(bootstrap_tail(51), 0.012035, 2e-6);
    assert_float_equal(bootstrap_tail(101), 0.013467, 2e-6);
}

static void test_same_seed(void **state)
{
    (void)state;
    double value[60];
    struct rng rng;
    rng_seed(&rng, 5);
    make_normal(&rng, value, 60);
    struct interval a, b;
    assert_int_equal(stats_interval(value, 60, 9, &a), 0);
    assert_int_equal(stats_interval(value, 60, 9, &b), 0);
    assert_true(a.low == b.low && a.high == b.high && a.low < a.high);
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
    assert_int_equal(stats_ratio(value, reference, 60, 1, &ratio), 0);
    assert_int_equal(stats_interval(value, 60, 1, &alone), 0);
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
    assert_int_equal(stats_ratio(value, reference, 44, 1, &got), 0);
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

static void test_block_length(void **state)
{
    (void)state;
    double value[400];
    struct rng rng;
    rng_seed(&rng, 4);
    struct series series;
    make_normal(&rng, value, 400);
    value[17] = 1e9; /* an outlier must not decide */
    assert_int_equal(series_init(value, 400, &series), 0);
    assert_int_equal(series_block_length(&series), 1);
    series_fini(&series);
    make_ar1(&rng, value, 400);
    assert_int_equal(series_init(value, 400, &series), 0);
    /* rho 0.5: (1.5 (2 * 0.5 / 0.75)^2 400)^(1/3) = 10.2 */
    assert_in_range(series_block_length(&series), 8, 12);
    series_fini(&series);
    for (size_t i = 0; i < 40; i++)
        value[i] = (double)i;
    assert_int_equal(series_init(value, 40, &series), 0);
    assert_int_equal(series_block_length(&series), 10);
    series_fini(&series);
}
