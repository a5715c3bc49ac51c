/* SPDX-License-Identifier: MIT
 * The machine as tables: for `topo`. */
#ifndef CLI_TOPO_TOPO_TABLES_H
#define CLI_TOPO_TOPO_TABLES_H

#include "base/table.h"
#include "base/topology.h"

struct table *topo_nodes(const struct topology *topology);
/* One row an L3, or one a run of equal L3s on a machine with many. */
struct table *topo_l3s(const struct topology *topology);
/* A matrix of the nodes; on a machine with many, one row a node with its neighbours by distance.
 * NULL when the firmware states none. */
struct table *topo_distances(const struct topology *topology);
/* One row a kind of core, on a hybrid processor. */
struct table *topo_kinds(const struct topology *topology);
/* `root`: where /proc and /sys are, as in sysfile.h. */
struct table *topo_may_use(const char *root);

/* For programs: one row a cpu, a node, a pair of nodes; all cells plain numbers. */
struct table *topo_data_cpus(const struct topology *topology);
struct table *topo_data_nodes(const struct topology *topology);
struct table *topo_data_distances(const struct topology *topology);
struct table *topo_data_machine(const struct topology *topology);

/* "32 MiB", "1.5 GiB". */
void topo_size(uint64_t bytes, char *out, size_t size);

#endif
