/* SPDX-License-Identifier: MIT
 * Coroutines that threads run in turn, as Go's goroutines: what they do is distinguished as that of
 * threads is, so each has a thread slot, whichever thread it runs on. Callers are inside the
 * runtime. */
#ifndef RUNTIME_GO_COROUTINE_H
#define RUNTIME_GO_COROUTINE_H

#include "runtime/base/compiler.h"

/* A slot for one that the coroutine or thread running here creates by the call with this return
 * address, 0: not known. 0 when none is left: what it does is then that of the threads it runs on.
 */
HIDDEN uint32_t coroutine_begin(uintptr_t created_at);
/* It has ended; nothing when `slot` is 0. */
HIDDEN void coroutine_end(uint32_t slot);

/* The calling thread runs the coroutine with this slot from now on, 0: none that has one; whichever
 * ran before has left. */
HIDDEN void coroutine_switch(uint32_t slot);

/* What is known of one that runs: the function that it began with, its number, its stack. */
struct coroutine {
    uintptr_t entry, number, stack_low, stack_high;
};
HIDDEN void coroutine_describe(uint32_t slot, const struct coroutine *is);

#endif
