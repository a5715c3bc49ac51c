/* SPDX-License-Identifier: MIT
 * Call stacks by frame pointers. */
#ifndef RUNTIME_STACK_H
#define RUNTIME_STACK_H

#include "runtime/base/compiler.h"

#include <stdbool.h>

/* False without address space. */
HIDDEN bool stack_init(void);

/* Does the address lie on the calling thread's own stack? False on one that it was given, as a
 * signal handler may be. */
HIDDEN bool stack_contains(uintptr_t address);

/* Writes up to RECORD_FRAMES return addresses, innermost first, beginning with `pc`; and to
 * `frame_at`, unless it is NULL, the frame pointer of each one's function. `frame`: that of the
 * first. Returns how many. */
HIDDEN unsigned stack_walk(uintptr_t pc, uintptr_t frame, uint64_t *frames, uint64_t *frame_at);

enum { STACK_BITS = 16 }; /* of a stack's number */
/* The number of the stack that stack_walk finds, the same for the same stack; 0 without room. */
HIDDEN uint32_t stack_intern(uintptr_t pc, uintptr_t frame);

/* Writes the return addresses of the stack with this number, and returns how many. */
HIDDEN unsigned stack_frames(uint32_t id, uint64_t *frames);

#endif
