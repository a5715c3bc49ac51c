/* SPDX-License-Identifier: MIT
 * analysis/stats/knee: curves whose bend is known, with noise, and curves that have none. */
#include "tests/test.h"

#include "analysis/stats/knee.h"
#include "tests/random.h"

#include <errno.h>

enum { SIZES = 10, BLOCKS = 30, RUNS = 100 };

/* Doubling sizes; value ~ size^before up to `at`, then size^after. */
static void make(struct rng *rng, double at, double before, double after, double sigma,
    double value[SIZES][BLOCKS], struct knee_point point[SIZES])
{
    for (int i = 0; i < SIZES; i++) {
        const double size = 1 << i, low = fmin(size, at), high = fmax(size, at);
        const double mid = pow(low, before) * pow(high / at, after);
        for (int k = 0; k < BLOCKS; k++)
            value[i][k] = mid * exp(sigma * normal(rng));
        point[i] = (struct knee_point){size, value[i], BLOCKS};
    }
}

/* How often the interval has the bend in it; and in *found how often there is one. */
static int covering(double at, double before, double after, double sigma, int *found)
{
    struct rng rng;
    double value[SIZES][BLOCKS];
    struct knee_point point[SIZES];
    struct knee knee;
    int covers = 0;
    *found = 0;
    rng_seed(&rng, 5);
    for (int run = 0; run < RUNS; run++) {
        make(&rng, at, before, after, sigma, value, point);
        assert_int_equal(knee_find(point, SIZES, (uint64_t)run, &knee), 0);
        *found += knee.found;
        covers += knee.at.low <= at && at <= knee.at.high;
    }
    return covers;
}

static void test_a_bend_is_found_where_it_is(void **state)
{
    (void)state;
    int found;
    assert_true(covering(16, 1, -0.3, 0.05, &found) >= 88);
    assert_int_equal(found, RUNS);
    assert_true(covering(50, 0.9, 0.1, 0.2, &found) >= 88);
    assert_int_equal(found, RUNS);
}

static void test_a_straight_curve_has_none(void **state)
{
    (void)state;
    int found;
    covering(16, 0.8, 0.8, 0.2, &found);
    assert_true(found <= 5);
    covering(16, 0.5, 0.8, 0.05, &found); /* bends upwards */
    assert_true(found <= 5);
}

static void test_slopes(void **state)
{
    (void)state;
    struct rng rng;
    double value[SIZES][BLOCKS];
    struct knee_point point[SIZES];
    struct knee knee;
    rng_seed(&rng, 2);
    make(&rng, 32, 1, -0.5, 0.001, value, point);
    assert_int_equal(knee_find(point, SIZES, 1, &knee), 0);
    assert_true(fabs(knee.before - 1) < 0.02 && fabs(knee.after + 0.5) < 0.02);
    assert_true(fabs(knee.at.mid / 32 - 1) < 0.05);
}

static void test_too_little(void **state)
{
    (void)state;
    struct rng rng;
    double value[SIZES][BLOCKS];
    struct knee_point point[SIZES];
    struct knee knee;
    rng_seed(&rng, 2);
    make(&rng, 32, 1, -0.5, 0.001, value, point);
    assert_int_equal(knee_find(point, KNEE_SIZES - 1, 1, &knee), -EINVAL);
    point[2].count = STATS_BLOCKS_MIN - 1;
    assert_int_equal(knee_find(point, SIZES, 1, &knee), -EINVAL);
}
