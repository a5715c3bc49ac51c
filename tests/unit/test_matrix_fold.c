/* SPDX-License-Identifier: MIT
 * Batches to figures: regimes are the canary's, never averaged, and nothing is cut out of them. How
 * often the intervals cover the truth: test_interval_coverage.c. */
#include "tests/test.h"

#include "analysis/dataset/pair_estimate.h"
#include "tests/random.h"

enum { N = 60, MOST = 500 };

struct made {
    double ns[MOST];
    int32_t place[MOST];
    unsigned char regime[MOST];
    struct pair_batches batches;
};

static void make(struct made *m, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        m->place[i] = (int32_t)(i % 64);
        m->regime[i] = 0;
    }
    m->batches =
        (struct pair_batches){.ns = m->ns, .place = m->place, .regime = m->regime, .count = count};
}

static void two_regimes_are_not_averaged(void **state)
{
    (void)state;
    struct rng rng;
    struct made m;
    struct pair_estimate f;
    make(&m, N);
    rng_seed(&rng, 2);
    for (size_t i = 0; i < N; i++) {
        m.regime[i] = i < 3 ? 5 : i % 3 == 2 ? 1 : 0;
        m.ns[i] = (m.regime[i] ? 280 : 65) * (1 + 0.01 * normal(&rng));
    }
    assert_int_equal(pair_estimates_fold(&m.batches, 0, &f), 0);
    assert_int_equal(f.others, 1);
    assert_int_equal(f.strays, 3);
    assert_int_equal(f.other_n, 19);
    assert_int_equal(f.ns.n + f.other_n + f.strays, N);
    assert_true(f.ns.high < 67 && f.ns.low > 63);
    assert_true(fabs(f.other_ns - 280) < 10);
}

/* Two values near each other in two regimes are two regimes, far apart in one are one. */
static void values_do_not_decide(void **state)
{
    (void)state;
    struct made m;
    struct pair_estimate f;
    make(&m, N);
    for (size_t i = 0; i < N; i++) {
        m.regime[i] = i >= 40;
        m.ns[i] = i % 2 ? 50 : 100;
    }
    assert_int_equal(pair_estimates_fold(&m.batches, 0, &f), 0);
    assert_int_equal(f.ns.n, 40);
    assert_int_equal(f.other_n, 20);
    assert_true(f.p10 == 50 && f.p90 == 100 && f.ns.mid == 75);
}

/* Of a distribution wider than REGIME_FACTOR, nothing is cut: its quantiles are those of all. */
static void scatter_is_shown(void **state)
{
    (void)state;
    struct rng rng;
    struct made m;
    struct pair_estimate f;
    make(&m, MOST);
    rng_seed(&rng, 3);
    for (size_t i = 0; i < MOST; i++)
        m.ns[i] = 100 * exp(0.3 * normal(&rng));
    assert_int_equal(pair_estimates_fold(&m.batches, 0, &f), 0);
    assert_int_equal(f.ns.n, MOST);
    /* exp(2 * 1.2816 * 0.3) = 2.16 */
    assert_true(f.p90 / f.p10 > 1.9 && f.p90 / f.p10 < 2.45);
    assert_int_equal(f.others + f.strays, 0);
}

static void few_batches_have_no_interval(void **state)
{
    (void)state;
    struct made m;
    struct pair_estimate f;
    make(&m, 3);
    m.ns[0] = 50, m.ns[1] = 52, m.ns[2] = 51;
    assert_int_equal(pair_estimates_fold(&m.batches, 0, &f), 0);
    assert_true(f.ns.mid == 51 && isnan(f.ns.low));
    assert_true(f.p10 == 50 && f.p90 == 52);
    assert_int_equal(f.others, 0);
    make(&m, 0);
    assert_int_equal(pair_estimates_fold(&m.batches, -1, &f), 0);
    assert_true(isnan(f.ns.mid) && isnan(f.p10) && f.others == 0 && f.strays == 0);
}
