/* SPDX-License-Identifier: MIT
 * The program's locks that the calling thread has: what is always used with a lock travels with it.
 */
#ifndef RUNTIME_INTERCEPT_PROGRAM_LOCKS_H
#define RUNTIME_INTERCEPT_PROGRAM_LOCKS_H

#include "runtime/base/compiler.h"

#include <stdbool.h>

/* It has got the lock at this address; `alone`: not only for reading. */
HIDDEN void program_locks_take(volatile const void *at, bool alone);
/* It gives the lock back, of those that it took as often as it took them. */
HIDDEN void program_locks_give(volatile const void *at);
HIDDEN bool program_locks_has(volatile const void *at);
/* What the thread had is not known any more. */
HIDDEN void program_locks_drop(void);

#endif
