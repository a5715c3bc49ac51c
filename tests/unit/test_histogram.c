/* SPDX-License-Identifier: MIT
 * base/histogram: the bound its header promises, against exact sorted data. */
#include "tests/test.h"

#include "base/histogram.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

enum { VALUES = 20000 };

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void test_empty(void **state)
{
    (void)state;
    static struct histogram h;
    assert_int_equal(histogram_quantile(&h, 0.5), 0);
    histogram_record(&h, 7);
    histogram_clear(&h);
    assert_int_equal(h.count, 0);
    assert_int_equal(histogram_quantile(&h, 1), 0);
}

static void test_small_values_are_exact(void **state)
{
    (void)state;
    static struct histogram h;
    for (uint64_t value = 1; value <= 100; value++)
        histogram_record(&h, value);
    assert_int_equal(histogram_quantile(&h, 0), 1);
    assert_int_equal(histogram_quantile(&h, -1), 1);
    assert_int_equal(histogram_quantile(&h, NAN), 1);
    for (int percent = 1; percent <= 100; percent++)
        assert_int_equal(histogram_quantile(&h, percent / 100.0), percent);
    assert_int_equal(histogram_quantile(&h, 2), 100);
}

/* Buckets follow each other without a gap: a larger value never falls into an earlier bucket, and
 * each bucket is used. */
static void test_buckets_are_gapless(void **state)
{
    (void)state;
    unsigned last = 0;
    for (uint64_t value = 1; value < 1u << 20; value++) {
        const unsigned bucket = histogram_bucket(value);
        assert_true(bucket == last || bucket == last + 1);
        last = bucket;
    }
    assert_int_equal(histogram_bucket((UINT64_C(1) << 40) - 1), HISTOGRAM_BUCKETS - 1);
    assert_int_equal(histogram_bucket((UINT64_C(1) << 39) - 1), HISTOGRAM_BUCKETS - 65);
    assert_int_equal(histogram_bucket(UINT64_C(1) << 40), HISTOGRAM_BUCKETS - 1);
    assert_int_equal(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
}

/* An octave holds 64 buckets, as the header says. */
static void test_steps_in_an_octave(void **state)
{
    (void)state;
    for (int bit = 6; bit < 39; bit++) {
        const unsigned first = histogram_bucket(UINT64_C(1) << bit);
        const unsigned next = histogram_bucket(UINT64_C(2) << bit);
        assert_int_equal(next - first, HISTOGRAM_STEPS);
    }
}

static void test_quantiles_within_the_bound(void **state)
{
    (void)state;
    static struct histogram h;
    static uint64_t value[VALUES];
    struct rng rng;
    rng_seed(&rng, 11);
    for (int round = 0; round < 8; round++) {
        histogram_clear(&h);
        for (size_t i = 0; i < VALUES; i++) {
            value[i] = rng_next(&rng) >> (24 + rng_below(&rng, (uint32_t)(5 * round + 1)));
            histogram_record(&h, value[i]);
        }
        qsort(value, VALUES, sizeof(value[0]), ascending);
        for (uint32_t i = 1; i <= 1000; i++) {
            const uint64_t exact = value[i * VALUES / 1000 - 1];
            const uint64_t got = histogram_quantile(&h, i / 1000.0);
            assert_true(got >= exact);
            assert_true((double)got <= (double)exact * 1.016);
        }
        assert_true(histogram_quantile(&h, 1) == value[VALUES - 1]);
        assert_true(histogram_quantile(&h, 0) == value[0]);
        assert_true(h.min == value[0] && h.max == value[VALUES - 1] && h.count == VALUES);
    }
}

static void test_beyond_the_last_bucket(void **state)
{
    (void)state;
    static struct histogram h;
    histogram_record(&h, 10);
    histogram_record(&h, UINT64_C(1) << 50);
    assert_int_equal(histogram_quantile(&h, 0.5), 10);
    assert_true(histogram_quantile(&h, 0.51) == UINT64_C(1) << 50);
}

static void test_one_value_is_itself(void **state)
{
    (void)state;
    static struct histogram h;
    histogram_record(&h, 1000003);
    assert_int_equal(histogram_quantile(&h, 0.01), 1000003);
    assert_int_equal(histogram_quantile(&h, 0.99), 1000003);
}

static void test_sums_are_as_if_recorded_together(void **state)
{
    (void)state;
    static struct histogram a, b, sum, both, empty;
    for (uint64_t value = 5; value < 5000; value += 7) {
        histogram_record(value % 2 ? &a : &b, value);
        histogram_record(&both, value);
    }
    histogram_add(&sum, &empty);
    histogram_add(&sum, &b);
    histogram_add(&sum, &a);
    histogram_add(&sum, &empty);
    assert_memory_equal(&sum, &both, sizeof sum);
}
