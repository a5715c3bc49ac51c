/* SPDX-License-Identifier: MIT
 * Ways out of the runtime that are not a return. */
#include "runtime/inside.h"

#include "runtime/base/confine.h"
#include "runtime/base/lock.h"
#include "runtime/stack.h"

#include <signal.h>
#include <stddef.h>

void inside_escape(void)
{
    lock_release_all();
    state_me.inside = 0;
}

/* Stacks grow down: what is called while the thread is inside lies deeper. Only a handler's own
 * stack may lie above, if the program put it there. */
bool inside_has_left(uintptr_t frame)
{
    const uintptr_t entered = state_me.inside;
    stack_t own;
    if (frame < entered || !stack_contains(entered) || !stack_contains(frame))
        return false;
    const bool asks = confine_begin_calls();
    const bool is_own = asks && sigaltstack(NULL, &own) == 0 && own.ss_flags & SS_ONSTACK;
    confine_end_calls();
    if (is_own)
        return false;
    inside_escape();
    return true;
}
