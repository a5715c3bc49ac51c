/* SPDX-License-Identifier: MIT
 * The calls of an allocation, and which of them a reader takes for the one that allocates: the
 * first that is not a wrapper of malloc. */
#ifndef ANALYSIS_SHARING_SHARING_CALL_H
#define ANALYSIS_SHARING_SHARING_CALL_H

#include "analysis/sharing/sharing_object.h"

enum { SHARING_CALLS = 48 };

struct sharing_call {
    uint64_t pc;
    size_t level, depth; /* of dwarf_frames() at pc; of the stack */
    struct dwarf_frame frame;
    struct dwarf_supply supply;
    bool library; /* the system's */
};

struct sharing_calls {
    struct sharing_call at[SHARING_CALLS]; /* those that were inlined too, innermost first */
    size_t count;
    size_t maker; /* index of the one that allocates; count: there is none */
    bool wrapped; /* memory without a type went through a function of the program before it */
};

void sharing_calls_find(const struct sharing_context *context, const struct sharing_object *object,
    struct sharing_calls *out);

#endif
