/* SPDX-License-Identifier: MIT
 * Places the user names: cpus that must be there, and the node of the memory. */
#include "probes/plan/place.h"

#include "base/args.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Offline cpus are not part of the topology; the kernel lists them. */
static bool is_offline(unsigned cpu)
{
    char line[4096] = "";
    struct cpuset offline = {0};
    FILE *f = fopen("/sys/devices/system/cpu/offline", "re");
    if (f && !fgets(line, sizeof line, f))
        line[0] = '\0';
    if (f)
        fclose(f);
    line[strcspn(line, "\n")] = '\0';
    bool found = false;
    if (cpuset_parse(line, &offline, NULL) == 0)
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
        return err_set(err, -EINVAL,
            "--cpus: cpu %u is outside this process's cpuset; 'numaprobe topo' lists what it may "
            "use",
            cpu);
    if (t->is_this_machine && is_offline(cpu))
        return err_set(err, -EINVAL,
            "--cpus: cpu %u is offline; 'echo 1 | sudo tee /sys/devices/system/cpu/cpu%u/online' "
            "brings it "
            "back",
            cpu, cpu);
    return err_set(err, -EINVAL, "--cpus: there is no cpu %u; the highest here is %u", cpu,
        t->cpus ? t->cpu[t->cpus - 1].cpu : 0);
}

int place_listed(
    const struct topology *topology, const char *list, struct cpuset *cpus, struct err *err)
{
    struct err why;
    if (cpuset_parse(list, cpus, &why))
        return err_set(err, -EINVAL, "--cpus: %s", why.text);
    int code = 0;
    for (size_t i = 0; !code && i < cpus->count; i++)
        code = check_cpu(topology, cpus->cpu[i], err);
    if (code)
        cpuset_fini(cpus);
    return code;
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

static int farthest(const struct topology *t, const struct cpuset *cpus, int *node, struct err *err)
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
                      : err_set(err, -EINVAL,
                            "--mem-node remote: no node with memory is remote to all of the cpus; "
                            "'numaprobe topo' lists the nodes");
}

static int numbered(const struct topology *t, const char *text, int *node, struct err *err)
{
    uint64_t value;
    if (args_u64("--mem-node", text, 0, 1 << 20, &value, NULL))
        return err_set(err, -EINVAL,
            "--mem-node: '%s' is none of local, remote, interleave and a node number", text);
    const struct topology_node *n = topology_node(t, (unsigned)value);
    if (!n || !n->allowed)
        return err_set(err, -EINVAL, "--mem-node: node %s %s; 'numaprobe topo' lists the nodes",
            text, n ? "is outside this process's cpuset" : "does not exist");
    if (!n->memory_bytes)
        return err_set(err, -EINVAL,
            "--mem-node: node %s has no memory; 'numaprobe topo' lists the nodes", text);
    *node = (int)value;
    return 0;
}

int place_memory(const struct topology *topology, const struct cpuset *cpus, const char *name,
    int *node, struct err *err)
{
    if (name && strcmp(name, "interleave") == 0) {
        *node = MEMORY_INTERLEAVE;
        return 0;
    }
    if (name && strcmp(name, "remote") == 0)
        return farthest(topology, cpus, node, err);
    if (name && strcmp(name, "local") != 0)
        return numbered(topology, name, node, err);
    const int local = topology_cpu(topology, cpus->cpu[0])->node;
    const struct topology_node *n = local < 0 ? NULL : topology_node(topology, (unsigned)local);
    if (n && !n->memory_bytes)
        return err_set(err, -EINVAL,
            "--mem-node local: cpu %u is on node %d, which has no memory; name a node that has",
            cpus->cpu[0], local);
    *node = n ? local : MEMORY_ANY_NODE;
    return 0;
}
