/* SPDX-License-Identifier: MIT
 * Where the lives of the program's memory begin and end. The caller is inside the runtime. */
#ifndef RUNTIME_INTERCEPT_MEMORY_H
#define RUNTIME_INTERCEPT_MEMORY_H

#include "runtime/objects.h"

/* An object was made (objects_add). Where its memory may come from an mmap or munmap that was not
 * seen, as libc's own, what was there before is forgotten. */
HIDDEN void memory_begin(
    unsigned kind, uintptr_t start, size_t size, uintptr_t pc, uintptr_t frame);

/* malloc, or an operator new that does not call it, has made a block, which may be NULL; the caller
 * need not be inside. Where operator new calls malloc, the call of operator new counts. */
HIDDEN void memory_add_block(void *at, size_t size, uintptr_t pc, uintptr_t frame);
/* Called before the real free, after which the block may be another thread's. */
HIDDEN void memory_remove_block(void *at);

/* An object lives on with another start or size (objects_put). */
HIDDEN void memory_move(const struct object *o);

/* The memory is free, or is another object's: which threads touched it is forgotten, and what a
 * pool had dealt out of it ends. */
HIDDEN void memory_forget(uintptr_t start, size_t size);

#endif
