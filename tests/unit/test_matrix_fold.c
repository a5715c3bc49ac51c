/* SPDX-License-Identifier: MIT
 * Batches to figures: regimes are told apart, and never averaged. */
#include "tests/test.h"

#include "analysis/dataset/pair_estimate.h"
#include "base/limits.h"
#include "base/rng.h"

#include <math.h>

enum { N = 60 };

static double around(double ns, struct rng *rng)
{
    return ns * (1 + 0.02 * ((double)rng_below(rng, 1000) / 1000 - 0.5));
}

static void one_regime(void **state)
{
    (void)state;
    struct rng rng;
    double ns[N];
    struct pair_estimate f;
    rng_seed(&rng, 1);
    for (int i = 0; i < N; i++)
        ns[i] = around(50, &rng);
    assert_int_equal(pair_estimates_fold(ns, N, &f), 0);
    assert_int_equal(f.others, 0);
    assert_int_equal(f.ns.n, N);
    assert_true(f.ns.low <= f.ns.mid && f.ns.mid <= f.ns.high);
    assert_true(f.ns.low > 49 && f.ns.high < 51);
    assert_true(49 < f.p10 && f.p10 <= f.ns.mid && f.ns.mid <= f.p90 && f.p90 < 51);
    assert_true(isnan(f.other_ns));
    assert_int_equal(f.strays, 0);
}

/* A third of the batches four times as far, and two strays. */
static void two_regimes_are_not_averaged(void **state)
{
    (void)state;
    struct rng rng;
    double ns[N];
    struct pair_estimate f;
    rng_seed(&rng, 2);
    for (int i = 0; i < N; i++)
        ns[i] = around(i % 3 == 2 ? 280 : 65, &rng);
    ns[7] = 900;
    ns[9] = 2000;
    assert_int_equal(pair_estimates_fold(ns, N, &f), 0);
    assert_int_equal(f.others, 1);
    assert_int_equal(f.strays, 2);
    assert_int_equal(f.ns.n + f.other_n + f.strays, N);
    assert_true(f.ns.high < 66 && f.ns.low > 64);
    assert_true(fabs(f.other_ns - 280) < 5);
}

static void within_a_regime_no_two_differ_by_more(void **state)
{
    (void)state;
    struct rng rng;
    double ns[300];
    unsigned char label[300];
    rng_seed(&rng, 3);
    for (int i = 0; i < 300; i++)
        ns[i] = 20 * exp(rng_below(&rng, 3000) / 1000.0);
    assert_int_equal(pair_regimes(ns, 300, label), 0);
    size_t members[256] = {0};
    for (int i = 0; i < 300; i++) {
        members[label[i]]++;
        for (int j = 0; j < i; j++)
            if (label[i] == label[j])
                assert_true(fmax(ns[i], ns[j]) <= fmin(ns[i], ns[j]) * REGIME_FACTOR);
    }
    for (int r = 1; r < 256; r++)
        assert_true(members[r] <= members[r - 1]);
}

/* A distribution wider than the factor has a tail, not a second regime. */
static void a_tail_is_no_regime(void **state)
{
    (void)state;
    double ns[N];
    struct pair_estimate f;
    for (int i = 0; i < N; i++)
        ns[i] = i < 50 ? 100 + 0.3 * i : 124.9 + 0.3 * (i - 50);
    ns[0] = 99;
    assert_int_equal(pair_estimates_fold(ns, N, &f), 0);
    assert_int_equal(f.others, 0);
    assert_int_equal(f.ns.n + f.strays, N);
    assert_in_range(f.strays, 1, 10);
}

static void more_regimes_than_labels(void **state)
{
    (void)state;
    static double ns[400];
    static unsigned char label[400];
    for (int i = 0; i < 400; i++)
        ns[i] = pow(1.3, i);
    assert_int_equal(pair_regimes(ns, 400, label), 0);
    size_t beyond = 0;
    for (int i = 0; i < 400; i++)
        beyond += label[i] == PAIR_REGIMES;
    assert_int_equal(beyond, 400 - PAIR_REGIMES);
}

static void few_batches_have_no_interval(void **state)
{
    (void)state;
    const double ns[3] = {50, 51, 52};
    struct pair_estimate f;
    assert_int_equal(pair_estimates_fold(ns, 3, &f), 0);
    assert_true(f.ns.mid == 51 && isnan(f.ns.low));
    assert_true(f.p10 == 50 && f.p90 == 52);
    assert_int_equal(f.others, 0);
    assert_int_equal(pair_estimates_fold(ns, 0, &f), 0);
    assert_true(isnan(f.ns.mid) && isnan(f.p10) && f.others == 0 && f.strays == 0);
}
