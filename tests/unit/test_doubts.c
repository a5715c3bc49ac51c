/* SPDX-License-Identifier: MIT
 * probes/doubts: what is implausible, on machines that show it and on one that does not. */
#include "tests/test.h"

#include "machine/system/topology_checks.h"
#include "machine/topology.h"

#include <stdlib.h>
#include <string.h>

static size_t doubts_of(const char *source, struct check_result out[TOPOLOGY_CHECKS_MAX])
{
    struct machine *machine;
    struct topology topology;
    struct err err = {0};
    if (machine_open(source, &machine, &topology, &err) != 0)
        fail_msg("%s", err.text);
    const size_t count = topology_checks_run(&topology, out);
    topology_fini(&topology);
    machine_close(machine);
    return count;
}

static bool has(const char *source, const char *name)
{
    struct check_result finding[TOPOLOGY_CHECKS_MAX];
    const size_t count = doubts_of(source, finding);
    for (size_t i = 0; i < count; i++)
        if (strcmp(finding[i].name, name) == 0)
            return finding[i].found[0] != '\0' && finding[i].meaning[0] != '\0';
    return false;
}

static void test_plausible(void **state)
{
    (void)state;
    struct check_result finding[TOPOLOGY_CHECKS_MAX];
    assert_int_equal(doubts_of("pack:1 numa:1 l3:2 core:4 pu:2", finding), 0);
    assert_int_equal(doubts_of("data/topologies/four-nodes.xml", finding), 0);
}

static void test_each(void **state)
{
    (void)state;
    static const struct {
        const char *source, *name;
    } cases[] = {
        {"data/topologies/no-cache-vm.xml", "line size"},
        {"data/topologies/no-cache-vm.xml", "L3 missing"},
        {"data/topologies/private-l3-vm.xml", "L3 size"},
        {"data/topologies/memory-only-nodes.xml", "node no cpus"},
        {"numa:2 pu:2", "cores"},
        {"numa:2 pu:2", "packages"},
        {"numa:2 pu:2", "distances"},
        {"pack:2 core:2 pu:1", "node span"},
        {"l3:1 pack:2 core:2 pu:1", "L3 span"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!has(cases[i].source, cases[i].name))
            fail_msg("%s: '%s' not found", cases[i].source, cases[i].name);
}

/* 64 MiB for each core is the border: a shared L3 may be larger. */
static void test_border(void **state)
{
    (void)state;
    assert_false(has("pack:1 l3:1(size=536870912) core:8 pu:2", "L3 size"));
    assert_true(has("pack:1 l3:1(size=536870920) core:8 pu:2", "L3 size"));
}

static void test_by_hand(void **state)
{
    (void)state;
    struct topology_cpu cpu[] = {
        {.cpu = 0, .node = -1, .l3 = 0}, {.cpu = 1, .core = 1, .node = -1, .l3 = -1, .package = 1}};
    struct topology_node node[] = {
        {.node = 0, .memory_bytes = 1, .cpus = 1}, {.node = 1, .memory_bytes = 0, .cpus = 1}};
    unsigned distance[] = {10, 10, 20, 10};
    const struct topology topology = {.cpu = cpu,
        .cpus = 2,
        .node = node,
        .nodes = 2,
        .distance = distance,
        .l3s = 1,
        .l3_bytes = 1,
        .line_bytes = 64};
    struct check_result finding[TOPOLOGY_CHECKS_MAX];
    static const char *const expected[] = {
        "L3 partly", "node unknown", "node no memory", "distances"};
    assert_int_equal(topology_checks_run(&topology, finding), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(finding[i].name, expected[i]);
}
