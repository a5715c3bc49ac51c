/* SPDX-License-Identifier: MIT
 * A group of cpus summed up for a table's row. */
#include "cli/topo/topo_cpus.h"

#include "base/compare.h"
#include "base/cpuset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int topo_group_init(struct topo_group *group, const struct topology *topology,
    enum topology_kind kind, int first, int last)
{
    *group = (struct topo_group){.cpu = calloc(topology->cpus + 1, sizeof *group->cpu)};
    if (group->cpu == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < topology->cpus; i++) {
        const struct topology_cpu *cpu = &topology->cpu[i];
        const int index = topology_index(cpu, kind);
        if (index < first || index > last)
            continue;
        group->cpu[group->cpus++] = cpu->cpu;
        group->allowed += cpu->allowed;
        group->cores += cpu->smt == 0;
    }
    return 0;
}

void topo_group_fini(struct topo_group *group)
{
    free(group->cpu);
    *group = (struct topo_group){0};
}

static int compare_cpus(const void *a, const void *b)
{
    return compare_u64(*(const unsigned *)a, *(const unsigned *)b);
}

static size_t count_distinct(unsigned *value, size_t count)
{
    size_t kept = 0;
    qsort(value, count, sizeof *value, compare_cpus);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || value[kept - 1] != value[i])
            value[kept++] = value[i];
    return kept;
}

char *topo_group_values(
    const struct topo_group *group, const struct topology *topology, enum topology_kind kind)
{
    unsigned *value = calloc(group->cpus + 1, sizeof *value);
    size_t count = 0;
    for (size_t i = 0; value != NULL && i < group->cpus; i++) {
        const int found = topology_index(topology_cpu(topology, group->cpu[i]), kind);
        if (found >= 0)
            value[count++] = (unsigned)found;
    }
    if (value != NULL)
        count = count_distinct(value, count);
    char *text = value == NULL ? NULL : count == 0 ? strdup("-") : cpuset_format(value, count);
    free(value);
    return text;
}
