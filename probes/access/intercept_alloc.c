/* SPDX-License-Identifier: MIT
 * malloc and its family, C++ new and delete: where a block begins and ends its life, and which
 * calls made it. The blocks themselves are those of the program's allocator. */
#include "probes/access/real.h"

#include <errno.h>
#include <stdint.h>

#define FRAME ((uintptr_t)__builtin_frame_address(0))
/* What the frame pointer points to is our own frame: the caller's is behind it. */
#define CALLER_FRAME (*(const uintptr_t *)FRAME)

REAL(void *, malloc, size_t)
REAL(void, free, void *)
REAL(void *, calloc, size_t, size_t)
REAL(void *, realloc, void *, size_t)
REAL(void *, memalign, size_t, size_t)
REAL(void *, aligned_alloc, size_t, size_t)
REAL(int, posix_memalign, void **, size_t, size_t)
REAL(void *, valloc, size_t)

static void born(void *at, size_t size, uintptr_t pc, uintptr_t frame)
{
    if (!at || !access_enter())
        return;
    const int before = errno;
    struct me *me = &access_me;
    const bool by_new = me->caller != 0;
    objects_add(
        (uintptr_t)at, size, RECORD_HEAP, by_new ? me->caller : pc, by_new ? me->frame : frame);
    me->caller = 0;
    errno = before;
    access_leave();
}

/* Its size, 0 if it was not known. Before the real free: after it, it may be another's. */
static size_t died(void *at)
{
    if (!at || !access_enter())
        return 0;
    const int before = errno;
    const size_t size = objects_remove((uintptr_t)at);
    if (size && record->threads_created)
        shadow_forget((uintptr_t)at, size);
    errno = before;
    access_leave();
    return size;
}

void *OURS(malloc)(size_t size);
INTERPOSE void *OURS(malloc)(size_t size)
{
    void *at = NEXT(malloc)(size);
    born(at, size, CALLER, CALLER_FRAME);
    return at;
}

void OURS(free)(void *at);
INTERPOSE void OURS(free)(void *at)
{
    died(at);
    NEXT(free)(at);
}

void *OURS(calloc)(size_t count, size_t size);
INTERPOSE void *OURS(calloc)(size_t count, size_t size)
{
    void *at = NEXT(calloc)(count, size);
    born(at, count * size, CALLER, CALLER_FRAME);
    return at;
}

void *OURS(realloc)(void *at, size_t size);
INTERPOSE void *OURS(realloc)(void *at, size_t size)
{
    const size_t before = died(at);
    void *now = NEXT(realloc)(at, size);
    if (now)
        born(now, size, CALLER, CALLER_FRAME);
    else if (before && size)
        born(at, before, CALLER, CALLER_FRAME); /* it failed and left the old one */
    return now;
}

void *OURS(reallocarray)(void *at, size_t count, size_t size);
INTERPOSE void *OURS(reallocarray)(void *at, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    const size_t before = died(at);
    void *now = NEXT(realloc)(at, bytes);
    if (now)
        born(now, bytes, CALLER, CALLER_FRAME);
    else if (before && bytes)
        born(at, before, CALLER, CALLER_FRAME);
    return now;
}

#define ALIGNED(name)                                                                              \
    void *OURS(name)(size_t alignment, size_t size);                                               \
    INTERPOSE void *OURS(name)(size_t alignment, size_t size)                                      \
    {                                                                                              \
        void *at = NEXT(name)(alignment, size);                                                    \
        born(at, size, CALLER, CALLER_FRAME);                                                      \
        return at;                                                                                 \
    }
ALIGNED(memalign)
ALIGNED(aligned_alloc)
#undef ALIGNED

int OURS(posix_memalign)(void **at, size_t alignment, size_t size);
INTERPOSE int OURS(posix_memalign)(void **at, size_t alignment, size_t size)
{
    const int failed = NEXT(posix_memalign)(at, alignment, size);
    if (!failed)
        born(*at, size, CALLER, CALLER_FRAME);
    return failed;
}

void *OURS(valloc)(size_t size);
INTERPOSE void *OURS(valloc)(size_t size)
{
    void *at = NEXT(valloc)(size);
    born(at, size, CALLER, CALLER_FRAME);
    return at;
}

/* operator new calls malloc, or what the program put in its place; the call that counts is the one
 * of operator new, whose own frame has no frame pointer. Names by the Itanium C++ ABI, 5.1. */
#define NEW(name, ...)                                                                             \
    REAL(void *, name, __VA_ARGS__)                                                                \
    void *OURS(name)(__VA_ARGS__);
#define AS_CALLER(call)                                                                            \
    access_me.caller = CALLER;                                                                     \
    access_me.frame = CALLER_FRAME;                                                                \
    void *at = call;                                                                               \
    access_me.caller = 0;                                                                          \
    return at;
#define NEW_PLAIN(name)                                                                            \
    NEW(name, size_t)                                                                              \
    INTERPOSE void *OURS(name)(size_t size)                                                        \
    {                                                                                              \
        AS_CALLER(NEXT(name)(size))                                                                \
    }
#define NEW_WITH(name, type)                                                                       \
    NEW(name, size_t, type)                                                                        \
    INTERPOSE void *OURS(name)(size_t size, type more)                                             \
    {                                                                                              \
        AS_CALLER(NEXT(name)(size, more))                                                          \
    }
NEW_PLAIN(_Znwm)
NEW_PLAIN(_Znam)
NEW_WITH(_ZnwmRKSt9nothrow_t, const void *)
NEW_WITH(_ZnamRKSt9nothrow_t, const void *)
NEW_WITH(_ZnwmSt11align_val_t, size_t)
NEW_WITH(_ZnamSt11align_val_t, size_t)
#undef NEW
#undef NEW_PLAIN
#undef NEW_WITH
#undef AS_CALLER
