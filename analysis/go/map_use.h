/* SPDX-License-Identifier: MIT
 * Is a Go thread in an operation of a map, of which one, and who asked for it? By the names of the
 * runtime's functions (Go's source, src/runtime/map*.go, src/internal/runtime/maps, src/sync/map.go
 * and src/internal/sync/hashtriemap.go of 1.18 to 1.24). */
#ifndef ANALYSIS_GO_MAP_USE_H
#define ANALYSIS_GO_MAP_USE_H

#include "analysis/go/go_stack.h"

enum go_map_kind { GO_MAP_PLAIN, GO_MAP_SYNC };

struct go_map_use {
    enum go_map_kind kind;
    const char *operation; /* "read", "write", "delete", "iterate", "clear", or what is called */
    uint64_t map;          /* its address in the process; 0: not known any more */
    uint64_t global;       /* of the variable that it was taken from; 0: not known */
    uint64_t type;         /* of a plain map: the address of its description; 0: not known */
    uint64_t site;         /* in the process: within the instruction that calls */
};

/* False: it is not in one. */
bool go_map_use_find(const struct go_binary *binary, struct go_arguments *arguments,
    const struct go_moment *moment, const struct go_memory *memory, struct go_map_use *out);

#endif
