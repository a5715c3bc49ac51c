/* SPDX-License-Identifier: MIT
 * base/topology: looking up and distances, on machines written down by hand. */
#include "tests/test.h"

#include "base/topology.h"

#include <stdlib.h>
#include <string.h>

static void test_lookup(void **state)
{
    (void)state;
    struct topology_cpu cpu[] = {{.cpu = 0}, {.cpu = 2}, {.cpu = 5}, {.cpu = 4000000000u}};
    struct topology_node node[] = {{.node = 1}, {.node = 8}};
    const struct topology t = {.cpu = cpu, .cpus = 4, .node = node, .nodes = 2};
    for (size_t i = 0; i < 4; i++)
        assert_ptr_equal(topology_cpu(&t, cpu[i].cpu), &cpu[i]);
    assert_null(topology_cpu(&t, 1));
    assert_null(topology_cpu(&t, 4294967295u));
    assert_ptr_equal(topology_node(&t, 1), &node[0]);
    assert_ptr_equal(topology_node(&t, 8), &node[1]);
    assert_null(topology_node(&t, 0));
    const struct topology empty = {0};
    assert_null(topology_cpu(&empty, 0));
    assert_null(topology_node(&empty, 0));
}

static void test_distance(void **state)
{
    (void)state;
    const struct topology_cpu a = {.cpu = 0, .core = 0, .l3 = 0, .package = 0};
    const struct topology_cpu smt = {.cpu = 8, .core = 0, .l3 = 0, .package = 0};
    const struct topology_cpu l3 = {.cpu = 1, .core = 1, .l3 = 0, .package = 0};
    const struct topology_cpu package = {.cpu = 2, .core = 2, .l3 = 1, .package = 0};
    const struct topology_cpu remote = {.cpu = 4, .core = 4, .l3 = 2, .package = 1};
    assert_int_equal(topology_distance(&a, &a), DISTANCE_SAME);
    assert_int_equal(topology_distance(&a, &smt), DISTANCE_SMT);
    assert_int_equal(topology_distance(&a, &l3), DISTANCE_L3);
    assert_int_equal(topology_distance(&a, &package), DISTANCE_PACKAGE);
    assert_int_equal(topology_distance(&a, &remote), DISTANCE_REMOTE);
    assert_int_equal(topology_distance(&remote, &a), DISTANCE_REMOTE);
}

static void test_unknown_is_not_shared(void **state)
{
    (void)state;
    const struct topology_cpu a = {.cpu = 0, .core = -1, .l3 = -1, .package = -1};
    const struct topology_cpu b = {.cpu = 1, .core = -1, .l3 = -1, .package = -1};
    const struct topology_cpu c = {.cpu = 2, .core = -1, .l3 = -1, .package = 0};
    assert_int_equal(topology_distance(&a, &b), DISTANCE_PACKAGE);
    assert_int_equal(topology_distance(&a, &c), DISTANCE_REMOTE);
}

static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < DISTANCE_COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(
                distance_name((enum distance)i), distance_name((enum distance)k));
    assert_string_equal(distance_name(DISTANCE_SMT), "same core");
    assert_string_equal(distance_name(DISTANCE_L3), "same L3");
    assert_string_equal(distance_name(DISTANCE_COUNT), "unknown");
}

static void test_fini(void **state)
{
    (void)state;
    struct topology t = {.cpu = calloc(1, sizeof(*t.cpu)),
        .cpus = 1,
        .node = calloc(1, sizeof(*t.node)),
        .nodes = 1,
        .distance = calloc(1, sizeof(unsigned))};
    topology_fini(&t);
    assert_null(t.cpu);
    assert_int_equal(t.cpus, 0);
    topology_fini(&t);
}
