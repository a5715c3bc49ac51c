/* SPDX-License-Identifier: MIT
 * Copies and fills, which the compilers do not instrument but call; mappings. */
#include "runtime/inside.h"
#include "runtime/line_table.h"
#include "runtime/objects.h"
#include "runtime/real_libc.h"
#include "runtime/tier1.h"

#include <errno.h>

enum { LOADED = RECORD_READ | RECORD_RANGE, STORED = RECORD_WRITE | RECORD_RANGE };

static inline __attribute__((always_inline)) void see_copy(
    void *to, const void *from, size_t bytes, uintptr_t pc)
{
    if (state_gate.on) {
        tier1_range((uintptr_t)from, bytes, LOADED, pc);
        tier1_range((uintptr_t)to, bytes, STORED, pc);
    }
}

#define COPY(name)                                                                                 \
    REPLACE(void *, name, void *to, const void *from, size_t bytes)                                \
    {                                                                                              \
        see_copy(to, from, bytes, CALLER);                                                         \
        return NEXT(name)(to, from, bytes);                                                        \
    }                                                                                              \
    EXPORT(void *, __tsan_##name, void *to, const void *from, size_t bytes)                        \
    {                                                                                              \
        see_copy(to, from, bytes, CALLER);                                                         \
        return NEXT(name)(to, from, bytes);                                                        \
    }
COPY(memcpy)
COPY(memmove)
#undef COPY

REPLACE(void *, memset, void *at, int value, size_t bytes)
{
    if (state_gate.on)
        tier1_range((uintptr_t)at, bytes, STORED, CALLER);
    return NEXT(memset)(at, value, bytes);
}

EXPORT(void *, __tsan_memset, void *at, int value, size_t bytes)
{
    if (state_gate.on)
        tier1_range((uintptr_t)at, bytes, STORED, CALLER);
    return NEXT(memset)(at, value, bytes);
}

static void add_mapping(void *at, size_t bytes, int flags, uintptr_t pc, uintptr_t frame)
{
    if (at == MAP_FAILED || !inside_enter())
        return;
    const int before = errno;
    if (flags & MAP_FIXED) {
        objects_remove((uintptr_t)at);
        tier1_forget((uintptr_t)at, bytes);
    }
    if (objects_add((uintptr_t)at, bytes, RECORD_MMAP, pc, frame))
        line_note_object((uintptr_t)at, bytes);
    errno = before;
    inside_leave();
}

/* By the system call, as glibc does. */
#define MAP(name)                                                                                  \
    INTERPOSE(                                                                                     \
        void *, name, void *at, size_t bytes, int protection, int flags, int file, off_t offset)   \
    {                                                                                              \
        void *got = real_mmap(at, bytes, protection, flags, file, offset);                         \
        add_mapping(got, bytes, flags, CALLER, CALLER_FRAME);                                      \
        return got;                                                                                \
    }
MAP(mmap)
MAP(mmap64)
#undef MAP

REPLACE(int, munmap, void *at, size_t bytes)
{
    if (inside_enter()) {
        const int before = errno;
        objects_remove((uintptr_t)at);
        if (record->threads_created)
            tier1_forget((uintptr_t)at, bytes);
        errno = before;
        inside_leave();
    }
    return NEXT(munmap)(at, bytes);
}
