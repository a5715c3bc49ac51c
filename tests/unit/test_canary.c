/* SPDX-License-Identifier: MIT
 * Which pairs the canary plays, and how it tells regimes apart. */
#include "tests/test.h"

#include "probes/trial/canary.h"
#include "tests/probes.h"

#include <math.h>

enum { MANY = 64 };

static struct canary pairs_on(const char *synthetic, unsigned cpus)
{
    struct machine *machine;
    struct topology topology;
    struct canary canary;
    unsigned cpu[MANY];
    for (unsigned i = 0; i < cpus; i++)
        cpu[i] = i;
    assert_int_equal(machine_open(synthetic, &machine, &topology, NULL), 0);
    canary_init(&canary, &topology, cpu, cpus);
    topology_fini(&topology);
    machine_close(machine);
    return canary;
}

static void one_cpu_has_no_canary(void **state)
{
    (void)state;
    const struct canary c = pairs_on("pu:1", 1);
    const struct canary_reading none = {0};
    assert_int_equal(c.pairs, 0);
    assert_true(isnan(canary_ns(&c, &none)));
}

static void two_cpus_are_one_pair(void **state)
{
    (void)state;
    const struct canary c = pairs_on("core:2 pu:1", 2);
    assert_int_equal(c.pairs, 1);
    assert_int_not_equal(c.pair[0][0], c.pair[0][1]);
}

static void a_few_cpus_are_a_ring(void **state)
{
    (void)state;
    const struct canary c = pairs_on("core:4 pu:1", 4);
    assert_int_equal(c.pairs, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(c.pair[i][1], (c.pair[i][0] + 1) % 4);
}

static void many_cpus_are_bounded(void **state)
{
    (void)state;
    const struct canary c = pairs_on("pack:2 numa:1 l3:2 core:8 pu:2", MANY);
    assert_in_range(c.pairs, 2, CANARY_PAIRS);
    for (unsigned i = 0; i < c.pairs; i++) {
        assert_true(c.pair[i][0] < MANY && c.pair[i][1] < MANY);
        assert_int_not_equal(c.pair[i][0], c.pair[i][1]);
    }
}

static struct canary_reading at(double a, double b)
{
    return (struct canary_reading){.ns = {a, b}};
}

static int regime_of(struct canary *c, double a, double b)
{
    const struct canary_reading r = at(a, b);
    return canary_regime(c, &r);
}

static void every_pair_must_agree(void **state)
{
    (void)state;
    const struct canary c = {.pairs = 2};
    const struct canary_reading a = at(100, 100), near = at(120, 85), far = at(100, 130);
    assert_true(canary_agree(&c, &a, &near));
    assert_false(canary_agree(&c, &a, &far));
    assert_false(canary_agree(&c, &far, &a));
}

static void a_jump_is_a_regime_and_so_is_the_way_back(void **state)
{
    (void)state;
    struct canary c = {.pairs = 2};
    assert_int_equal(regime_of(&c, 65, 65), 0);
    assert_int_equal(regime_of(&c, 280, 65), 1); /* one pair is enough */
    assert_int_equal(regime_of(&c, 68, 62), 0);
    assert_int_equal(c.regimes, 2);
}

/* A first reading at the edge must not cut a regime in two. */
static void a_regime_is_where_its_readings_are(void **state)
{
    (void)state;
    struct canary c = {.pairs = 1};
    assert_int_equal(regime_of(&c, 330, 0), 0);
    for (int i = 0; i < 20; i++)
        assert_int_equal(regime_of(&c, 400, 0), 0);
    assert_int_equal(regime_of(&c, 430, 0), 0); /* 1.30 times the first */
    assert_int_equal(regime_of(&c, 550, 0), 1);
    assert_int_equal(regime_of(&c, 480, 0), 1); /* within reach of both, nearer to this */
}
