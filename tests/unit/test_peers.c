/* SPDX-License-Identifier: MIT
 * analysis/peers: which host is not like the others. Fleets are made up with a fixed seed; how
 * often one is named is counted, and compared with bounds that chance does not reach. The large
 * simulation is tests/bench/bench_peers.c. */
#include "tests/test.h"

#include "analysis/peers/peers.h"
#include "analysis/peers/student.h"
#include "tests/peers_made.h"

#include <math.h>

enum { FLEETS = 200 };

static void tails_are_those_of_the_tables(void **state)
{
    (void)state;
    assert_float_equal(student_tail(2.228139, 10), 0.05, 1e-6);
    assert_float_equal(student_tail(12.7062, 1), 0.05, 1e-6);
    assert_float_equal(student_tail(1.959964, INFINITY), 0.05, 1e-6);
    assert_float_equal(student_tail(-2.228139, 10), 0.05, 1e-6);
    /* 2 * (1 - F(20)) with 30 degrees of freedom, by R: 2 * pt(-20, 30) */
    assert_true(student_tail(20, 30) > 0 && student_tail(20, 30) < 1e-17);
    assert_float_equal(student_tail(0, 5), 1, 0);
    assert_float_equal(log_variance_df(log_variance_variance(7)), 7, 1e-4);
    assert_true(isinf(log_variance_df(-0.1)));
    /* digamma(1/2) = -gamma - 2 ln 2, and trigamma(1/2) = pi^2 / 2 */
    assert_float_equal(log_variance_mean(1), -1.963510026 + log(2), 1e-6);
    assert_float_equal(log_variance_variance(1), M_PI * M_PI / 2, 1e-6);
}

/* How many of FLEETS fleets name a healthy host, and how many the one that is off. */
struct counted {
    int healthy, off;
};

static struct counted count_fleets(const struct made_fleet *fleet)
{
    struct counted counted = {0};
    struct rng rng;
    rng_seed(&rng, 42);
    for (int i = 0; i < FLEETS; i++) {
        const struct made_result r = made_fleet_judge(&rng, fleet);
        counted.healthy += r.healthy;
        counted.off += r.off;
    }
    return counted;
}

/* At most 5%, and what chance adds to it once in 1,000. */
static const int HEALTHY_MOST = FLEETS / 20 + 10;

static void healthy_fleets_are_seldom_named(void **state)
{
    (void)state;
    static const struct made_fleet fleets[] = {
        {.hosts = 20, .quantities = 5, .spread = 0.02},
        {.hosts = 20, .quantities = 20, .spread = 0.02},
        {.hosts = 20, .quantities = 20, .spread = 0.02, .correlation = 0.5},
        {.hosts = 20, .quantities = 20, .spread = 0.02, .uneven = true},
        {.hosts = 5, .quantities = 5, .spread = 0.02},
        {.hosts = 100, .quantities = 5, .spread = 0.02},
        {.hosts = 20, .quantities = 60, .spread = 0.02, .short_hosts = 2},
        {.hosts = 20, .quantities = 60, .spread = 0.02, .correlation = 0.5, .short_hosts = 2},
    };
    for (size_t i = 0; i < sizeof fleets / sizeof *fleets; i++)
        assert_in_range(count_fleets(&fleets[i]).healthy, 0, HEALTHY_MOST);
}

/* With the tails of a t distribution with 4 degrees of freedom, normal limits would name a host in
 * 19 of 20 fleets. */
/* What is left of five hosts without the one that is named still has a spread. */
static void a_spread_is_known_also_of_five_hosts(void **state)
{
    (void)state;
    double value[5][4];
    struct peers_result r;
    for (size_t h = 0; h < 5; h++)
        for (size_t q = 0; q < 4; q++)
            value[h][q] = 3 + 0.01 * (double)((h + q) % 3);
    value[1][2] += 0.8;
    const struct peers_kind kind = {*value, NULL, 5, 4};
    assert_int_equal(peers_find(&kind, 1, &peers_default, &r), 0);
    assert_int_equal(r.count, 1);
    assert_int_equal(r.named->quantity, 2);
    assert_true(r.quantity[0][2].spread > 0.001 && r.quantity[0][2].spread < 0.05);
    peers_fini(&r);
}

/* A kind with too few quantities for "all together" is not tested for it, next to one with enough
 * either: what it would be tested by, has no share of the error rate. */
static void a_kind_of_two_quantities_has_no_whole_hosts(void **state)
{
    (void)state;
    double many[10][5], few[10][2];
    struct peers_result r;
    for (size_t h = 0; h < 10; h++)
        for (size_t q = 0; q < 5; q++)
            many[h][q] = 3 + 0.01 * (double)((h * 7 + q * 3) % 5);
    for (size_t h = 0; h < 10; h++)
        for (size_t q = 0; q < 2; q++)
            few[h][q] = 3 + 0.01 * (double)((h * 7 + q * 3) % 5) + (h == 4) * 0.5;
    const struct peers_kind kind[] = {{*many, NULL, 10, 5}, {*few, NULL, 10, 2}};
    assert_int_equal(peers_find(kind, 2, &peers_default, &r), 0);
    assert_int_equal(r.tests, 10 * 5 + 10 * 2 + 10);
    for (size_t i = 0; i < r.count; i++)
        assert_true(r.named[i].kind == 1 && r.named[i].quantity != PEERS_ALL);
    peers_fini(&r);
}

static void heavy_tails_are_seen(void **state)
{
    (void)state;
    const struct made_fleet fleet = {
        .hosts = 20, .quantities = 40, .spread = 0.02, .heavy_tails = true};
    assert_in_range(count_fleets(&fleet).healthy, 0, FLEETS / 10 + 20);
}

static void a_quantity_that_is_off_is_named(void **state)
{
    (void)state;
    static const struct made_fleet fleets[] = {
        {.hosts = 20, .quantities = 5, .spread = 0.012, .off = 0.1, .off_quantities = 1},
        {.hosts = 20, .quantities = 20, .spread = 0.012, .off = -0.1, .off_quantities = 1},
        {.hosts = 20,
            .quantities = 20,
            .spread = 0.02,
            .correlation = 0.5,
            .off = 0.1,
            .off_quantities = 1},
        {.hosts = 100, .quantities = 20, .spread = 0.012, .off = 0.1, .off_quantities = 1},
    };
    for (size_t i = 0; i < sizeof fleets / sizeof *fleets; i++)
        assert_in_range(count_fleets(&fleets[i]).off, FLEETS - FLEETS / 20, FLEETS);
}

static void a_host_that_is_off_as_a_whole_is_named(void **state)
{
    (void)state;
    const struct made_fleet fleet = {
        .hosts = 20, .quantities = 20, .spread = 0.02, .off = 0.04, .off_quantities = 20};
    assert_in_range(count_fleets(&fleet).off, FLEETS - FLEETS / 20, FLEETS);
}

/* Two that are off by the same do not pass for the usual. */
static void two_do_not_hide_each_other(void **state)
{
    (void)state;
    double value[20];
    struct peers_result r;
    for (int h = 0; h < 20; h++)
        value[h] = 1 + 0.005 * (h % 5) + (h < 2 ? 0.2 : 0);
    assert_int_equal(
        peers_find(&(struct peers_kind){value, NULL, 20, 1}, 1, &peers_default, &r), 0);
    assert_int_equal(r.count, 2);
    assert_int_equal(r.named[0].host, 0);
    assert_int_equal(r.named[1].host, 1);
    assert_float_equal(r.named[0].off, 0.1875, 1e-6);
    assert_true(r.named[0].chance <= 0.05);
    assert_true(r.quantity[0][0].high < 1.03);
    peers_fini(&r);
}

/* Certain, but of no consequence. */
static void a_small_difference_is_not_named(void **state)
{
    (void)state;
    double value[20];
    struct peers_result r;
    for (int h = 0; h < 20; h++)
        value[h] = 1 + 0.0001 * (h % 5) + (h == 7 ? 0.015 : 0);
    assert_int_equal(
        peers_find(&(struct peers_kind){value, NULL, 20, 1}, 1, &peers_default, &r), 0);
    assert_int_equal(r.count, 0);
    peers_fini(&r);
    value[7] = 1.03;
    assert_int_equal(
        peers_find(&(struct peers_kind){value, NULL, 20, 1}, 1, &peers_default, &r), 0);
    assert_int_equal(r.count, 1);
    peers_fini(&r);
}

/* A host that was measured badly may be anywhere within its own interval. */
static void a_host_with_a_wide_interval_is_not_named(void **state)
{
    (void)state;
    double value[20], error[20];
    struct peers_result r;
    for (int h = 0; h < 20; h++) {
        value[h] = 1 + 0.005 * (h % 5) + (h == 7 ? 0.2 : 0);
        error[h] = 0.001;
    }
    const struct peers_kind kind = {value, error, 20, 1};
    assert_int_equal(peers_find(&kind, 1, &peers_default, &r), 0);
    assert_int_equal(r.count, 1);
    peers_fini(&r);
    error[7] = 0.1;
    assert_int_equal(peers_find(&kind, 1, &peers_default, &r), 0);
    assert_int_equal(r.count, 0);
    peers_fini(&r);
}

static void what_was_not_measured_is_not_judged(void **state)
{
    (void)state;
    double few[4] = {1, 1, 1, 9}, some[2 * 8];
    struct peers_result r;
    for (int h = 0; h < 8; h++) {
        some[2 * h] = h < 4 ? 1 : (double)NAN; /* too few have it */
        some[2 * h + 1] = h == 5 ? (double)NAN : 1 + 0.001 * h;
    }
    some[0] = 5;
    const struct peers_kind kinds[] = {
        {few, NULL, 4, 1}, {some, NULL, 8, 2}, {NULL, NULL, 0, 0}, {few, NULL, 4, 0}};
    assert_int_equal(peers_find(kinds, 4, &peers_default, &r), 0);
    assert_int_equal(r.count, 0);
    assert_int_equal(r.tests, 7);
    assert_int_equal(r.quantity[1][0].hosts, 4);
    assert_true(isnan(r.quantity[1][0].spread));
    assert_int_equal(r.quantity[1][1].hosts, 7);
    peers_fini(&r);
    assert_int_equal(peers_find(NULL, 0, &peers_default, &r), 0);
    peers_fini(&r);
}

/* The error rate is of the call: the same host is less certain among many more. */
static void all_kinds_share_one_error_rate(void **state)
{
    (void)state;
    double value[20];
    struct peers_kind kinds[50];
    struct peers_result one, all;
    for (int h = 0; h < 20; h++)
        value[h] = 1 + 0.01 * (h % 5) + (h == 7 ? 0.06 : 0);
    for (size_t k = 0; k < 50; k++)
        kinds[k] = (struct peers_kind){value, NULL, 20, 1};
    assert_int_equal(peers_find(kinds, 1, &peers_default, &one), 0);
    assert_int_equal(peers_find(kinds, 50, &peers_default, &all), 0);
    assert_int_equal(one.count, 1);
    assert_int_equal(all.count, 0);
    assert_int_equal(all.tests, 50 * one.tests);
    peers_fini(&one);
    peers_fini(&all);
}
