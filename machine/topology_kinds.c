/* SPDX-License-Identifier: MIT
 * Names the kinds of cores that hwloc distinguishes. Kinds of one name are one: a processor's
 * favoured cores, which turn faster by a step, are still its P cores. */
#include "machine/topology_kinds.h"

#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *find_info(const struct hwloc_info_s *info, unsigned infos, const char *key)
{
    for (unsigned i = 0; i < infos; i++)
        if (strcmp(info[i].name, key) == 0)
            return info[i].value;
    return NULL;
}

/* What the vendor calls it, else what distinguishes it; "" where hwloc has nothing to say. */
static void name_kind(const struct hwloc_info_s *info, unsigned infos, char *out)
{
    static const struct {
        const char *key, *value, *name; /* without value: the name comes before what is found */
        const char *unit;
    } names[] = {
        {"CoreType", "IntelCore", "P", ""},
        {"CoreType", "IntelAtom", "E", ""},
        {"LinuxCapacity", NULL, "capacity ", ""},
        {"FrequencyMaxMHz", NULL, "", " MHz"},
        {"FrequencyBaseMHz", NULL, "", " MHz base"},
    };
    *out = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names && !*out; i++) {
        const char *const found = find_info(info, infos, names[i].key);
        if (found && (!names[i].value || strcmp(found, names[i].value) == 0))
            snprintf(out, TOPOLOGY_KIND_NAME, "%s%.8s%s", names[i].name,
                names[i].value ? "" : found, names[i].unit);
    }
}

/* The one stored copy of the name. */
static const char *intern_kind(struct topology *topology, const char *name)
{
    size_t i = 0;
    while (i < topology->kinds && strcmp(topology->kind[i], name) != 0)
        i++;
    if (i == topology->kinds)
        snprintf(topology->kind[topology->kinds++], sizeof *topology->kind, "%s", name);
    return topology->kind[i];
}

static void add_kind(hwloc_const_cpuset_t cpus, const char *name, struct topology *topology)
{
    if (!*name)
        return;
    const char *const kind = intern_kind(topology, name);
    for (size_t i = 0; i < topology->cpus; i++)
        if (hwloc_bitmap_isset(cpus, topology->cpu[i].cpu))
            topology->cpu[i].kind = kind;
}

static void drop_kinds(struct topology *topology)
{
    for (size_t i = 0; i < topology->cpus; i++)
        topology->cpu[i].kind = NULL;
    free(topology->kind);
    topology->kind = NULL;
    topology->kinds = 0;
}

/* hwloc orders kinds from the slowest on. */
int topology_kinds_fill(struct hwloc_topology *hwloc, struct topology *topology)
{
    const int count = hwloc_cpukinds_get_nr(hwloc, 0);
    const hwloc_bitmap_t cpus = count > 1 ? hwloc_bitmap_alloc() : NULL;
    if (count < 2)
        return 0;
    topology->kind = calloc((size_t)count, sizeof *topology->kind);
    const int code = cpus && topology->kind ? 0 : -ENOMEM;
    for (int i = count - 1; i >= 0 && !code; i--) {
        struct hwloc_info_s *info;
        unsigned infos = 0;
        char name[TOPOLOGY_KIND_NAME];
        if (hwloc_cpukinds_get_info(hwloc, (unsigned)i, cpus, NULL, &infos, &info, 0) != 0)
            continue;
        name_kind(info, infos, name);
        add_kind(cpus, name, topology);
    }
    hwloc_bitmap_free(cpus);
    if (topology->kinds < 2)
        drop_kinds(topology);
    return code;
}
