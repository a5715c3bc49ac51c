/* SPDX-License-Identifier: MIT
 * What is known of a Go program beyond what its debug information has in common with C's. */
#ifndef ANALYSIS_SHARING_SHARING_GO_H
#define ANALYSIS_SHARING_SHARING_GO_H

#include "analysis/sharing/sharing_object.h"

/* Is it of Go's own packages, or made by the compiler? By its names: where Go was installed does
 * not matter. */
bool sharing_go_is_library(const struct dwarf_frame *frame);

/* A heap object by the type that the program's code passed to Go's allocator. */
struct sharing_go_type {
    const struct dwarf_type *type;
    bool elements; /* the object has one or more of them in a row, as of a slice */
    bool named;    /* it has the type's name, but another layout, as of a map */
};
/* False: not known. */
bool sharing_go_type(const struct sharing_context *context, const struct sharing_object *object,
    struct sharing_go_type *out);

#endif
