/* SPDX-License-Identifier: MIT
 * Clusters in matrices made up with noise: they are found, and none where there are none. */
#include "tests/test.h"

#include "analysis/stats/clusters.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

enum { SEEDS = 40, MOST = 64 };

/* A machine: members per domain from the innermost out, and the distance within each. */
struct model {
    unsigned members;
    unsigned size[3]; /* of a core, an L3, a package; 1: no such domain */
    double ns[4];     /* within each, and beyond all */
};

/* The noise of a median on a busy machine: some percent, and one pair in 50 far off. */
static double noisy(double ns, struct rng *rng)
{
    const double wobble = 1 + 0.06 * (rng_real(rng) + rng_real(rng) - 1);
    return ns * wobble * (rng_real(rng) < 0.02 ? 1.15 : 1);
}

static double between(const struct model *m, unsigned a, unsigned b)
{
    for (int i = 0; i < 3; i++)
        if (a / m->size[i] == b / m->size[i])
            return m->ns[i];
    return m->ns[3];
}

static void fill(const struct model *m, struct rng *rng, double *square)
{
    for (unsigned i = 0; i < m->members; i++)
        for (unsigned j = 0; j <= i; j++)
            square[i * m->members + j] = square[j * m->members + i] =
                i == j ? NAN : noisy(between(m, i, j), rng);
}

static void check_levels(const struct model *m, const struct clusters *c, uint64_t seed)
{
    size_t level = 0;
    for (int i = 0; i < 3; i++) {
        if (m->size[i] == 1 || m->size[i] == m->members)
            continue;
        if (level == c->levels)
            fail_msg("seed %llu: domain of %u not found", (unsigned long long)seed, m->size[i]);
        const struct clusters_level *l = &c->level[level++];
        assert_int_equal(l->count, m->members / m->size[i]);
        for (unsigned k = 0; k < m->members; k++)
            assert_int_equal(l->of[k], k / m->size[i]);
        assert_true(l->within < l->between);
    }
    assert_int_equal(level, c->levels);
}

static void check_model(const struct model *m)
{
    static double square[MOST * MOST];
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct rng rng;
        struct clusters c;
        rng_seed(&rng, seed);
        fill(m, &rng, square);
        assert_int_equal(clusters_find(square, m->members, &c), 0);
        check_levels(m, &c, seed);
        clusters_fini(&c);
    }
}

static void two_packages(void **state)
{
    (void)state;
    check_model(&(struct model){16, {1, 1, 8}, {0, 0, 60, 140}});
}

static void four_l3s_in_two_packages(void **state)
{
    (void)state;
    check_model(&(struct model){32, {1, 8, 16}, {0, 30, 95, 190}});
}

static void siblings_in_l3s_in_packages(void **state)
{
    (void)state;
    check_model(&(struct model){64, {2, 16, 32}, {9, 30, 90, 200}});
}

static void siblings_alone(void **state)
{
    (void)state;
    check_model(&(struct model){8, {2, 8, 8}, {10, 50, 50, 50}});
}

static void uniform_has_none(void **state)
{
    (void)state;
    check_model(&(struct model){64, {1, 1, 1}, {0, 0, 0, 70}});
    check_model(&(struct model){3, {1, 1, 1}, {0, 0, 0, 70}});
}

static void cpus_need_not_be_in_order(void **state)
{
    (void)state;
    /* Odd and even members are the two packages. */
    double square[64];
    for (unsigned i = 0; i < 8; i++)
        for (unsigned j = 0; j < 8; j++)
            square[i * 8 + j] = i == j ? NAN : i % 2 == j % 2 ? 50 : 100;
    struct clusters c;
    assert_int_equal(clusters_find(square, 8, &c), 0);
    assert_int_equal(c.levels, 1);
    assert_int_equal(c.level[0].count, 2);
    const unsigned parity[8] = {1, 0, 1, 0, 1, 0, 1, 0}, halves[8] = {0, 0, 0, 0, 1, 1, 1, 1};
    assert_true(clusters_same(c.level[0].of, parity, 8));
    assert_false(clusters_same(c.level[0].of, halves, 8));
    clusters_fini(&c);
}

static void nothing_to_tell_apart(void **state)
{
    (void)state;
    struct clusters c;
    const double two[4] = {NAN, 50, 50, NAN};
    assert_int_equal(clusters_find(two, 2, &c), 0);
    assert_int_equal(c.levels, 0);
    const double holes[9] = {NAN, 50, NAN, 50, NAN, 100, NAN, 100, NAN};
    assert_int_equal(clusters_find(holes, 3, &c), 0);
    assert_int_equal(c.levels, 0);
    clusters_fini(&c);
}

/* Distances that rise by steps of a third, each a level: the widest are kept, none is lost. */
static void no_more_levels_than_there_is_room_for(void **state)
{
    (void)state;
    enum { N = 12 };
    double square[N * N];
    for (unsigned i = 0; i < N; i++)
        for (unsigned j = 0; j < N; j++)
            square[i * N + j] = i == j ? NAN : pow(1.34 + 0.01 * (i > j ? i : j), i > j ? i : j);
    struct clusters c;
    assert_int_equal(clusters_find(square, N, &c), 0);
    assert_in_range(c.levels, 1, CLUSTERS_LEVELS);
    clusters_fini(&c);
}
