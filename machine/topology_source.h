/* SPDX-License-Identifier: MIT
 * Where a topology is read from: this machine (source NULL), an XML file, a recording or a
 * synthetic string. For topology.c. */
#ifndef MACHINE_TOPOLOGY_SOURCE_H
#define MACHINE_TOPOLOGY_SOURCE_H

#include "base/err.h"
#include "machine/topology.h"

#include <stdbool.h>

/* In a recording whose files lack a part of what hwloc sees. */
#define TOPOLOGY_EXPORT "topology.xml"

bool topology_source_is_xml(const char *source);
/* Before and after hwloc's filters are set. 0 or -EINVAL with err naming --topology. */
int topology_source_set(struct hwloc_topology *hwloc, const char *source, struct err *err);
/* As hwloc reads Linux below `root`, where the recording `source` is unpacked. */
int topology_source_load_root(
    struct hwloc_topology *hwloc, const char *source, const char *root, struct err *err);
int topology_source_load(struct hwloc_topology *hwloc, const char *source, struct err *err);

#endif
