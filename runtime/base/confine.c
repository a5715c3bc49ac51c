/* SPDX-License-Identifier: MIT
 * Whether other system calls than those of any program with threads are allowed, and which threads
 * rely on that now. */
#include "runtime/base/confine.h"

#include "runtime/base/plain_libc.h"

static uint32_t is_on, callers;

/* Sequentially consistent, as in confine_enter: of the two, at least one sees the other. */
bool confine_begin_calls(void)
{
    __atomic_fetch_add(&callers, 1, __ATOMIC_SEQ_CST);
    return !__atomic_load_n(&is_on, __ATOMIC_SEQ_CST);
}

void confine_end_calls(void)
{
    __atomic_fetch_sub(&callers, 1, __ATOMIC_RELEASE);
}

bool confine_is_on(void)
{
    return __atomic_load_n(&is_on, __ATOMIC_RELAXED);
}

/* A thread that does not come to its end in a second is stopped by a signal handler. */
void confine_enter(void)
{
    enum { NAPS = 20000 };
    __atomic_store_n(&is_on, 1, __ATOMIC_SEQ_CST);
    for (unsigned i = 0; i < NAPS && __atomic_load_n(&callers, __ATOMIC_SEQ_CST); i++)
        plain_nap();
}

void confine_fork(void)
{
    callers = 0;
}
