/* SPDX-License-Identifier: MIT
 * What one call of an allocation's stack allocates, as its statement and its function describe it.
 */
#ifndef ANALYSIS_SHARING_SHARING_STATEMENT_H
#define ANALYSIS_SHARING_SHARING_STATEMENT_H

#include "analysis/sharing/sharing_call.h"

/* By the constructor that the statement calls, the variable that is declared there and its text;
 * marks the object as fixed where the text asks for an alignment. NULL: not known. */
const struct dwarf_type *sharing_statement_type(
    struct dwarf *dwarf, const struct sharing_call *call, struct sharing_object *object);
/* The type of exactly the object's size, if the function has or returns pointers to only one. NULL:
 * it has none, or several. */
const struct dwarf_type *sharing_function_type(
    struct dwarf *dwarf, const struct sharing_call *call, const struct sharing_object *object);

/* Is the type not larger than the object? It may be smaller: by a trailing array, or rounded up to
 * lines. */
bool sharing_type_fits(const struct sharing_object *o, const struct dwarf_type *type);

#endif
