/* SPDX-License-Identifier: MIT
 * Looks things up in a topology. machine/topology.c fills one. */
#include "base/topology.h"

#include "base/compare.h"
#include "base/text.h"

#include <stdlib.h>

void topology_fini(struct topology *topology)
{
    free(topology->cpu);
    free(topology->node);
    free(topology->distance);
    free(topology->latency_ns);
    free(topology->kind);
    *topology = (struct topology){0};
}

static int cpu_order(const void *key, const void *item)
{
    return compare_u64(*(const unsigned *)key, ((const struct topology_cpu *)item)->cpu);
}

static int node_order(const void *key, const void *item)
{
    return compare_u64(*(const unsigned *)key, ((const struct topology_node *)item)->node);
}

const struct topology_cpu *topology_cpu(const struct topology *topology, unsigned cpu)
{
    if (topology->cpus == 0)
        return NULL;
    return bsearch(&cpu, topology->cpu, topology->cpus, sizeof(*topology->cpu), cpu_order);
}

const struct topology_node *topology_node(const struct topology *topology, unsigned node)
{
    if (topology->nodes == 0)
        return NULL;
    return bsearch(&node, topology->node, topology->nodes, sizeof(*topology->node), node_order);
}

int topology_index(const struct topology_cpu *cpu, enum topology_kind kind)
{
    const int index[] = {(int)cpu->cpu, cpu->core, cpu->l3, cpu->package, cpu->node};
    return index[kind];
}

/* Two things that hwloc does not know of are not the same thing. Two unknown packages count
 * as one: there is no evidence that the machine has more. */
enum distance topology_distance(const struct topology_cpu *a, const struct topology_cpu *b)
{
    if (a->cpu == b->cpu)
        return DISTANCE_SAME;
    if (a->package != b->package)
        return DISTANCE_REMOTE;
    if (a->core >= 0 && a->core == b->core)
        return DISTANCE_SMT;
    if (a->l3 >= 0 && a->l3 == b->l3)
        return DISTANCE_L3;
    return DISTANCE_PACKAGE;
}

/* Distances form a tree, so the farthest pair is between neighbours or includes the first cpu. */
enum distance topology_farthest(const struct topology *topology, const unsigned *cpu, size_t cpus)
{
    enum distance most = DISTANCE_SAME;
    const struct topology_cpu *first = topology_cpu(topology, cpu[0]);
    for (size_t i = 1; i < cpus; i++) {
        const struct topology_cpu *last = topology_cpu(topology, cpu[i - 1]);
        const struct topology_cpu *now = topology_cpu(topology, cpu[i]);
        const enum distance a = topology_distance(first, now), b = topology_distance(last, now);
        most = a > most ? a : most;
        most = b > most ? b : most;
    }
    return most;
}

const char *distance_name(enum distance distance)
{
    static const char *const names[DISTANCE_COUNT] = {
        [DISTANCE_SAME] = "same cpu",
        [DISTANCE_SMT] = "same core",
        [DISTANCE_L3] = "same L3",
        [DISTANCE_PACKAGE] = "same package",
        [DISTANCE_REMOTE] = "other package",
    };
    return (unsigned)distance < DISTANCE_COUNT ? names[distance] : "unknown";
}

static bool has_kind(
    const struct topology *topology, const unsigned *cpu, size_t cpus, const char *kind)
{
    for (size_t i = 0; i < cpus; i++) {
        const struct topology_cpu *const found = topology_cpu(topology, cpu[i]);
        if (found && found->kind == kind)
            return true;
    }
    return false;
}

void topology_kinds(
    const struct topology *topology, const unsigned *cpu, size_t cpus, char *out, size_t size)
{
    *out = '\0';
    for (size_t k = 0; k < topology->kinds; k++)
        if (has_kind(topology, cpu, cpus, topology->kind[k]))
            text_append_item(out, size, "+", "%s", topology->kind[k]);
}

void topology_apart(
    const struct topology *topology, const unsigned *cpu, size_t cpus, char out[TOPOLOGY_APART])
{
    char kinds[TOPOLOGY_APART - 32];
    topology_kinds(topology, cpu, cpus, kinds, sizeof kinds);
    *out = '\0';
    text_append(out, TOPOLOGY_APART, "%s%s%s",
        distance_name(topology_farthest(topology, cpu, cpus)), *kinds ? ", " : "", kinds);
}
