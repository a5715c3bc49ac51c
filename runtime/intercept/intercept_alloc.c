/* SPDX-License-Identifier: MIT
 * malloc and its family: where a block begins and ends its life, and which
 * calls made it. The blocks themselves are those of the program's allocator. */
#include "runtime/real_libc.h"

#include <errno.h>
#include <stdint.h>

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
