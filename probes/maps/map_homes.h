/* SPDX-License-Identifier: MIT
 * Where threads have their parts of a map, for --mem-node owner: memory bound to the node of each
 * thread's cpu. Measured threads ask for it only when a table grows. */
#ifndef PROBES_MAPS_MAP_HOMES_H
#define PROBES_MAPS_MAP_HOMES_H

#include "base/err.h"
#include "maps/map.h"

struct map_homes;

/* A home for each of `threads` threads, on the OS node `node[thread % nodes]`, or MEMORY_ANY_NODE.
 * NULL: no memory. What was asked for ends with map_homes_free, given back or not. */
struct map_homes *map_homes_new(const int *node, unsigned nodes, unsigned threads);
void map_homes_free(struct map_homes *homes); /* NULL is safe */

/* For map_needs.home; NULL without homes. */
const struct map_home *const *map_homes_list(const struct map_homes *homes);
/* Handed out at present; 0 without homes. */
double map_homes_bytes(struct map_homes *homes);
/* Checks each piece that is handed out, as memory_verify does: the first that lies elsewhere is
 * -EXDEV with err. *how is left alone where there is none, and is "unverified" if one is. */
int map_homes_verify(struct map_homes *homes, const char **how, struct err *err);

#endif
