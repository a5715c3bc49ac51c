/* SPDX-License-Identifier: MIT
 * hwloc's view of a machine, copied into the plain struct of base/topology.h. Binds nothing: that
 * is for crew.c and memory.c. */
#include "machine/topology.h"

#include "base/compare.h"
#include "machine/system/sysfile.h"
#include "machine/topology_kinds.h"
#include "machine/topology_latency.h"
#include "machine/topology_source.h"

#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct machine {
    hwloc_topology_t hwloc;
    struct recording *recording; /* NULL: it is none */
    bool is_here;
};

/* Devices and instruction caches take most of the loading time and do not matter for placement. */
static void filter_objects(hwloc_topology_t hwloc)
{
    hwloc_topology_set_flags(hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
    hwloc_topology_set_io_types_filter(hwloc, HWLOC_TYPE_FILTER_KEEP_NONE);
    hwloc_topology_set_icache_types_filter(hwloc, HWLOC_TYPE_FILTER_KEEP_NONE);
    hwloc_topology_set_type_filter(hwloc, HWLOC_OBJ_MISC, HWLOC_TYPE_FILTER_KEEP_NONE);
}

/* Logical index of the object of this type around `pu`; -1 where there is none. */
static int ancestor_index(hwloc_topology_t hwloc, hwloc_obj_type_t type, hwloc_obj_t pu)
{
    const hwloc_obj_t around = hwloc_get_ancestor_obj_by_type(hwloc, type, pu);
    return around != NULL ? (int)around->logical_index : -1;
}

static unsigned smt_rank(hwloc_topology_t hwloc, hwloc_obj_t pu)
{
    const hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(hwloc, HWLOC_OBJ_CORE, pu);
    unsigned rank = 0;
    if (core == NULL)
        return 0;
    for (int cpu = hwloc_bitmap_first(core->cpuset); cpu >= 0 && (unsigned)cpu < pu->os_index;
         cpu = hwloc_bitmap_next(core->cpuset, cpu))
        rank++;
    return rank;
}

/* Linux gives a cpu exactly one node; hwloc also calls a near memory-only node (CXL, HBM) local.
 * The memory children of an object are in OS order, so that the first one is the cpu's node. */
static int node_of(hwloc_obj_t pu)
{
    for (hwloc_obj_t at = pu; at != NULL; at = at->parent) {
        hwloc_obj_t memory = at->memory_first_child;
        while (memory != NULL && memory->type != HWLOC_OBJ_NUMANODE) /* a memory-side cache */
            memory = memory->memory_first_child;
        if (memory != NULL)
            return (int)memory->os_index;
    }
    return -1;
}

static int compare_cpu(const void *a, const void *b)
{
    return compare_u64(
        ((const struct topology_cpu *)a)->cpu, ((const struct topology_cpu *)b)->cpu);
}

static int compare_node(const void *a, const void *b)
{
    return compare_u64(
        ((const struct topology_node *)a)->node, ((const struct topology_node *)b)->node);
}

/* Where this process may run, or the one that made the recording might; false where that is not
 * known. */
static bool read_affinity(const struct machine *machine, hwloc_bitmap_t affinity)
{
    char text[4096];
    if (machine->is_here)
        return hwloc_get_cpubind(machine->hwloc, affinity, HWLOC_CPUBIND_THREAD) == 0;
    return machine->recording != NULL &&
           sysfile_value(recording_root(machine->recording), "/proc/self/status",
               "Cpus_allowed_list", text, sizeof text) &&
           hwloc_bitmap_list_sscanf(affinity, text) == 0;
}

/* The cpus within the cpuset of the cgroup and the affinity of this process; the affinity does not
 * apply to another machine. NULL when out of memory. */
static hwloc_bitmap_t allowed_cpus(const struct machine *machine)
{
    const hwloc_bitmap_t allowed =
        hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(machine->hwloc));
    const hwloc_bitmap_t affinity = hwloc_bitmap_alloc();
    if (allowed != NULL && affinity != NULL && read_affinity(machine, affinity))
        hwloc_bitmap_and(allowed, allowed, affinity);
    hwloc_bitmap_free(affinity);
    return allowed;
}

static int fill_cpus(const struct machine *machine, struct topology *topology)
{
    const hwloc_topology_t hwloc = machine->hwloc;
    const size_t count = (size_t)hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_PU);
    const hwloc_bitmap_t allowed = allowed_cpus(machine);
    topology->cpu = calloc(count + 1, sizeof *topology->cpu);
    if (topology->cpu == NULL || allowed == NULL) {
        hwloc_bitmap_free(allowed);
        return -ENOMEM;
    }
    hwloc_obj_t pu = NULL;
    while ((pu = hwloc_get_next_obj_by_type(hwloc, HWLOC_OBJ_PU, pu)) != NULL)
        topology->cpu[topology->cpus++] = (struct topology_cpu){
            .cpu = pu->os_index,
            .core = ancestor_index(hwloc, HWLOC_OBJ_CORE, pu),
            .l3 = ancestor_index(hwloc, HWLOC_OBJ_L3CACHE, pu),
            .package = ancestor_index(hwloc, HWLOC_OBJ_PACKAGE, pu),
            .node = node_of(pu),
            .smt = smt_rank(hwloc, pu),
            .allowed = hwloc_bitmap_isset(allowed, pu->os_index),
        };
    hwloc_bitmap_free(allowed);
    qsort(topology->cpu, topology->cpus, sizeof *topology->cpu, compare_cpu);
    return 0;
}

static unsigned cpus_of_node(const struct topology *topology, unsigned node)
{
    unsigned count = 0;
    for (size_t i = 0; i < topology->cpus; i++)
        count += topology->cpu[i].node == (int)node;
    return count;
}

/* Topologies recorded from CPUID alone have no sizes: no machine is without any memory. */
static void settle_memory(struct topology *topology)
{
    for (size_t i = 0; i < topology->nodes; i++)
        if (topology->node[i].memory_bytes > 0)
            return;
    for (size_t i = 0; i < topology->nodes; i++)
        topology->node[i].memory_bytes = TOPOLOGY_UNKNOWN;
}

static int fill_nodes(hwloc_topology_t hwloc, struct topology *topology)
{
    const size_t count = (size_t)hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_NUMANODE);
    const hwloc_const_bitmap_t allowed = hwloc_topology_get_allowed_nodeset(hwloc);
    topology->node = calloc(count + 1, sizeof *topology->node);
    if (topology->node == NULL)
        return -ENOMEM;
    hwloc_obj_t node = NULL;
    while ((node = hwloc_get_next_obj_by_type(hwloc, HWLOC_OBJ_NUMANODE, node)) != NULL)
        topology->node[topology->nodes++] = (struct topology_node){
            .node = node->os_index,
            .memory_bytes = node->attr->numanode.local_memory,
            .cpus = cpus_of_node(topology, node->os_index),
            .allowed = hwloc_bitmap_isset(allowed, node->os_index),
        };
    qsort(topology->node, topology->nodes, sizeof *topology->node, compare_node);
    settle_memory(topology);
    return 0;
}

/* Position of an OS node in topology->node; nodes when absent. */
static size_t node_place(const struct topology *topology, unsigned node)
{
    size_t i = 0;
    while (i < topology->nodes && topology->node[i].node != node)
        i++;
    return i;
}

static void copy_distances(const struct hwloc_distances_s *from, struct topology *topology)
{
    const size_t n = topology->nodes;
    for (size_t i = 0; i < n * n; i++) {
        const size_t row = node_place(topology, from->objs[i / n]->os_index);
        const size_t column = node_place(topology, from->objs[i % n]->os_index);
        topology->distance[row * n + column] = (unsigned)from->values[i];
    }
}

/* A matrix over only some of the nodes would leave gaps: then none is kept. */
static int fill_distances(hwloc_topology_t hwloc, struct topology *topology)
{
    struct hwloc_distances_s *found = NULL;
    unsigned count = 1;
    if (hwloc_distances_get_by_type(hwloc, HWLOC_OBJ_NUMANODE, &count, &found,
            HWLOC_DISTANCES_KIND_FROM_OS | HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0) != 0 ||
        count == 0 || found == NULL)
        return 0;
    const bool is_whole = found->nbobjs == topology->nodes;
    if (is_whole)
        topology->distance = calloc(topology->nodes * topology->nodes, sizeof(unsigned));
    if (topology->distance != NULL)
        copy_distances(found, topology);
    hwloc_distances_release(hwloc, found);
    return is_whole && topology->distance == NULL ? -ENOMEM : 0;
}

static unsigned line_bytes(const struct machine *machine)
{
    const hwloc_topology_t hwloc = machine->hwloc;
    static const hwloc_obj_type_t caches[] = {
        HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE};
    for (size_t i = 0; i < sizeof caches / sizeof *caches; i++) {
        const hwloc_obj_t cache = hwloc_get_obj_by_type(hwloc, caches[i], 0);
        if (cache != NULL && cache->attr->cache.linesize > 0)
            return cache->attr->cache.linesize;
    }
    /* sysfs may hide the caches, as in many virtual machines; the C library asks the cpu. */
    const long line = machine->is_here ? sysconf(_SC_LEVEL1_DCACHE_LINESIZE)
                      : machine->recording
                          ? (long)json_integer_value(json_object_get(
                                recording_value(machine->recording, "calls"), "line_bytes"))
                          : 0;
    return line > 0 ? (unsigned)line : 0;
}

static uint64_t cache_bytes(hwloc_topology_t hwloc, hwloc_obj_type_t type)
{
    const hwloc_obj_t cache = hwloc_get_obj_by_type(hwloc, type, 0);
    return cache != NULL ? cache->attr->cache.size : 0;
}

static int count_of(hwloc_topology_t hwloc, hwloc_obj_type_t type)
{
    const int count = hwloc_get_nbobjs_by_type(hwloc, type);
    return count > 0 ? count : 0; /* -1: on several levels, which these types never are */
}

static int describe_machine(struct machine *machine, const char *source, struct topology *topology)
{
    const hwloc_topology_t hwloc = machine->hwloc;
    /* hwloc also reads HWLOC_XMLFILE and HWLOC_SYNTHETIC: then this is another machine. */
    topology->is_this_machine = source == NULL && hwloc_topology_is_thissystem(hwloc);
    machine->is_here = topology->is_this_machine;
    snprintf(topology->source, sizeof topology->source, "%s",
        topology->is_this_machine        ? "this machine"
        : source == NULL                 ? "HWLOC_ environment variable"
        : machine->recording != NULL     ? "recording"
        : topology_source_is_xml(source) ? "XML"
                                         : "synthetic");
    topology->packages = (size_t)count_of(hwloc, HWLOC_OBJ_PACKAGE);
    topology->cores = (size_t)count_of(hwloc, HWLOC_OBJ_CORE);
    topology->l3s = (size_t)count_of(hwloc, HWLOC_OBJ_L3CACHE);
    topology->l1_bytes = cache_bytes(hwloc, HWLOC_OBJ_L1CACHE);
    topology->l2_bytes = cache_bytes(hwloc, HWLOC_OBJ_L2CACHE);
    topology->l3_bytes = cache_bytes(hwloc, HWLOC_OBJ_L3CACHE);
    topology->line_bytes = line_bytes(machine);
    int error = fill_cpus(machine, topology);
    if (error == 0)
        error = topology_kinds_fill(hwloc, topology);
    if (error == 0)
        error = fill_nodes(hwloc, topology);
    if (error == 0)
        error = topology_latency_fill(hwloc, topology);
    return error != 0 ? error : fill_distances(hwloc, topology);
}

/* hwloc reads a recording where it reads this machine, below another root. */
static int load_hwloc(struct machine *machine, const char *source, struct err *err)
{
    if (source == NULL || !recording_is_named(source)) {
        const int error = topology_source_set(machine->hwloc, source, err);
        return error != 0 ? error : topology_source_load(machine->hwloc, source, err);
    }
    char path[4096];
    int error = recording_open(source, &machine->recording, err);
    if (error != 0)
        return error;
    snprintf(path, sizeof path, "%.4000s/" TOPOLOGY_EXPORT, source);
    if (access(path, F_OK) != 0)
        return topology_source_load_root(
            machine->hwloc, source, recording_root(machine->recording), err);
    error = topology_source_set(machine->hwloc, path, err);
    return error != 0 ? error : topology_source_load(machine->hwloc, path, err);
}

static int build_machine(
    struct machine *machine, const char *source, struct topology *topology, struct err *err)
{
    /* hwloc reports errors in a banner on stderr; our message is enough. It reads this setting from
     * the environment only. A value that the user has set stays. */
    setenv("HWLOC_HIDE_ERRORS", "2", 0);
    if (hwloc_topology_init(&machine->hwloc) != 0) {
        machine->hwloc = NULL;
        return err_set(err, -ENOMEM, "hwloc cannot start: out of memory");
    }
    filter_objects(machine->hwloc);
    int error = load_hwloc(machine, source, err);
    if (error == 0 && (error = describe_machine(machine, source, topology)) != 0)
        err_set(err, error, "out of memory while reading the machine's topology");
    return error;
}

int machine_open(
    const char *source, struct machine **machine, struct topology *topology, struct err *err)
{
    *topology = (struct topology){0};
    *machine = calloc(1, sizeof **machine);
    if (*machine == NULL)
        return err_set(err, -ENOMEM, "out of memory for a topology");
    const int error = build_machine(*machine, source, topology, err);
    if (error != 0) {
        topology_fini(topology);
        machine_close(*machine);
        *machine = NULL;
    }
    return error;
}

void machine_close(struct machine *machine)
{
    if (machine != NULL && machine->hwloc != NULL)
        hwloc_topology_destroy(machine->hwloc);
    if (machine != NULL)
        recording_close(machine->recording);
    free(machine);
}

struct hwloc_topology *machine_hwloc(struct machine *machine)
{
    return machine->hwloc;
}

const char *machine_root(const struct machine *machine)
{
    return machine->recording != NULL ? recording_root(machine->recording)
           : machine->is_here         ? ""
                                      : NULL;
}

const struct recording *machine_recording(const struct machine *machine)
{
    return machine->recording;
}
