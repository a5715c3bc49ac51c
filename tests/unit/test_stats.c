/* SPDX-License-Identifier: MIT
 * analysis/stats/stats: known medians and bounds, and the coverage the intervals promise, by
 * simulation. Everything is seeded, so a failure is a change of the method and never bad luck. */
#include "tests/test.h"

#include "analysis/stats/bootstrap.h"
#include "analysis/stats/stats.h"
#include "base/rng.h"

#include <math.h>

enum { SERIES_MAX = 2048 };

static double uniform(struct rng *rng)
{
    return ((double)(rng_next(rng) >> 11) + 0.5) * 0x1p-53;
}

static double normal(struct rng *rng)
{
    return sqrt(-2 * log(uniform(rng))) * cos(2 * M_PI * uniform(rng));
}

/* Each fills a series whose true median is 100. */
typedef void make_fn(struct rng *rng, double *value, size_t count);

static void make_normal(struct rng *rng, double *value, size_t count)
{
    for (size_t i = 0; i < count; i++)
        value[i] = 100 + 5 * normal(rng);
}

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

static void make_ar1(struct rng *rng, double *value, size_t count)
{
    double now = normal(rng);
    for (size_t i = 0; i < count; i++) {
        value[i] = 100 + 5 * now;
        now = 0.5 * now + sqrt(0.75) * normal(rng);
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
        assert_int_equal(stats_interval(value, count, rng_next(&rng), &got), 0);
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
            assert_int_equal(stats_interval(value, n, rng_next(&rng), &got), 0);
            if (interval_width(got) <= precision)
                break;
        }
        hits += got.low <= 100 && got.high >= 100;
    }
    return hits / (double)runs;
}

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

/* Larger runs of the same simulations: docs/method.md. */
static void test_coverage(void **state)
{
    (void)state;
    make_fn *const make[] = {make_normal, make_lognormal, make_bimodal};
    const size_t count[] = {20, 50, 200};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) {
            const double share = coverage(make[i], count[k], 400);
            assert_true(share >= 0.95 && share <= 0.995);
        }
    assert_true(coverage(make_ar1, 60, 400) >= 0.92);
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
        assert_int_equal(stats_ratio(a, b, 60, run, &got), 0);
        wrong += got.low > 1 || got.high < 1;
    }
    assert_true(wrong <= 100);
}
