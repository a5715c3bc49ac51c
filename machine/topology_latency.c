/* SPDX-License-Identifier: MIT
 * hwloc's memory attributes. Linux passes on only what is best for a node, so that most machines
 * have a latency for local memory alone. */
#include "machine/topology_latency.h"

#include <errno.h>
#include <hwloc.h>
#include <hwloc/memattrs.h>
#include <limits.h>
#include <stdlib.h>

/* From a cpu to a node, in ns; 0: not stated. */
static unsigned stated_ns(hwloc_topology_t hwloc, unsigned cpu, unsigned node, hwloc_bitmap_t set)
{
    static const char *const kinds[] = {"ReadLatency", "Latency"}; /* hwloc before 2.8: no first */
    const hwloc_obj_t target = hwloc_get_numanode_obj_by_os_index(hwloc, node);
    struct hwloc_location from = {.type = HWLOC_LOCATION_TYPE_CPUSET, .location.cpuset = set};
    hwloc_bitmap_only(set, cpu);
    for (size_t i = 0; target && i < sizeof kinds / sizeof *kinds; i++) {
        hwloc_memattr_id_t kind;
        hwloc_uint64_t value = 0;
        if (hwloc_memattr_get_by_name(hwloc, kinds[i], &kind) == 0 &&
            hwloc_memattr_get_value(hwloc, kind, target, &from, 0, &value) == 0 && value > 0)
            return value < UINT_MAX ? (unsigned)value : UINT_MAX;
    }
    return 0;
}

/* The first cpu of a node; NULL: it has none. */
static const struct topology_cpu *first_cpu(const struct topology *topology, unsigned node)
{
    for (size_t i = 0; i < topology->cpus; i++)
        if (topology->cpu[i].node == (int)node)
            return &topology->cpu[i];
    return NULL;
}

int topology_latency_fill(struct hwloc_topology *hwloc, struct topology *topology)
{
    const size_t n = topology->nodes;
    bool any = false;
    const hwloc_bitmap_t set = hwloc_bitmap_alloc();
    topology->latency_ns = calloc(n * n + 1, sizeof *topology->latency_ns);
    for (size_t i = 0; set && topology->latency_ns && i < n * n; i++) {
        const struct topology_cpu *const cpu = first_cpu(topology, topology->node[i / n].node);
        if (cpu)
            topology->latency_ns[i] = stated_ns(hwloc, cpu->cpu, topology->node[i % n].node, set);
        any = any || topology->latency_ns[i] > 0;
    }
    const int code = set && topology->latency_ns ? 0 : -ENOMEM;
    hwloc_bitmap_free(set);
    if (!any) {
        free(topology->latency_ns);
        topology->latency_ns = NULL;
    }
    return code;
}
