/* SPDX-License-Identifier: MIT
 * The living heap blocks and mappings, and their entries in the recording. Those of one kind do not
 * overlap. Blocks that a pool of the program has dealt out lie within heap blocks, and those may
 * lie within mappings. */
#ifndef RUNTIME_OBJECTS_H
#define RUNTIME_OBJECTS_H

#include "runtime/base/compiler.h"

#include <stdbool.h>
#include <stddef.h>

struct object {
    uintptr_t start;
    size_t size;
    unsigned kind;        /* enum record_object_kind */
    uint32_t slot, stack; /* the thread that made it, and where (stack.h) */
    int recorded;         /* its entry in the recording; -1: none */
};

/* False without address space. */
HIDDEN bool objects_init(void);

/* Most objects will start this far apart or farther, as a power of two: malloc's 32 bytes until
 * then. Called before there is any. */
HIDDEN void objects_expect(unsigned shift);

/* An object was made by the call with this return address and frame. One of the same kind that
 * starts there is forgotten: its end was not seen. Returns false when there was no room for it. */
HIDDEN bool objects_add(unsigned kind, uintptr_t start, size_t size, uintptr_t pc, uintptr_t frame);

/* The object in which the address lies; false: there is none. */
HIDDEN bool objects_find(unsigned kind, uintptr_t address, struct object *out);

/* The object that starts here ends. Returns false when it is not known. */
HIDDEN bool objects_take(unsigned kind, uintptr_t start, struct object *out);

/* An object lives on, with another start or size. With the same start it keeps its entry in the
 * recording. */
HIDDEN void objects_put(const struct object *o);

/* All objects of the kind with bytes in this range end. */
HIDDEN void objects_end(unsigned kind, uintptr_t start, size_t size);

/* No mapping has this range any longer: those that lay across its ends are shortened or
 * divided. */
HIDDEN void objects_cut(uintptr_t start, size_t size);

/* Writes to `found` the entries in the recording of the living objects on the line at `address`,
 * RECORD_OBJECTS at most and the innermost first, and returns how many. The caller has
 * LOCK_OBJECTS. */
HIDDEN unsigned objects_on_line(uintptr_t address, uint32_t *found);

/* Adds the thread's stack on which the address lies to the recording. Returns its entry; -1 when
 * there is no such thread, or no room. The caller has LOCK_OBJECTS. */
HIDDEN int objects_add_stack(uintptr_t address);

#endif
