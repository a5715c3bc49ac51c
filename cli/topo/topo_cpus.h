/* SPDX-License-Identifier: MIT
 * A group of cpus (of a node, of an L3) summed up for a table's row. */
#ifndef CLI_TOPO_TOPO_CPUS_H
#define CLI_TOPO_TOPO_CPUS_H

#include "base/topology.h"

#include <stddef.h>

struct topo_group {
    unsigned *cpu; /* ascending */
    size_t cpus, allowed, cores;
};

/* Those whose index of this kind is from `first` to `last`. 0 or -ENOMEM. */
int topo_group_init(struct topo_group *group, const struct topology *topology,
    enum topology_kind kind, int first, int last);
void topo_group_fini(struct topo_group *group);

/* The distinct indices of a kind over the cpus of a group, as ranges: "0-7"; "-" when there are
 * none. The caller frees it; NULL when out of memory. */
char *topo_group_values(
    const struct topo_group *group, const struct topology *topology, enum topology_kind kind);

#endif
