/* SPDX-License-Identifier: MIT
 * Latencies of memory as the firmware states them (ACPI's HMAT), for topology.c. */
#ifndef MACHINE_TOPOLOGY_LATENCY_H
#define MACHINE_TOPOLOGY_LATENCY_H

#include "base/topology.h"

struct hwloc_topology;

/* Fills topology->latency_ns, whose cpus and nodes are known. 0 or -ENOMEM. */
int topology_latency_fill(struct hwloc_topology *hwloc, struct topology *topology);

#endif
