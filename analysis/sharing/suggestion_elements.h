/* SPDX-License-Identifier: MIT
 * What to change between the elements of an array that different threads use. */
#ifndef ANALYSIS_SHARING_SUGGESTION_ELEMENTS_H
#define ANALYSIS_SHARING_SUGGESTION_ELEMENTS_H

#include "analysis/sharing/conflict.h"

struct elements {
    const struct sharing_field *part; /* one of them; NULL: no elements conflict */
    size_t prefix;                    /* bytes of its name before the '[' of the index */
    uint64_t stride;                  /* 0: not known */
};

/* Finds the array of which two elements conflict most. */
bool elements_find(
    const struct sharing *sharing, const struct conflicts *conflicts, struct elements *out);
/* Returns the index of the element that a field is of; -1: it is not of the array. */
long elements_index(const struct elements *elements, const struct sharing_field *field);
/* Writes the name of an element's type, else "each element of ..." */
void elements_name(
    const struct sharing *sharing, const struct elements *elements, char *out, size_t size);
/* Appends how to keep each element on separate lines. */
void elements_pad(const struct sharing *sharing, struct elements *elements, unsigned line,
    struct suggestion *out);

#endif
