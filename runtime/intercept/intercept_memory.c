/* SPDX-License-Identifier: MIT
 * Copies and fills, which the compilers do not instrument but call. */
#include "runtime/base/real_libc.h"
#include "runtime/tier1.h"

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
