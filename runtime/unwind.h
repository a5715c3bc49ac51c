/* SPDX-License-Identifier: MIT
 * The call stack of a thread's creator, by the C++ library's unwinder. */
#ifndef RUNTIME_UNWIND_H
#define RUNTIME_UNWIND_H

#include "base/record.h"
#include "runtime/base/compiler.h"

/* Writes the calls from `pc` outwards, and where their functions keep their locals, since a thread
 * often works on them, to the fields of the creating call. `own_frame`: of the function that
 * returns to `pc`. */
HIDDEN void unwind_creator(struct record_thread *thread, uintptr_t pc, uintptr_t own_frame);

#endif
