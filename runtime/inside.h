/* SPDX-License-Identifier: MIT
 * Whether a thread is inside the runtime. There its accesses are not seen, and it must not enter
 * again: hooks do nothing, those of a signal handler and those of the runtime's own calls. */
#ifndef RUNTIME_INSIDE_H
#define RUNTIME_INSIDE_H

#include "runtime/base/state.h"

/* Did the thread leave the runtime without a return, as a signal handler does by longjmp? Then it
 * is outside from now on. `frame`: where it is now. */
HIDDEN bool inside_has_left(uintptr_t frame);

/* Leaves the runtime from wherever the thread was in it, and gives back its locks. */
HIDDEN void inside_escape(void);

/* Returns false when the thread is inside already, or the runtime is not ready; else the caller
 * calls inside_leave. */
static inline __attribute__((always_inline)) bool inside_enter(void)
{
    const uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
    if ((state_me.inside && !inside_has_left(frame)) || !state_is_ready())
        return false;
    state_me.inside = frame;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return true;
}

static inline void inside_leave(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    state_me.inside = 0;
}

#endif
