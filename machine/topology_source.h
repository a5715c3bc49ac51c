/* SPDX-License-Identifier: MIT
 * Where a topology is read from: this machine (source NULL), an XML file, or a synthetic string.
 * For topology.c. */
#ifndef MACHINE_TOPOLOGY_SOURCE_H
#define MACHINE_TOPOLOGY_SOURCE_H

#include "base/err.h"
#include "machine/topology.h"

#include <stdbool.h>

bool topology_source_is_xml(const char *source);
/* Before and after hwloc's filters are set. 0 or -EINVAL with err naming --topology. */
int topology_source_set(struct hwloc_topology *hwloc, const char *source, struct err *err);
int topology_source_load(struct hwloc_topology *hwloc, const char *source, struct err *err);

#endif
