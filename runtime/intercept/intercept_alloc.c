/* SPDX-License-Identifier: MIT
 * malloc and its family: where a block's life begins and ends, and which calls made it. The blocks
 * themselves are those of the program's allocator. */
#include "runtime/base/real_libc.h"
#include "runtime/base/recording.h"
#include "runtime/inside.h"
#include "runtime/intercept/memory.h"

#include <errno.h>

REAL(void *, realloc, void *, size_t)

/* Where operator new calls, the call of operator new counts. Where malloc fails, operator new may
 * throw, and the thread's next block is not its own. */
void memory_add_block(void *at, size_t size, uintptr_t pc, uintptr_t frame)
{
    struct me *me = &state_me;
    const bool by_new = me->caller != 0;
    if (at && inside_enter()) {
        const int before = errno;
        memory_begin(
            RECORD_HEAP, (uintptr_t)at, size, by_new ? me->caller : pc, by_new ? me->frame : frame);
        errno = before;
        inside_leave();
    }
    me->caller = 0;
}

void memory_remove_block(void *at)
{
    struct object o;
    if (!at || !inside_enter())
        return;
    const int before = errno;
    if (objects_take(RECORD_HEAP, (uintptr_t)at, &o))
        memory_forget(o.start, o.size);
    errno = before;
    inside_leave();
}

REPLACE(void *, malloc, size_t size)
{
    void *at = NEXT(malloc)(size);
    memory_add_block(at, size, CALLER, CALLER_FRAME);
    return at;
}

/* dlsym, which finds the real one, first frees the text of an error that nothing asked for: that
 * would be endless, and is left. */
REPLACE(void, free, void *at)
{
    memory_remove_block(at);
    if (!real_is_searching())
        NEXT(free)(at);
}

/* Before glibc 2.34 dlsym asks for a place for the text of an error, which would be endless, too;
 * where there is no memory it uses a static one (dlfcn/dlerror.c). */
REPLACE(void *, calloc, size_t count, size_t size)
{
    if (real_is_searching())
        return NULL;
    void *at = NEXT(calloc)(count, size);
    memory_add_block(at, count * size, CALLER, CALLER_FRAME);
    return at;
}

/* Before realloc, which may free the block. False: it is not known. */
static bool lift_block(void *at, struct object *o)
{
    if (!at || !inside_enter())
        return false;
    const bool known = objects_take(RECORD_HEAP, (uintptr_t)at, o);
    inside_leave();
    return known;
}

/* The block is where it was, with this size: what threads did there stays. */
static void put_block(struct object o, size_t size)
{
    const int before = errno;
    if (!inside_enter())
        return;
    if (size < o.size)
        memory_forget(o.start + size, o.size - size);
    o.size = size;
    memory_move(&o);
    errno = before;
    inside_leave();
}

static void forget_block(const struct object *o)
{
    const int before = errno;
    if (!inside_enter())
        return;
    memory_forget(o->start, o->size);
    errno = before;
    inside_leave();
}

static void *resize_block(void *at, size_t size, uintptr_t pc, uintptr_t frame)
{
    struct object o;
    const bool known = lift_block(at, &o);
    void *now = NEXT(realloc)(at, size);
    const bool failed = !now && size;
    if (known && (failed || (uintptr_t)now == o.start)) {
        put_block(o, failed ? o.size : size);
        return now;
    }
    if (known)
        forget_block(&o);
    memory_add_block(now, size, pc, frame);
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
        memory_add_block(at, size, CALLER, CALLER_FRAME);                                          \
        return at;                                                                                 \
    }
ALIGNED(memalign)
ALIGNED(aligned_alloc)
#undef ALIGNED

REPLACE(int, posix_memalign, void **at, size_t alignment, size_t size)
{
    const int failed = NEXT(posix_memalign)(at, alignment, size);
    if (!failed)
        memory_add_block(*at, size, CALLER, CALLER_FRAME);
    return failed;
}

#define PAGED(name, bytes)                                                                         \
    REPLACE(void *, name, size_t size)                                                             \
    {                                                                                              \
        void *at = NEXT(name)(size);                                                               \
        memory_add_block(at, bytes, CALLER, CALLER_FRAME);                                         \
        return at;                                                                                 \
    }
PAGED(valloc, size)
PAGED(pvalloc, (size + (size_t)getpagesize() - 1) & -(size_t)getpagesize())
#undef PAGED

/* Of strdup, which keeps no frame pointer, the call counts, as of operator new. */
#define DUPLICATE(name, arguments, ...)                                                            \
    REPLACE(char *, name, __VA_ARGS__)                                                             \
    {                                                                                              \
        state_me.caller = CALLER;                                                                  \
        state_me.frame = CALLER_FRAME;                                                             \
        char *at = NEXT(name) arguments;                                                           \
        state_me.caller = 0;                                                                       \
        return at;                                                                                 \
    }
DUPLICATE(strdup, (from), const char *from)
DUPLICATE(strndup, (from, most), const char *from, size_t most)
#undef DUPLICATE

/* The program may use all of what it gets as the size. */
REPLACE(size_t, malloc_usable_size, void *at)
{
    struct object o;
    const size_t size = NEXT(malloc_usable_size)(at);
    if (lift_block(at, &o))
        put_block(o, size > o.size ? size : o.size);
    return size;
}
