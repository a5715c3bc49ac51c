/* SPDX-License-Identifier: MIT
 * probes/plan/place: which cpus are chosen, on machines made up for it. Nodes are in
 * test_place_memory.c. */
#include "tests/test.h"

#include "base/cpuset.h"
#include "probes/plan/place.h"
#include "tests/probes.h"

#include <glob.h>
#include <stdbool.h>

#define TWO_OF_EACH "pack:2 numa:1 l3:2 core:4 pu:2" /* cpus 2n and 2n + 1 are siblings */
#define NO_L3 "pack:1 core:4 pu:1"
#define L3_A_PACKAGE "pack:4 numa:1 l3:1 core:2 pu:1"
#define LARGE "pack:8 numa:2 l3:8 core:8 pu:2" /* 2,048 cpus */

/* NULL is the default. */
static enum placement placement_of(const char *name)
{
    enum placement p = PLACE_DEFAULT;
    while (name && strcmp(placement_name[p], name) != 0)
        p++;
    return p;
}

static struct cpuset placed(const struct topology *t, const char *name, size_t threads)
{
    struct cpuset cpus = {0};
    struct err err = {0};
    if (place_chosen(t, placement_of(name), threads, &cpus, &err))
        fail_msg("%s: %s", name ? name : "default", err.text);
    return cpus;
}

static bool is_list(const struct cpuset *cpus, const char *list)
{
    struct cpuset expected = {0};
    assert_int_equal(cpuset_parse(list, &expected, NULL), 0);
    const bool same = expected.count == cpus->count &&
                      memcmp(expected.cpu, cpus->cpu, cpus->count * sizeof *cpus->cpu) == 0;
    cpuset_fini(&expected);
    return same;
}

static void assert_placed(const char *machine, const char *name, size_t threads, const char *list)
{
    struct here h = here_open(machine);
    struct cpuset cpus = placed(&h.topology, name, threads);
    char *text = cpuset_format(cpus.cpu, cpus.count);
    if (!is_list(&cpus, list))
        fail_msg("%s, %s, %zu threads: cpus %s and not %s", machine, name, threads, text, list);
    free(text);
    cpuset_fini(&cpus);
    here_close(&h);
}

static void assert_unplaced(
    const char *machine, const char *name, size_t threads, int code, const char *text)
{
    struct here h = here_open(machine);
    struct cpuset cpus = {0};
    struct err err = {0};
    assert_refused(
        place_chosen(&h.topology, placement_of(name), threads, &cpus, &err), code, &err, text);
    assert_null(cpus.cpu);
    here_close(&h);
}

static void default_is_the_nearest_pair_of_cores(void **state)
{
    (void)state;
    assert_placed(TWO_OF_EACH, NULL, 0, "0,2");
    assert_placed(NO_L3, NULL, 0, "0,1");
    assert_placed("pack:2 core:1 pu:2", NULL, 0, "0,2"); /* no pair in a package but siblings */
    assert_placed("pack:2 l3:2 core:1 pu:1", NULL, 0, "0,1"); /* no pair in an L3 */
    assert_placed(LARGE, NULL, 0, "0,2");
    assert_placed("core:1 pu:2", NULL, 0, "0,1"); /* nothing but siblings */
}

static void one_cpu_is_a_place(void **state)
{
    (void)state;
    assert_placed("pu:1", NULL, 0, "0");
    assert_placed("pu:1", NULL, 1, "0");
    assert_placed("pu:1", "spread", 1, "0");
    assert_unplaced(
        "pu:1", NULL, 2, -ENODEV, "--threads: 2 are too many: compact has 1 place here");
    assert_unplaced("pu:1", "spread", 0, -ENODEV, "--place: spread needs 2 cpus and finds 1 here");
}

static void compact_fills_one_domain_with_cores(void **state)
{
    (void)state;
    assert_placed(TWO_OF_EACH, "compact", 4, "0,2,4,6");
    assert_placed(TWO_OF_EACH, "compact", 8, "0,2,4,6,8,10,12,14");
    assert_placed(L3_A_PACKAGE, "compact", 3, "0-2");
    assert_placed(NO_L3, "compact", 4, "0-3");
    assert_placed(TWO_OF_EACH, "compact", 17, "0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,1");
    assert_unplaced(TWO_OF_EACH, "compact", 33, -ENODEV, "33 are too many: compact has 32 places");
}

/* Cpus 0 and 1 alone in their L3 cannot seat three. */
static void compact_goes_where_there_is_room(void **state)
{
    (void)state;
    struct here h = here_open("pack:1 l3:2 core:4 pu:1");
    h.topology.cpu[1].allowed = h.topology.cpu[2].allowed = false;
    struct cpuset cpus = placed(&h.topology, "compact", 3);
    assert_int_equal(cpus.cpu[0], 4);
    assert_int_equal(cpus.cpu[2], 6);
    cpuset_fini(&cpus);
    here_close(&h);
}

static void siblings_are_ranked_among_the_allowed(void **state)
{
    (void)state;
    struct here h = here_open("pack:1 l3:1 core:2 pu:2");
    h.topology.cpu[2].allowed = false; /* left: both threads of a core, and the second of another */
    struct cpuset cpus = placed(&h.topology, NULL, 0);
    assert_int_equal(cpus.cpu[0], 0);
    assert_int_equal(cpus.cpu[1], 3);
    cpuset_fini(&cpus);
    here_close(&h);
}

static void spread_takes_turns(void **state)
{
    (void)state;
    assert_placed(TWO_OF_EACH, "spread", 0, "0,16");
    assert_placed(TWO_OF_EACH, "spread", 4, "0,16,8,24");
    assert_placed(TWO_OF_EACH, "spread", 6, "0,16,8,24,2,18");
    assert_placed(NO_L3, "spread", 3, "0-2");
    assert_placed("pack:2 core:2 pu:2", "spread", 6, "0,4,2,6,1,5"); /* siblings last */
    assert_unplaced(NO_L3, "spread", 5, -ENODEV, "spread has 4 places");
}

static void smt_pairs_threads_of_a_core(void **state)
{
    (void)state;
    assert_placed(TWO_OF_EACH, "smt", 0, "0,1");
    assert_placed(TWO_OF_EACH, "smt", 5, "0-4");
    assert_unplaced(NO_L3, "smt", 0, -ENODEV, "smt needs 2 cpus and finds 0 here");
    assert_unplaced("pu:1", "smt", 0, -ENODEV, "smt needs 2 cpus and finds 0 here");
    struct here h = here_open("core:2 pu:2");
    h.topology.cpu[1].allowed = false; /* a core with one thread left is no pair */
    struct cpuset cpus = placed(&h.topology, "smt", 0);
    assert_int_equal(cpus.cpu[0], 2);
    assert_int_equal(cpus.cpu[1], 3);
    cpuset_fini(&cpus);
    here_close(&h);
}

static void one_per_domain_takes_the_first_of_each(void **state)
{
    (void)state;
    assert_placed(TWO_OF_EACH, "one-per-l3", 0, "0,8,16,24");
    assert_placed(TWO_OF_EACH, "one-per-l3", 3, "0,8,16");
    assert_placed(TWO_OF_EACH, "one-per-node", 0, "0,16");
    assert_placed(L3_A_PACKAGE, "one-per-node", 0, "0,2,4,6");
    assert_placed("pack:1 core:2 pu:1", "one-per-node", 0, "0");
    assert_unplaced(TWO_OF_EACH, "one-per-l3", 5, -ENODEV, "one-per-l3 has 4 places");
    assert_unplaced(TWO_OF_EACH, "one-per-node", 3, -ENODEV, "one-per-node has 2 places");
}

static void what_is_not_known_is_no_place(void **state)
{
    (void)state;
    assert_unplaced(NO_L3, "one-per-l3", 0, -ENODEV, "--place: one-per-l3 needs 1 cpu and finds 0");
    assert_unplaced("pack:2 core:2 pu:1", "one-per-l3", 1, -ENODEV, "one-per-l3 has 0 places here");
}

static void no_allowed_cpu_is_told(void **state)
{
    (void)state;
    struct here h = here_open("pu:1");
    h.topology.cpu[0].allowed = false;
    for (enum placement p = PLACE_COMPACT; p < PLACEMENTS; p++) {
        struct cpuset cpus = {0};
        struct err err = {0};
        assert_refused(place_chosen(&h.topology, p, 0, &cpus, &err), -ENODEV, &err, "finds 0 here");
    }
    here_close(&h);
}

static void assert_distinct(const struct cpuset *cpus)
{
    bool *seen = calloc(CPUSET_MAX, sizeof *seen);
    for (size_t i = 0; i < cpus->count; i++) {
        assert_false(seen[cpus->cpu[i]]);
        seen[cpus->cpu[i]] = true;
    }
    free(seen);
}

static void large_machines_are_placed_whole(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t threads, count;
    } whole[] = {{"compact", 2048, 2048}, {"spread", 2048, 2048}, {"smt", 2048, 2048},
        {"one-per-l3", 0, 128}, {"one-per-node", 0, 16}};
    struct here h = here_open(LARGE);
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        struct cpuset cpus = placed(&h.topology, whole[i].name, whole[i].threads);
        assert_int_equal(cpus.count, whole[i].count);
        assert_distinct(&cpus);
        cpuset_fini(&cpus);
    }
    here_close(&h);
}

static void every_named_placement_exists(void **state)
{
    (void)state;
    struct here h = here_open(TWO_OF_EACH);
    for (enum placement p = PLACE_COMPACT; p < PLACEMENTS; p++) {
        struct cpuset cpus = placed(&h.topology, placement_name[p], 1);
        assert_int_equal(cpus.count, 1);
        cpuset_fini(&cpus);
    }
    here_close(&h);
}

static void assert_unlisted(const struct topology *t, struct cpuset list, const char *text)
{
    struct cpuset cpus = {0};
    struct err err = {0};
    assert_refused(place_listed(t, &list, &cpus, &err), -ENODEV, &err, text);
    assert_non_null(strstr(err.text, "--cpus"));
    assert_null(cpus.cpu);
}

static void listed_cpus_keep_their_order(void **state)
{
    (void)state;
    struct here h = here_open(NO_L3);
    struct cpuset cpus = {0};
    const struct cpuset list = CPUS(3, 0, 1);
    assert_int_equal(place_listed(&h.topology, &list, &cpus, NULL), 0);
    assert_int_equal(cpus.count, 3);
    assert_int_equal(cpus.cpu[0], 3);
    assert_int_equal(cpus.cpu[2], 1);
    cpuset_fini(&cpus);
    here_close(&h);
}

static void listed_cpus_must_be_there(void **state)
{
    (void)state;
    struct here h = here_open(NO_L3);
    const struct cpuset missing = CPUS(0, 7), forbidden = CPUS(0, 1);
    assert_unlisted(&h.topology, missing, "there is no cpu 7; the highest here is 3");
    h.topology.cpu[1].allowed = false;
    assert_unlisted(&h.topology, forbidden, "cpu 1 is outside this process's cpuset");
    here_close(&h);
}

/* Recorded machines: the default is no SMT pair wherever there are two cores. */
static void assert_default_places(const char *path)
{
    struct here h = here_open(path);
    struct cpuset cpus = placed(&h.topology, NULL, 0);
    if (cpus.count == 2 && h.topology.cores > 1)
        assert_int_not_equal(topology_distance(topology_cpu(&h.topology, cpus.cpu[0]),
                                 topology_cpu(&h.topology, cpus.cpu[1])),
            DISTANCE_SMT);
    cpuset_fini(&cpus);
    cpus = placed(&h.topology, "one-per-node", 0);
    assert_distinct(&cpus);
    cpuset_fini(&cpus);
    here_close(&h);
}

static void recorded_machines_have_default_places(void **state)
{
    (void)state;
    glob_t found = {0};
    if (glob("data/topologies/*.xml", 0, NULL, &found))
        SKIP_BECAUSE("no data/topologies/*.xml in the current folder");
    for (size_t i = 0; i < found.gl_pathc; i++)
        assert_default_places(found.gl_pathv[i]);
    globfree(&found);
}
