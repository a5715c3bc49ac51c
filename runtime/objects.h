/* SPDX-License-Identifier: MIT
 * The living heap blocks and mappings, and their entries in the recording. */
#ifndef RUNTIME_OBJECTS_H
#define RUNTIME_OBJECTS_H

#include "runtime/compiler.h"

#include <stdbool.h>
#include <stddef.h>

/* False without address space. */
HIDDEN bool objects_init(void);

/* An object was made, of `kind` (enum record_object_kind), by the call with this return address and
 * frame. Returns false when there was no room for it. */
HIDDEN bool objects_add(uintptr_t start, size_t size, unsigned kind, uintptr_t pc, uintptr_t frame);

/* The object that starts here is freed. Returns its size; 0 when it is not known. */
HIDDEN size_t objects_remove(uintptr_t start);

/* Writes to `found` the entries in the recording of the living objects on the line at `address`,
 * RECORD_OBJECTS at most, and returns how many. The caller has LOCK_OBJECTS. */
HIDDEN unsigned objects_on_line(uintptr_t address, uint32_t *found);

/* Adds the thread's stack on which the address lies to the recording. Returns its entry; -1 when
 * there is no such thread, or no room. The caller has LOCK_OBJECTS. */
HIDDEN int objects_add_stack(uintptr_t address);

#endif
