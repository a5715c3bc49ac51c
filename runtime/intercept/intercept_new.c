/* SPDX-License-Identifier: MIT
 * C++ new. It calls malloc, or the program's replacement of it; the call that counts is that of
 * operator new, which keeps no frame pointer. Names by the Itanium C++ ABI, 5.1. A separate file,
 * since a static C program has no operator new that could be called. */
#include "runtime/base/real_libc.h"
#include "runtime/base/state.h"

/* One form may call another: the outermost counts. Where the alignment is wrong, it throws before
 * it calls malloc, and there is no call to note. */
static void note_caller(size_t alignment, uintptr_t pc, uintptr_t frame)
{
    if (state_me.caller || alignment & (alignment - 1))
        return;
    state_me.caller = pc;
    state_me.frame = frame;
}

#define NEW(name, alignment, arguments, ...)                                                       \
    REPLACE(void *, name, __VA_ARGS__)                                                             \
    {                                                                                              \
        note_caller(alignment, CALLER, CALLER_FRAME);                                              \
        void *at = NEXT(name) arguments;                                                           \
        state_me.caller = 0;                                                                       \
        return at;                                                                                 \
    }
#define NEW_ARRAY(suffix, alignment, arguments, ...)                                               \
    NEW(_Znwm##suffix, alignment, arguments, __VA_ARGS__)                                          \
    NEW(_Znam##suffix, alignment, arguments, __VA_ARGS__)
typedef const void *nothrow;
NEW_ARRAY(, 1, (size), size_t size)
NEW_ARRAY(RKSt9nothrow_t, 1, (size, n), size_t size, nothrow n)
NEW_ARRAY(St11align_val_t, align, (size, align), size_t size, size_t align)
NEW_ARRAY(
    St11align_val_tRKSt9nothrow_t, align, (size, align, n), size_t size, size_t align, nothrow n)
#undef NEW
#undef NEW_ARRAY
