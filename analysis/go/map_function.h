/* SPDX-License-Identifier: MIT
 * The functions by which Go's compiler has a plain map read and written: mapaccess1_fast64 and
 * others (Go's source, src/runtime/map*.go). All have the map's type and the map as their first
 * arguments. */
#ifndef ANALYSIS_GO_MAP_FUNCTION_H
#define ANALYSIS_GO_MAP_FUNCTION_H

#include "analysis/go/go_binary.h"

#include <stdbool.h>

/* What the third argument is. */
enum go_key_passed {
    GO_KEY_NONE,
    GO_KEY_32,
    GO_KEY_64,
    GO_KEY_TEXT, /* a string: this and the fourth */
    GO_KEY_AT    /* a pointer to the key */
};
struct go_map_function {
    const char *operation; /* "read", "write", "delete", "clear" */
    bool writes;
    enum go_key_passed key;
};

/* False: it is another one. */
bool go_map_function_is(const char *name, struct go_map_function *out);
/* All of them: names, of which an asterisk at the end is any text. NULL ends them.
 */
extern const char *const go_map_functions[];
/* Is it the name, or does it begin as a pattern with an asterisk does? */
bool go_name_matches(const char *name, const char *pattern);

/* A key of a map as it was in memory. */
struct go_map_key {
    const uint8_t *bytes;
    size_t size;   /* of the key; of a text its length */
    size_t copied; /* of those, how many are at `bytes` */
    bool is_text;
    unsigned kind; /* of its type, by go_map_key_kind() */
};
/* The kind of a map's keys, by the description of the map's type at an address of the file (Go's
 * source, src/internal/abi/type.go). 0: not known. */
unsigned go_map_key_kind(const struct go_binary *binary, uint64_t map_type);
/* As it would be written in Go: 17, "name", or its bytes in base 16. Returns `out`. */
const char *go_map_key_text(const struct go_map_key *key, char *out, size_t size);

#endif
