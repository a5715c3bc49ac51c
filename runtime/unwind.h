/* SPDX-License-Identifier: MIT
 * The call stack of a thread's creator, by the C++ library's unwinder. */
#ifndef RUNTIME_UNWIND_H
#define RUNTIME_UNWIND_H

#include "base/record.h"
#include "runtime/compiler.h"

#include <stdbool.h>

/* Writes the calls from `pc` outwards, and where their functions keep their locals, to the fields
 * of the creating call; false when there is no unwinder, or it finds nothing. */
HIDDEN bool unwind_creator(struct record_thread *thread, uintptr_t pc);

#endif
