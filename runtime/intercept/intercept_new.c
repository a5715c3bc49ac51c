/* SPDX-License-Identifier: MIT
 * C++ new and delete. The library's new calls malloc, or the program's replacement of it; the call
 * that counts is that of operator new, which keeps no frame pointer. An allocator's own, as
 * tcmalloc's, makes blocks itself. Names by the Itanium C++ ABI, 5.1. A separate file, since a
 * static C program has no operator new that could be called. */
#include "runtime/base/real_libc.h"
#include "runtime/base/state.h"
#include "runtime/intercept/memory.h"

static bool makes_blocks; /* operator new, without malloc: then delete ends them without free */

/* One form may call another: the outermost counts. Where the alignment is wrong, it throws before
 * it calls malloc, and there is no call to note. */
static void note_caller(size_t alignment, uintptr_t pc, uintptr_t frame)
{
    if (state_me.caller || alignment & (alignment - 1))
        return;
    state_me.caller = pc;
    state_me.frame = frame;
}

/* The block has been noted if malloc was called. */
static void note_block(void *at, size_t size)
{
    if (at && state_me.caller) {
        __atomic_store_n(&makes_blocks, true, __ATOMIC_RELAXED);
        memory_add_block(at, size, 0, 0);
    }
    state_me.caller = 0;
}

static void end_block(void *at)
{
    if (__atomic_load_n(&makes_blocks, __ATOMIC_RELAXED))
        memory_remove_block(at);
}

#define NEW(name, alignment, arguments, ...)                                                       \
    REPLACE(void *, name, __VA_ARGS__)                                                             \
    {                                                                                              \
        note_caller(alignment, CALLER, CALLER_FRAME);                                              \
        void *at = NEXT(name) arguments;                                                           \
        note_block(at, size);                                                                      \
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
#undef NEW_ARRAY
#undef NEW

#define DELETE(name, arguments, ...)                                                               \
    REPLACE(void, name, __VA_ARGS__)                                                               \
    {                                                                                              \
        end_block(at);                                                                             \
        NEXT(name) arguments;                                                                      \
    }
#define DELETE_ARRAY(suffix, arguments, ...)                                                       \
    DELETE(_ZdlPv##suffix, arguments, __VA_ARGS__)                                                 \
    DELETE(_ZdaPv##suffix, arguments, __VA_ARGS__)
DELETE_ARRAY(, (at), void *at)
DELETE_ARRAY(m, (at, size), void *at, size_t size)
DELETE_ARRAY(RKSt9nothrow_t, (at, n), void *at, nothrow n)
DELETE_ARRAY(St11align_val_t, (at, align), void *at, size_t align)
DELETE_ARRAY(mSt11align_val_t, (at, size, align), void *at, size_t size, size_t align)
DELETE_ARRAY(St11align_val_tRKSt9nothrow_t, (at, align, n), void *at, size_t align, nothrow n)
#undef DELETE_ARRAY
#undef DELETE
