/* SPDX-License-Identifier: MIT
 * probes/plan/place: on which node memory is, on machines made up for it. */
#include "tests/test.h"

#include "base/cpuset.h"
#include "probes/plan/place.h"
#include "tests/probes.h"

#include <stdbool.h>

/* Four cpus on nodes 0 and 2, a near memory-only node 3, and 5 with neither memory nor cpus; 0 is
 * farther from 3 than from 2. */
static struct topology by_hand(struct topology_cpu cpu[4], struct topology_node node[4])
{
    static unsigned distance[16] = {10, 20, 30, 99, 20, 10, 25, 99, 30, 25, 10, 99, 99, 99, 99, 10};
    for (unsigned i = 0; i < 4; i++)
        cpu[i] = (struct topology_cpu){
            .cpu = i, .core = (int)i, .l3 = -1, .node = i < 2 ? 0 : 2, .allowed = true};
    static const struct topology_node nodes[4] = {
        {.node = 0, .memory_bytes = 1 << 20, .cpus = 2, .allowed = true},
        {.node = 2, .memory_bytes = 1 << 20, .cpus = 2, .allowed = true},
        {.node = 3, .memory_bytes = 1 << 20, .allowed = true}, {.node = 5, .allowed = true}};
    memcpy(node, nodes, sizeof nodes);
    return (struct topology){
        .cpu = cpu, .cpus = 4, .node = node, .nodes = 4, .distance = distance, .packages = 1};
}

/* NULL is the default; else a name of --mem-node or a number. */
static struct memory_place memory_of(const char *name)
{
    static const char *const names[] = {"local", "remote", "interleave"};
    struct memory_place place = {0};
    while (name && place.kind < MEMORY_NODE && strcmp(names[place.kind], name) != 0)
        place.kind++;
    if (place.kind == MEMORY_NODE)
        place.node = atoi(name);
    return place;
}

static int node_of(const struct topology *t, const char *cpus, const char *name)
{
    struct cpuset set = {0};
    struct err err = {0};
    int node = -99;
    assert_int_equal(cpuset_parse(cpus, &set, &err), 0);
    if (place_memory(t, &set, memory_of(name), &node, &err))
        fail_msg("%s for cpus %s: %s", name, cpus, err.text);
    cpuset_fini(&set);
    return node;
}

static void assert_no_node(
    const struct topology *t, const char *cpus, const char *name, const char *text)
{
    struct cpuset set = {0};
    struct err err = {0};
    int node;
    assert_int_equal(cpuset_parse(cpus, &set, &err), 0);
    assert_refused(place_memory(t, &set, memory_of(name), &node, &err), -ENODEV, &err, text);
    cpuset_fini(&set);
}

static void memory_is_where_it_is_named(void **state)
{
    (void)state;
    struct topology_cpu cpu[4];
    struct topology_node node[4];
    const struct topology t = by_hand(cpu, node);
    assert_int_equal(node_of(&t, "3,0", NULL), 2); /* the first cpu's */
    assert_int_equal(node_of(&t, "0,3", "local"), 0);
    assert_int_equal(node_of(&t, "0", "interleave"), MEMORY_INTERLEAVE);
    assert_int_equal(node_of(&t, "0", "3"), 3);
    assert_no_node(&t, "0", "5", "node 5 has no memory");
    assert_no_node(&t, "0", "1", "node 1 does not exist");
    node[2].allowed = false;
    assert_no_node(&t, "0", "3", "node 3 is outside this process's cpuset");
}

static void owners_are_on_the_nodes_of_their_cpus(void **state)
{
    (void)state;
    struct topology_cpu cpu[4];
    struct topology_node memory[4];
    struct topology t = by_hand(cpu, memory);
    const struct cpuset set = CPUS(3, 0, 3);
    struct err err = {0};
    int node[3] = {-9, -9, -9};
    assert_int_equal(place_owners(&t, &set, node, &err), 0);
    const int expected[] = {2, 0, 2};
    assert_memory_equal(node, expected, sizeof node);
    memory[1].memory_bytes = 0;
    assert_refused(place_owners(&t, &set, node, &err), -ENODEV, &err,
        "--mem-node owner: cpu 3 is on node 2, which has no memory");
    t.nodes = 0; /* nothing is known of nodes */
    assert_int_equal(place_owners(&t, &set, node, &err), 0);
    assert_int_equal(node[1], MEMORY_ANY_NODE);
}

static void remote_is_the_farthest_that_is_local_to_none(void **state)
{
    (void)state;
    struct topology_cpu cpu[4];
    struct topology_node node[4];
    struct topology t = by_hand(cpu, node);
    assert_int_equal(node_of(&t, "0", "remote"), 3); /* never 5, at 99, which has no memory */
    assert_int_equal(node_of(&t, "0,2", "remote"), 3);
    node[2].allowed = false;
    assert_int_equal(node_of(&t, "0", "remote"), 2);
    assert_no_node(&t, "0,2", "remote", "no node with memory is remote");
    node[2].allowed = true;
    t.distance = NULL; /* not stated: any that is remote */
    assert_int_equal(node_of(&t, "0", "remote"), 2);
}

static void remote_needs_a_second_node(void **state)
{
    (void)state;
    struct here h = here_open("pack:1 core:4 pu:1");
    assert_no_node(&h.topology, "0,1", "remote", "'numaprobe topo' lists the nodes");
    here_close(&h);
}

static void a_node_without_memory_is_not_local(void **state)
{
    (void)state;
    struct topology_cpu cpu[4];
    struct topology_node node[4];
    const struct topology t = by_hand(cpu, node);
    node[0].memory_bytes = 0;
    assert_no_node(&t, "0", NULL, "cpu 0 is on node 0, which has no memory");
    assert_no_node(&t, "1", "local", "cpu 1 is on node 0");
    assert_int_equal(node_of(&t, "0", "2"), 2);
}

static void without_nodes_any_will_do(void **state)
{
    (void)state;
    struct topology_cpu cpu = {.core = -1, .l3 = -1, .package = -1, .node = -1, .allowed = true};
    const struct topology t = {.cpu = &cpu, .cpus = 1};
    assert_int_equal(node_of(&t, "0", NULL), MEMORY_ANY_NODE);
    assert_no_node(&t, "0", "remote", "no node with memory is remote");
    assert_no_node(&t, "0", "0", "does not exist");
}
