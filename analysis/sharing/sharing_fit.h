/* SPDX-License-Identifier: MIT
 * Whether a type has fields where a finding's sites access an object, and where in a block the type
 * begins. */
#ifndef ANALYSIS_SHARING_SHARING_FIT_H
#define ANALYSIS_SHARING_SHARING_FIT_H

#include "analysis/sharing/sharing_object.h"

/* The sites of a finding; those of the object `index` count. */
struct sharing_sites {
    const struct sharing_site *at;
    size_t count, index;
};

struct sharing_start {
    uint64_t at;
    bool repeats; /* the type fills the rest of the object, several times */
};

/* Finds where a type begins in its block: behind the count of new[], or, if the block was
 * `wrapped`, behind what a wrapper of malloc stores in front. False: wherever it may begin, there
 * is an access that is not one of a field. */
bool sharing_fit_start(struct dwarf *dwarf, const struct sharing_sites *sites,
    const struct sharing_object *object, const struct dwarf_type *type, bool wrapped,
    struct sharing_start *out);
/* The only type to which all accessing functions have pointers and that has fields where they
 * access; with where it begins. NULL: there is none, or more than one. */
const struct dwarf_type *sharing_fit_type(struct dwarf *dwarf, const struct sharing_sites *sites,
    const struct sharing_object *object, uint64_t *start);

#endif
