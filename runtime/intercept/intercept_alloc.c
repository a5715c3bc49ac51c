/* SPDX-License-Identifier: MIT
 * malloc and its family: where a block's life begins and ends, and which calls made it. The blocks
 * themselves are those of the program's allocator. */
#include "runtime/inside.h"
#include "runtime/line_table.h"
#include "runtime/objects.h"
#include "runtime/real_libc.h"
#include "runtime/tier1.h"

#include <errno.h>

REAL(void *, realloc, void *, size_t)

static void add_block(void *at, size_t size, uintptr_t pc, uintptr_t frame)
{
    if (!at || !inside_enter())
        return;
    const int before = errno;
    struct me *me = &state_me;
    const bool by_new = me->caller != 0;
    if (objects_add(
            (uintptr_t)at, size, RECORD_HEAP, by_new ? me->caller : pc, by_new ? me->frame : frame))
        line_note_object((uintptr_t)at, size);
    me->caller = 0;
    errno = before;
    inside_leave();
}

/* Called before the real free, after which the block may be another thread's. Returns its size; 0
 * if it was not known. */
static size_t remove_block(void *at)
{
    if (!at || !inside_enter())
        return 0;
    const int before = errno;
    const size_t size = objects_remove((uintptr_t)at);
    if (size && record->threads_created)
        tier1_forget((uintptr_t)at, size);
    errno = before;
    inside_leave();
    return size;
}

REPLACE(void *, malloc, size_t size)
{
    void *at = NEXT(malloc)(size);
    add_block(at, size, CALLER, CALLER_FRAME);
    return at;
}

/* dlsym, which finds the real one, first frees the text of an error that nothing asked for: that
 * would be endless, and is left. */
REPLACE(void, free, void *at)
{
    remove_block(at);
    if (!real_is_searching())
        NEXT(free)(at);
}

REPLACE(void *, calloc, size_t count, size_t size)
{
    void *at = NEXT(calloc)(count, size);
    add_block(at, count * size, CALLER, CALLER_FRAME);
    return at;
}

static void *resize_block(void *at, size_t size, uintptr_t pc, uintptr_t frame)
{
    const size_t before = remove_block(at);
    void *now = NEXT(realloc)(at, size);
    if (now)
        add_block(now, size, pc, frame);
    else if (before && size)
        add_block(at, before, pc, frame); /* it failed, and the old one is left */
    return now;
}

INTERPOSE(void *, realloc, void *at, size_t size)
{
    return resize_block(at, size, CALLER, CALLER_FRAME);
}

INTERPOSE(void *, reallocarray, void *at, size_t count, size_t size)
{
    size_t bytes;
    if (!__builtin_mul_overflow(count, size, &bytes))
        return resize_block(at, bytes, CALLER, CALLER_FRAME);
    errno = ENOMEM;
    return NULL;
}

#define ALIGNED(name)                                                                              \
    REPLACE(void *, name, size_t alignment, size_t size)                                           \
    {                                                                                              \
        void *at = NEXT(name)(alignment, size);                                                    \
        add_block(at, size, CALLER, CALLER_FRAME);                                                 \
        return at;                                                                                 \
    }
ALIGNED(memalign)
ALIGNED(aligned_alloc)
#undef ALIGNED

REPLACE(int, posix_memalign, void **at, size_t alignment, size_t size)
{
    const int failed = NEXT(posix_memalign)(at, alignment, size);
    if (!failed)
        add_block(*at, size, CALLER, CALLER_FRAME);
    return failed;
}

REPLACE(void *, valloc, size_t size)
{
    void *at = NEXT(valloc)(size);
    add_block(at, size, CALLER, CALLER_FRAME);
    return at;
}
