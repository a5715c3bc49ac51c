/* SPDX-License-Identifier: MIT
 * What is implausible in a topology: a table of doubts, each found by one function. */
#include "machine/system/topology_checks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* The most L3 for each core on sale is 32 MiB (EPYC 72F3, 9175F); twice that leaves room. */
#define L3_PER_CORE_MAX (UINT64_C(64) << 20)

static bool line_unknown(const struct topology *topology, struct check_result *result)
{
    check_is_found(result, "no cache line size is stated");
    return topology->line_bytes == 0;
}

static bool l3_none(const struct topology *topology, struct check_result *result)
{
    check_is_found(result, "no L3 cache is stated");
    return topology->l3s == 0;
}

/* Cores that share the first L3; cpus where cores are unknown. */
static size_t l3_cores(const struct topology *topology)
{
    size_t cores = 0;
    for (size_t i = 0; i < topology->cpus; i++)
        cores += topology->cpu[i].l3 == 0 && topology->cpu[i].smt == 0;
    return cores > 0 ? cores : 1;
}

static bool l3_huge(const struct topology *topology, struct check_result *result)
{
    const size_t cores = l3_cores(topology);
    check_is_found(result, "an L3 of %llu MiB for %zu %s",
        (unsigned long long)(topology->l3_bytes >> 20), cores, cores == 1 ? "core alone" : "cores");
    return topology->l3_bytes / cores > L3_PER_CORE_MAX;
}

static int compare_pair(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

/* How many inner groups, the first of each pair, lie in more than one outer group. */
static size_t count_straddling(int (*pair)[2], size_t count)
{
    size_t found = 0;
    qsort(pair, count, sizeof *pair, compare_pair);
    for (size_t i = 1; i < count; i++)
        found += pair[i][0] >= 0 && pair[i][0] == pair[i - 1][0] && pair[i][1] != pair[i - 1][1];
    return found;
}

typedef void pair_fn(const struct topology_cpu *cpu, int pair[2]);

static size_t pairs_straddling(const struct topology *topology, pair_fn *fill)
{
    int(*pair)[2] = calloc(topology->cpus, sizeof *pair);
    if (pair == NULL)
        return 0;
    for (size_t i = 0; i < topology->cpus; i++)
        fill(&topology->cpu[i], pair[i]);
    const size_t found = count_straddling(pair, topology->cpus);
    free(pair);
    return found;
}

static void l3_in_package(const struct topology_cpu *cpu, int pair[2])
{
    pair[0] = cpu->l3, pair[1] = cpu->package;
}

static void node_in_package(const struct topology_cpu *cpu, int pair[2])
{
    pair[0] = cpu->node, pair[1] = cpu->package;
}

static void package_has_l3(const struct topology_cpu *cpu, int pair[2])
{
    pair[0] = cpu->package, pair[1] = cpu->l3 >= 0;
}

static bool l3_straddles(const struct topology *topology, struct check_result *result)
{
    check_is_found(result, "an L3 spans two packages");
    return pairs_straddling(topology, l3_in_package) > 0;
}

static bool node_straddles(const struct topology *topology, struct check_result *result)
{
    check_is_found(result, "a NUMA node spans two packages");
    return pairs_straddling(topology, node_in_package) > 0;
}

/* Cpus whose index, the member at `offset`, is unknown. */
static size_t cpus_without(const struct topology *topology, size_t offset)
{
    size_t without = 0;
    for (size_t i = 0; i < topology->cpus; i++)
        without += *(const int *)((const char *)&topology->cpu[i] + offset) < 0;
    return without;
}

static bool l3_some(const struct topology *topology, struct check_result *result)
{
    const size_t mixed = pairs_straddling(topology, package_has_l3);
    const size_t without = cpus_without(topology, offsetof(struct topology_cpu, l3));
    check_is_found(result, "%zu of %zu cpus have no L3", without, topology->cpus);
    return topology->l3s > 0 && (mixed > 0 || without > 0);
}

static bool core_unknown(const struct topology *topology, struct check_result *result)
{
    const size_t without = cpus_without(topology, offsetof(struct topology_cpu, core));
    check_is_found(result, "%zu of %zu cpus belong to no known core", without, topology->cpus);
    return without > 0;
}

static bool package_unknown(const struct topology *topology, struct check_result *result)
{
    const size_t without = cpus_without(topology, offsetof(struct topology_cpu, package));
    check_is_found(result, "%zu of %zu cpus belong to no package", without, topology->cpus);
    return without > 0;
}

static bool node_unknown(const struct topology *topology, struct check_result *result)
{
    const size_t without = cpus_without(topology, offsetof(struct topology_cpu, node));
    check_is_found(result, "%zu of %zu cpus belong to no NUMA node", without, topology->cpus);
    return without > 0;
}

static bool node_cpuless(const struct topology *topology, struct check_result *result)
{
    size_t found = 0;
    for (size_t i = 0; i < topology->nodes; i++)
        found += topology->node[i].cpus == 0;
    check_is_found(result, "%zu of %zu NUMA nodes have no cpus", found, topology->nodes);
    return found > 0;
}

static bool node_memoryless(const struct topology *topology, struct check_result *result)
{
    size_t found = 0;
    for (size_t i = 0; i < topology->nodes; i++)
        found += topology->node[i].memory_bytes == 0;
    check_is_found(result, "%zu of %zu NUMA nodes have no memory", found, topology->nodes);
    return found > 0;
}

static bool distance_none(const struct topology *topology, struct check_result *result)
{
    check_is_found(result, "no distances are stated between %zu nodes", topology->nodes);
    return topology->nodes > 1 && topology->distance == NULL;
}

/* ACPI's SLIT: 10 to itself, more to any other. */
static bool distance_odd(const struct topology *topology, struct check_result *result)
{
    const size_t n = topology->distance != NULL ? topology->nodes : 0;
    size_t odd = 0;
    for (size_t i = 0; i < n * n; i++)
        odd += i / n != i % n && topology->distance[i] <= topology->distance[i / n * n + i / n];
    check_is_found(result, "%zu pairs of nodes are stated as near as a node to itself", odd);
    return odd > 0;
}

#define CHECK_DISTANCE "Distances between cpus may be wrong: compare '--cpus A,B' of several pairs."

static const struct doubt {
    const char *name;
    enum check_level level;
    bool (*is_found)(const struct topology *topology, struct check_result *result);
    const char *meaning;
} doubts[] = {
    {"line size", CHECK_LIMIT, line_unknown,
        "Which fields share a line is unknown beforehand: give --align 64,128,256."},
    {"L3 missing", CHECK_LIMIT, l3_none,
        "All cpus of a package count as equally far. " CHECK_DISTANCE},
    {"L3 size", CHECK_LIMIT, l3_huge,
        "More than any core has: the virtual machine passes on the size but not the "
        "sharing. " CHECK_DISTANCE},
    {"L3 partly", CHECK_LIMIT, l3_some, CHECK_DISTANCE},
    {"L3 span", CHECK_LIMIT, l3_straddles, "No L3 reaches beyond its package. " CHECK_DISTANCE},
    {"cores", CHECK_LIMIT, core_unknown,
        "SMT siblings cannot be distinguished from cores, and between siblings false sharing "
        "vanishes."},
    {"packages", CHECK_LIMIT, package_unknown, CHECK_DISTANCE},
    {"node span", CHECK_NOTE, node_straddles,
        "One node over several packages: its memory is near for only some of its cpus."},
    {"node unknown", CHECK_LIMIT, node_unknown, "The memory that is local to them is unknown."},
    {"node no cpus", CHECK_NOTE, node_cpuless,
        "Memory only (CXL, HBM): measure it with --mem-node; no thread can run there."},
    {"node no memory", CHECK_NOTE, node_memoryless,
        "Their cpus use another node's memory; memory cannot be bound to them."},
    {"distances", CHECK_NOTE, distance_none, "The order of the nodes by distance is unknown."},
    {"distances", CHECK_NOTE, distance_odd, "The firmware's table is a placeholder."},
};

size_t topology_checks_run(
    const struct topology *topology, struct check_result out[TOPOLOGY_CHECKS_MAX])
{
    size_t count = 0;
    _Static_assert(
        sizeof doubts / sizeof *doubts <= TOPOLOGY_CHECKS_MAX, "every doubt has a place");
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
        struct check_result result = {.name = doubts[i].name};
        if (!doubts[i].is_found(topology, &result))
            continue;
        check_set(&result, doubts[i].level, doubts[i].meaning);
        out[count++] = result;
    }
    return count;
}
