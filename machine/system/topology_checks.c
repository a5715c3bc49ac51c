/* SPDX-License-Identifier: MIT
 * What is implausible in a topology: a table of doubts, each found by one function. */
#include "machine/system/topology_checks.h"

#include "base/compare.h"

#include <stdlib.h>

/* The most L3 for each core on sale is 32 MiB (EPYC 72F3, 9175F); twice that leaves room. */
#define L3_PER_CORE_MAX (UINT64_C(64) << 20)

static size_t line_unknown(const struct topology *topology)
{
    return topology->line_bytes == 0;
}

static size_t l3_none(const struct topology *topology)
{
    return topology->l3s == 0;
}

/* MiB of the first L3 for each core that shares it (each cpu where cores are unknown), if too many.
 */
static size_t l3_huge(const struct topology *topology)
{
    size_t cores = 0;
    for (size_t i = 0; i < topology->cpus; i++)
        cores += topology->cpu[i].l3 == 0 && topology->cpu[i].smt == 0;
    const uint64_t bytes = topology->l3_bytes / (cores ? cores : 1);
    return bytes > L3_PER_CORE_MAX ? (size_t)(bytes >> 20) : 0;
}

static size_t cpus_without(const struct topology *topology, enum topology_kind kind)
{
    size_t without = 0;
    for (size_t i = 0; i < topology->cpus; i++)
        without += topology_index(&topology->cpu[i], kind) < 0;
    return without;
}

static size_t l3_some(const struct topology *topology)
{
    return topology->l3s > 0 ? cpus_without(topology, TOPOLOGY_L3) : 0;
}

static int compare_pair(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return x[0] != y[0] ? compare_int(x[0], y[0]) : compare_int(x[1], y[1]);
}

/* How many groups of cpus with the same index of this kind lie in more than one package. */
static size_t count_spanning(const struct topology *topology, enum topology_kind kind)
{
    size_t found = 0;
    int(*pair)[2] = calloc(topology->cpus + 1, sizeof *pair);
    if (pair == NULL)
        return 0;
    for (size_t i = 0; i < topology->cpus; i++) {
        pair[i][0] = topology_index(&topology->cpu[i], kind);
        pair[i][1] = topology->cpu[i].package;
    }
    qsort(pair, topology->cpus, sizeof *pair, compare_pair);
    for (size_t i = 1; i < topology->cpus; i++)
        found += pair[i][0] >= 0 && pair[i][0] == pair[i - 1][0] && pair[i][1] != pair[i - 1][1];
    free(pair);
    return found;
}

static size_t node_cpuless(const struct topology *topology)
{
    size_t found = 0;
    for (size_t i = 0; i < topology->nodes; i++)
        found += topology->node[i].cpus == 0;
    return found;
}

static size_t node_memoryless(const struct topology *topology)
{
    size_t found = 0;
    for (size_t i = 0; i < topology->nodes; i++)
        found += topology->node[i].memory_bytes == 0;
    return found;
}

static size_t distance_none(const struct topology *topology)
{
    return topology->nodes > 1 && topology->distance == NULL;
}

/* ACPI's SLIT: 10 to itself, more to any other. */
static size_t distance_odd(const struct topology *topology)
{
    const size_t n = topology->distance != NULL ? topology->nodes : 0;
    size_t odd = 0;
    for (size_t i = 0; i < n * n; i++)
        odd += i / n != i % n && topology->distance[i] <= topology->distance[i / n * n + i / n];
    return odd;
}

#define CHECK_DISTANCE "Distances between cpus may be wrong: compare '--cpus A,B' of several pairs."

/* What the text is about: the machine, the number found, or that of so many cpus or nodes. */
enum subject { THE_MACHINE, THE_NUMBER, THE_CPUS, THE_NODES };

static const struct doubt {
    const char *name;
    enum check_level level;
    enum subject subject;
    size_t (*count)(const struct topology *topology);
    enum topology_kind unknown,
        spanning; /* without `count`: which index of the cpus is looked at */
    const char *found, *meaning;
} doubts[] = {
    {"line size", CHECK_LIMIT, .count = line_unknown, .found = "no cache line size is stated",
        .meaning = "Which fields share a line is unknown beforehand: give --align 64,128,256."},
    {"L3 missing", CHECK_LIMIT, .count = l3_none, .found = "no L3 cache is stated",
        .meaning = "All cpus of a package count as equally far. " CHECK_DISTANCE},
    {"L3 size", CHECK_LIMIT, .count = l3_huge, .subject = THE_NUMBER,
        .found = "MiB of L3 for each core",
        .meaning = "More than any core has: the virtual machine passes on the size but not the "
                   "sharing. " CHECK_DISTANCE},
    {"L3 partly", CHECK_LIMIT, .count = l3_some, .subject = THE_CPUS, .found = "cpus have no L3",
        .meaning = CHECK_DISTANCE},
    {"L3 span", CHECK_LIMIT, .spanning = TOPOLOGY_L3, .found = "an L3 spans two packages",
        .meaning = "No L3 reaches beyond its package. " CHECK_DISTANCE},
    {"cores", CHECK_LIMIT, .unknown = TOPOLOGY_CORE, .subject = THE_CPUS,
        .found = "cpus belong to no known core",
        .meaning = "SMT siblings cannot be distinguished from cores, and between siblings false "
                   "sharing vanishes."},
    {"packages", CHECK_LIMIT, .unknown = TOPOLOGY_PACKAGE, .subject = THE_CPUS,
        .found = "cpus belong to no package", .meaning = CHECK_DISTANCE},
    {"node span", CHECK_NOTE, .spanning = TOPOLOGY_NODE, .found = "a NUMA node spans two packages",
        .meaning = "One node over several packages: its memory is near for only some of its cpus."},
    {"node unknown", CHECK_LIMIT, .unknown = TOPOLOGY_NODE, .subject = THE_CPUS,
        .found = "cpus belong to no NUMA node",
        .meaning = "The memory that is local to them is unknown."},
    {"node no cpus", CHECK_NOTE, .count = node_cpuless, .subject = THE_NODES,
        .found = "NUMA nodes have no cpus",
        .meaning = "Memory only (CXL, HBM): measure it with --mem-node; no thread can run there."},
    {"node no memory", CHECK_NOTE, .count = node_memoryless, .subject = THE_NODES,
        .found = "NUMA nodes have no memory",
        .meaning = "Their cpus use another node's memory; memory cannot be bound to them."},
    {"distances", CHECK_NOTE, .count = distance_none,
        .found = "no distances are stated between the nodes",
        .meaning = "The order of the nodes by distance is unknown."},
    {"distances", CHECK_NOTE, .count = distance_odd, .subject = THE_NUMBER,
        .found = "pairs of nodes are stated as near as a node to itself",
        .meaning = "The firmware's table is a placeholder."},
};

static size_t count_doubt(const struct doubt *doubt, const struct topology *topology)
{
    return doubt->count     ? doubt->count(topology)
           : doubt->unknown ? cpus_without(topology, doubt->unknown)
                            : count_spanning(topology, doubt->spanning);
}

size_t topology_checks_run(
    const struct topology *topology, struct check_result out[TOPOLOGY_CHECKS_MAX])
{
    const size_t all[] = {[THE_CPUS] = topology->cpus, [THE_NODES] = topology->nodes};
    size_t count = 0;
    _Static_assert(
        sizeof doubts / sizeof *doubts <= TOPOLOGY_CHECKS_MAX, "every check has a place");
    for (const struct doubt *d = doubts; d < doubts + sizeof doubts / sizeof *doubts; d++) {
        const size_t found = count_doubt(d, topology);
        struct check_result *const result = &out[count];
        if (found == 0)
            continue;
        *result = (struct check_result){.name = d->name};
        check_set(result, d->level, d->meaning);
        if (d->subject == THE_MACHINE)
            check_is_found(result, "%s", d->found);
        else if (d->subject == THE_NUMBER)
            check_is_found(result, "%zu %s", found, d->found);
        else
            check_is_found(result, "%zu of %zu %s", found, all[d->subject], d->found);
        count++;
    }
    return count;
}
