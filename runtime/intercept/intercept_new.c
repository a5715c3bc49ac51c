/* SPDX-License-Identifier: MIT
 * C++ new. It calls malloc, or the program's replacement of it; the call that counts is that of
 * operator new, which keeps no frame pointer. Names by the Itanium C++ ABI, 5.1. A separate file,
 * since a static C program has no operator new that could be called. */
#include "runtime/real_libc.h"
#include "runtime/state.h"

#define AS_CALLER(call)                                                                            \
    state_me.caller = CALLER;                                                                      \
    state_me.frame = CALLER_FRAME;                                                                 \
    void *at = call;                                                                               \
    state_me.caller = 0;                                                                           \
    return at;
#define NEW_PLAIN(name)                                                                            \
    REPLACE(void *, name, size_t size)                                                             \
    {                                                                                              \
        AS_CALLER(NEXT(name)(size))                                                                \
    }
#define NEW_WITH(name, type)                                                                       \
    REPLACE(void *, name, size_t size, type more)                                                  \
    {                                                                                              \
        AS_CALLER(NEXT(name)(size, more))                                                          \
    }
NEW_PLAIN(_Znwm)
NEW_PLAIN(_Znam)
NEW_WITH(_ZnwmRKSt9nothrow_t, const void *)
NEW_WITH(_ZnamRKSt9nothrow_t, const void *)
NEW_WITH(_ZnwmSt11align_val_t, size_t)
NEW_WITH(_ZnamSt11align_val_t, size_t)
#undef NEW_PLAIN
#undef NEW_WITH
#undef AS_CALLER
