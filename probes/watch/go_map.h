/* SPDX-License-Identifier: MIT
 * A map of a Go process by its head, read from memory that goes on changing. */
#ifndef PROBES_WATCH_GO_MAP_H
#define PROBES_WATCH_GO_MAP_H

#include <stdbool.h>
#include <stdint.h>

struct go_map {
    bool has_length;  /* a sync.Map of Go 1.24 keeps none */
    uint64_t length;  /* keys */
    uint64_t buckets; /* of eight keys each; since 1.24 they are called groups. 0: not known */
    bool growing;     /* half of its keys still lie in the smaller table; until 1.23 */
};

/* A map's or a sync.Map's head at an address of the process, of Go 1.`minor`. False: what lies
 * there is none. */
bool go_map_read(int pid, uint64_t address, unsigned minor, struct go_map *out);
bool go_map_read_sync(int pid, uint64_t address, unsigned minor, struct go_map *out);

#endif
