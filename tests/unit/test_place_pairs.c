/* SPDX-License-Identifier: MIT
 * probes/plan/place: a pair of cpus of each distance, on recorded machines and some made up. */
#include "tests/test.h"

#include "probes/plan/place.h"
#include "tests/probes.h"

#include <glob.h>

#define TWO_OF_EACH "pack:2 numa:1 l3:2 core:4 pu:2" /* cpus 2n and 2n + 1 are siblings */

static void pairs_of(const struct topology *t, const char *list, struct place_pair *pair)
{
    struct cpuset cpus = {0};
    struct err err = {0};
    if (*list)
        assert_int_equal(cpuset_parse(list, &cpus, NULL), 0);
    if (place_pairs(t, &cpus, pair, &err))
        fail_msg("%s: %s", list, err.text);
    cpuset_fini(&cpus);
}

/* `expected`: first, second; a pair of one cpu is none. */
static void assert_pairs(
    const char *machine, const char *list, const unsigned expected[DISTANCE_COUNT][2])
{
    struct here h = here_open(machine);
    struct place_pair pair[DISTANCE_COUNT];
    pairs_of(&h.topology, list, pair);
    for (int d = 0; d < DISTANCE_COUNT; d++) {
        assert_int_equal(pair[d].found, expected[d][0] != expected[d][1]);
        for (int i = 0; i < 2 && pair[d].found; i++)
            assert_int_equal(pair[d].cpu[i], expected[d][i]);
    }
    here_close(&h);
}
#define PAIRS(...) ((const unsigned[DISTANCE_COUNT][2]){__VA_ARGS__})

static void each_distance_has_a_pair(void **state)
{
    (void)state;
    assert_pairs(TWO_OF_EACH, "",
        PAIRS([DISTANCE_SMT] = {0, 1}, [DISTANCE_L3] = {0, 2}, [DISTANCE_PACKAGE] = {0, 8},
            [DISTANCE_REMOTE] = {0, 16}));
    assert_pairs("pack:1 core:4 pu:1", "", PAIRS([DISTANCE_PACKAGE] = {0, 1}));
    assert_pairs("pack:4 numa:1 l3:1 core:2 pu:1", "",
        PAIRS([DISTANCE_L3] = {0, 1}, [DISTANCE_REMOTE] = {0, 2}));
    assert_pairs("pu:1", "", PAIRS({0}));
}

static void pairs_are_of_the_cpus_listed(void **state)
{
    (void)state;
    assert_pairs(
        TWO_OF_EACH, "30,9,3", PAIRS([DISTANCE_PACKAGE] = {3, 9}, [DISTANCE_REMOTE] = {3, 30}));
    assert_pairs(TWO_OF_EACH, "31,30", PAIRS([DISTANCE_SMT] = {30, 31}));
    assert_pairs(TWO_OF_EACH, "7", PAIRS({0}));
    struct here h = here_open("pu:2");
    struct place_pair pair[DISTANCE_COUNT];
    struct err err = {0};
    const struct cpuset beyond = CPUS(0, 2);
    assert_refused(place_pairs(&h.topology, &beyond, pair, &err), -ENODEV, &err,
        "--cpus: there is no cpu 2; the highest here is 1");
    here_close(&h);
}

static void what_is_not_allowed_is_in_no_pair(void **state)
{
    (void)state;
    struct here h = here_open(TWO_OF_EACH);
    struct place_pair pair[DISTANCE_COUNT];
    for (size_t i = 0; i < h.topology.cpus; i++)
        h.topology.cpu[i].allowed = i % 2 && i < 12;
    pairs_of(&h.topology, "", pair);
    assert_false(pair[DISTANCE_SMT].found || pair[DISTANCE_REMOTE].found);
    assert_int_equal(pair[DISTANCE_L3].cpu[0], 1);
    assert_int_equal(pair[DISTANCE_PACKAGE].cpu[1], 9);
    here_close(&h);
}

/* By trying all pairs: no distance is missed, and none is another than it says. */
static void assert_all_distances(const char *machine)
{
    struct here h = here_open(machine);
    const struct topology *const t = &h.topology;
    struct place_pair pair[DISTANCE_COUNT];
    bool there[DISTANCE_COUNT] = {false};
    pairs_of(t, "", pair);
    for (size_t i = 0; i < t->cpus; i++)
        for (size_t j = 0; j < i; j++)
            if (t->cpu[i].allowed && t->cpu[j].allowed)
                there[topology_distance(&t->cpu[i], &t->cpu[j])] = true;
    for (int d = 0; d < DISTANCE_COUNT; d++) {
        assert_int_equal(pair[d].found, there[d]);
        if (!pair[d].found)
            continue;
        const struct topology_cpu *const a = topology_cpu(t, pair[d].cpu[0]);
        const struct topology_cpu *const b = topology_cpu(t, pair[d].cpu[1]);
        assert_int_equal(topology_distance(a, b), d);
        assert_true(a->smt == 0 && b->smt == (d == DISTANCE_SMT));
    }
    here_close(&h);
}

static void recorded_and_large_machines_have_all_their_distances(void **state)
{
    (void)state;
    glob_t found = {0};
    assert_all_distances("pack:8 numa:2 l3:16 core:8 pu:2"); /* 4,096 cpus */
    assert_all_distances("pack:2 core:3 pu:4");
    if (glob("data/topologies/*.xml", 0, NULL, &found))
        SKIP_BECAUSE("no data/topologies/*.xml in the current folder");
    for (size_t i = 0; i < found.gl_pathc; i++)
        assert_all_distances(found.gl_pathv[i]);
    globfree(&found);
}
