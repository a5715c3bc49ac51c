/* SPDX-License-Identifier: MIT
 * Which object a byte of a recorded line belongs to. */
#ifndef ANALYSIS_SHARING_SHARING_OBJECT_H
#define ANALYSIS_SHARING_SHARING_OBJECT_H

#include "analysis/sharing/sharing.h"

#include <stdbool.h>

struct sharing_context {
    const struct recording *recording;
    struct dwarf *dwarf;
};

/* The object at `address`, which lies on `line`: kind, start, size, identity and stack; a global or
 * TLS variable also with its names. Never fails: an unknown object is
 * OBJECT_UNKNOWN. */
void sharing_object_at(const struct sharing_context *context, const struct line_stat *line,
    uint64_t address, struct sharing_object *out);
/* Is `address` surely of the same object? Variables lie within a frame that has no name. */
bool sharing_object_has(const struct sharing_object *object, uint64_t address);
/* Adds the names and types that sharing_object_at does not know: of heap objects by their
 * allocation or, where that gives none, by the sites that access them (those whose object is
 * `index`); stacks by their thread. */
void sharing_object_name_it(const struct sharing_context *context, const struct sharing_site *site,
    size_t sites, size_t index, struct sharing_object *object);

#endif
