/* SPDX-License-Identifier: MIT
 * hwloc's kinds of cores (hwloc/cpukinds.h), for topology.c. */
#ifndef MACHINE_TOPOLOGY_KINDS_H
#define MACHINE_TOPOLOGY_KINDS_H

#include "base/topology.h"

struct hwloc_topology;

/* Fills the kinds of a topology whose cpus are known. 0 or -ENOMEM. */
int topology_kinds_fill(struct hwloc_topology *hwloc, struct topology *topology);

#endif
