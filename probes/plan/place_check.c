/* SPDX-License-Identifier: MIT
 * Places the user names: cpus that must be there, and the node of the memory. */
#include "probes/plan/place.h"

#include "machine/system/sysfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Offline cpus are not part of the topology; the kernel lists them. */
static bool is_offline(unsigned cpu)
{
    char line[4096];
    struct cpuset offline = {0};
    bool found = false;
    if (sysfile_read("", "/sys/devices/system/cpu/offline", line, sizeof line) &&
        cpuset_parse(line, &offline, NULL) == 0)
        for (size_t i = 0; i < offline.count; i++)
            found = found || offline.cpu[i] == cpu;
    cpuset_fini(&offline);
    return found;
}

static int check_cpu(const struct topology *t, unsigned cpu, struct err *err)
{
    const struct topology_cpu *c = topology_cpu(t, cpu);
    if (c && c->allowed)
        return 0;
    if (c)
        return err_set(err, -ENODEV,
            "--cpus: cpu %u is outside this process's cpuset; 'numaprobe topo' lists what it may "
            "use",
            cpu);
    if (t->is_this_machine && is_offline(cpu))
        return err_set(err, -ENODEV,
            "--cpus: cpu %u is offline; 'echo 1 | sudo tee /sys/devices/system/cpu/cpu%u/online' "
            "brings it "
            "back",
            cpu, cpu);
    return err_set(err, -ENODEV, "--cpus: there is no cpu %u; the highest here is %u", cpu,
        t->cpus ? t->cpu[t->cpus - 1].cpu : 0);
}

int place_listed(const struct topology *topology, const struct cpuset *list, struct cpuset *cpus,
    struct err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const int code = check_cpu(topology, list->cpu[i], err);
        if (code)
            return code;
    }
    return cpuset_copy(list, cpus)
               ? err_set(err, -ENOMEM, "--cpus: out of memory for %zu cpus", list->count)
               : 0;
}

static bool is_local(const struct topology *t, const struct cpuset *cpus, unsigned node)
{
    for (size_t i = 0; i < cpus->count; i++)
        if (topology_cpu(t, cpus->cpu[i])->node == (int)node)
            return true;
    return false;
}

static unsigned node_distance(const struct topology *t, int from, size_t to)
{
    for (size_t i = 0; t->distance && i < t->nodes; i++)
        if ((int)t->node[i].node == from)
            return t->distance[i * t->nodes + to];
    return 0;
}

static int farthest_node(
    const struct topology *t, const struct cpuset *cpus, int *node, struct err *err)
{
    const int from = topology_cpu(t, cpus->cpu[0])->node;
    unsigned most = 0;
    *node = MEMORY_ANY_NODE;
    for (size_t i = 0; i < t->nodes; i++) {
        const struct topology_node *n = &t->node[i];
        if (!n->allowed || !n->memory_bytes || is_local(t, cpus, n->node))
            continue;
        if (*node >= 0 && node_distance(t, from, i) <= most)
            continue;
        most = node_distance(t, from, i);
        *node = (int)n->node;
    }
    return *node >= 0 ? 0
                      : err_set(err, -ENODEV,
                            "--mem-node remote: no node with memory is remote to all of the cpus; "
                            "'numaprobe topo' lists the nodes");
}

static int check_node(const struct topology *t, int node, struct err *err)
{
    const struct topology_node *n = topology_node(t, (unsigned)node);
    if (n && n->allowed && n->memory_bytes)
        return 0;
    return err_set(err, -ENODEV, "--mem-node: node %d %s; 'numaprobe topo' lists the nodes", node,
        !n            ? "does not exist"
        : !n->allowed ? "is outside this process's cpuset"
                      : "has no memory");
}

static int local_node(
    const struct topology *t, const char *option, unsigned cpu, int *node, struct err *err)
{
    const int local = topology_cpu(t, cpu)->node;
    const struct topology_node *n = local < 0 ? NULL : topology_node(t, (unsigned)local);
    if (n && !n->memory_bytes)
        return err_set(err, -ENODEV,
            "--mem-node %s: cpu %u is on node %d, which has no memory; name a node that has",
            option, cpu, local);
    *node = n ? local : MEMORY_ANY_NODE;
    return 0;
}

int place_memory(const struct topology *topology, const struct cpuset *cpus,
    struct memory_place place, int *node, struct err *err)
{
    *node = place.kind == MEMORY_NODE ? place.node : MEMORY_INTERLEAVE;
    switch (place.kind) {
    case MEMORY_LOCAL:
        return local_node(topology, "local", cpus->cpu[0], node, err);
    case MEMORY_REMOTE:
        return farthest_node(topology, cpus, node, err);
    case MEMORY_NODE:
        return check_node(topology, place.node, err);
    default:
        return 0;
    }
}

int place_owners(
    const struct topology *topology, const struct cpuset *cpus, int *node, struct err *err)
{
    int code = 0;
    for (size_t i = 0; i < cpus->count && !code; i++)
        code = local_node(topology, "owner", cpus->cpu[i], &node[i], err);
    return code;
}

void place_node_name(int node, char out[PLACE_NODE])
{
    out[0] = '\0';
    if (node == MEMORY_INTERLEAVE)
        snprintf(out, PLACE_NODE, "interleave");
    else if (node >= 0)
        snprintf(out, PLACE_NODE, "%d", node);
}
