/* SPDX-License-Identifier: MIT
 * The entry points that the compiler's instrumentation calls before each plain access
 * (compiler-rt, tsan_interface.h; gcc, sanitizer.def). Atomics are in atomics.c. */
#include "runtime/lifecycle.h"
#include "runtime/tier1.h"

EXPORT(void, __tsan_init, void)
{
    lifecycle_start();
}

/* Call stacks are walked by frame pointers, so these have nothing to do, and a longjmp or an
 * exception leaves nothing behind. Objects built by a plain -fsanitize=thread call them. */
EXPORT(void, __tsan_func_entry, void *caller)
{
    (void)caller;
}
EXPORT(void, __tsan_func_exit, void)
{
}
EXPORT(void, __tsan_ignore_thread_begin, void)
{
}
EXPORT(void, __tsan_ignore_thread_end, void)
{
}

static inline bool is_whole(uintptr_t at, size_t size)
{
    return (at & (RECORD_LINE - 1)) + size <= RECORD_LINE;
}

/* What inline.s relies on. */
_Static_assert(offsetof(struct gate, on) == 0 && offsetof(struct gate, shadow) == 8 &&
                   offsetof(struct gate, lines) == 16 && offsetof(struct me, tag) == 0 &&
                   offsetof(struct me, accesses) == 16 && sizeof(struct shadow) == 32 &&
                   offsetof(struct shadow, tag) == 0 && offsetof(struct shadow, unread) == 8 &&
                   offsetof(struct shadow, unwritten) == 16 &&
                   offsetof(struct shadow, reads) == 24 && offsetof(struct shadow, writes) == 28,
    "another layout: inline.s and the number of numaprobe_gate_2 and numaprobe_me_1 change with "
    "it");

/* Aligned accesses lie on one line. */
#define HOOK(name, size, kind)                                                                     \
    EXPORT(void, __tsan_##name, void *at)                                                          \
    {                                                                                              \
        if (state_gate.on && !tier1_knows((uintptr_t)at, size, kind))                              \
            tier1_access((uintptr_t)at, size, kind, CALLER);                                       \
    }
#define RANGE(name, size, kind)                                                                    \
    EXPORT(void, __tsan_##name, void *at)                                                          \
    {                                                                                              \
        if (state_gate.on &&                                                                       \
            !(is_whole((uintptr_t)at, size) && tier1_knows((uintptr_t)at, size, kind)))            \
            tier1_range((uintptr_t)at, size, kind, CALLER);                                        \
    }
#define SIZES(stamp, prefix, suffix, kind)                                                         \
    stamp(prefix##1##suffix, 1, kind) stamp(prefix##2##suffix, 2, kind)                            \
        stamp(prefix##4##suffix, 4, kind) stamp(prefix##8##suffix, 8, kind)
SIZES(HOOK, read, , RECORD_READ)
SIZES(HOOK, write, , RECORD_WRITE)
SIZES(HOOK, read_write, , RECORD_READ | RECORD_WRITE)
SIZES(HOOK, volatile_read, , RECORD_READ)
SIZES(HOOK, volatile_write, , RECORD_WRITE)
SIZES(RANGE, unaligned_read, , RECORD_READ)
SIZES(RANGE, unaligned_write, , RECORD_WRITE)
SIZES(RANGE, unaligned_read_write, , RECORD_READ | RECORD_WRITE)
SIZES(RANGE, unaligned_volatile_read, , RECORD_READ)
SIZES(RANGE, unaligned_volatile_write, , RECORD_WRITE)
/* The compilers call these for accesses that are only aligned to 8. */
#define SIXTEEN(name, kind) RANGE(name##16, 16, kind) RANGE(unaligned_##name##16, 16, kind)
SIXTEEN(read, RECORD_READ)
SIXTEEN(write, RECORD_WRITE)
SIXTEEN(read_write, RECORD_READ | RECORD_WRITE)
SIXTEEN(volatile_read, RECORD_READ)
SIXTEEN(volatile_write, RECORD_WRITE)
/* Newer compilers may pass the caller's pc. */
#define HOOK_PC(name, size, kind)                                                                  \
    EXPORT(void, __tsan_##name##_pc, void *at, void *pc)                                           \
    {                                                                                              \
        tier1_range((uintptr_t)at, size, kind, (uintptr_t)pc);                                     \
    }
SIZES(HOOK_PC, read, , RECORD_READ)
SIZES(HOOK_PC, write, , RECORD_WRITE)
HOOK_PC(read16, 16, RECORD_READ)
HOOK_PC(write16, 16, RECORD_WRITE)
#undef HOOK
#undef RANGE
#undef SIZES
#undef SIXTEEN
#undef HOOK_PC

EXPORT(void, __tsan_vptr_update, void **at, void *value)
{
    (void)value;
    tier1_range((uintptr_t)at, sizeof(void *), RECORD_WRITE, CALLER);
}

EXPORT(void, __tsan_vptr_read, void **at)
{
    tier1_range((uintptr_t)at, sizeof(void *), RECORD_READ, CALLER);
}

EXPORT(void, __tsan_read_range, void *at, size_t size)
{
    tier1_range((uintptr_t)at, size, RECORD_READ, CALLER);
}

EXPORT(void, __tsan_write_range, void *at, size_t size)
{
    tier1_range((uintptr_t)at, size, RECORD_WRITE, CALLER);
}
