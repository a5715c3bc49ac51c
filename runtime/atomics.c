/* SPDX-License-Identifier: MIT
 * The compiler replaces each C11 or C++ atomic operation by a call of one of these, which must do
 * it. The order is kept where a weaker one is cheaper on x86-64 (a store); else the strongest is
 * used, which is never wrong. */
#include "runtime/tier1.h"

static inline __attribute__((always_inline)) void see_atomic(
    const volatile void *at, unsigned size, unsigned kind, uintptr_t pc)
{
    if (!state_gate.on)
        return;
    if (!tier1_knows((uintptr_t)at, size, kind))
        tier1_access((uintptr_t)at, size, kind | RECORD_ATOMIC, pc);
}
enum { BOTH = RECORD_READ | RECORD_WRITE };

#define ATOMIC_FETCH(bits, type, name)                                                             \
    EXPORT(type, __tsan_atomic##bits##_fetch_##name, volatile type *at, type value, int order)     \
    {                                                                                              \
        (void)order;                                                                               \
        see_atomic(at, sizeof *at, BOTH, CALLER);                                                  \
        return __atomic_fetch_##name(at, value, __ATOMIC_SEQ_CST);                                 \
    }
#define ATOMIC_CAS(bits, type, name)                                                               \
    EXPORT(int, __tsan_atomic##bits##_compare_exchange_##name, volatile type *at, type *expected,  \
        type value, int order, int failed)                                                         \
    {                                                                                              \
        (void)order, (void)failed;                                                                 \
        see_atomic(at, sizeof *at, BOTH, CALLER);                                                  \
        return __atomic_compare_exchange_n(                                                        \
            at, expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                           \
    }
#define ATOMIC_LOAD(bits, type)                                                                    \
    EXPORT(type, __tsan_atomic##bits##_load, const volatile type *at, int order)                   \
    {                                                                                              \
        (void)order;                                                                               \
        see_atomic(at, sizeof *at, RECORD_READ, CALLER);                                           \
        return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                              \
    }
#define ATOMIC_STORE(bits, type)                                                                   \
    EXPORT(void, __tsan_atomic##bits##_store, volatile type *at, type value, int order)            \
    {                                                                                              \
        see_atomic(at, sizeof *at, RECORD_WRITE, CALLER);                                          \
        if (order == __ATOMIC_SEQ_CST)                                                             \
            __atomic_store_n(at, value, __ATOMIC_SEQ_CST);                                         \
        else                                                                                       \
            __atomic_store_n(at, value, __ATOMIC_RELEASE);                                         \
    }
#define ATOMIC_SWAP(bits, type)                                                                    \
    EXPORT(type, __tsan_atomic##bits##_exchange, volatile type *at, type value, int order)         \
    {                                                                                              \
        (void)order;                                                                               \
        see_atomic(at, sizeof *at, BOTH, CALLER);                                                  \
        return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);                                   \
    }
/* clang's cmpxchg instruction: what was there. */
#define ATOMIC_CAS_VAL(bits, type)                                                                 \
    EXPORT(type, __tsan_atomic##bits##_compare_exchange_val, volatile type *at, type expected,     \
        type value, int order, int failed)                                                         \
    {                                                                                              \
        (void)order, (void)failed;                                                                 \
        see_atomic(at, sizeof *at, BOTH, CALLER);                                                  \
        __atomic_compare_exchange_n(at, &expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);  \
        return expected;                                                                           \
    }
#define ATOMICS(bits, type)                                                                        \
    ATOMIC_LOAD(bits, type)                                                                        \
    ATOMIC_STORE(bits, type)                                                                       \
    ATOMIC_SWAP(bits, type)                                                                        \
    ATOMIC_FETCH(bits, type, add)                                                                  \
    ATOMIC_FETCH(bits, type, sub)                                                                  \
    ATOMIC_FETCH(bits, type, and)                                                                  \
    ATOMIC_FETCH(bits, type, or)                                                                   \
    ATOMIC_FETCH(bits, type, xor)                                                                  \
    ATOMIC_FETCH(bits, type, nand)                                                                 \
    ATOMIC_CAS(bits, type, strong)                                                                 \
    ATOMIC_CAS(bits, type, weak) ATOMIC_CAS_VAL(bits, type)
ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)

/* 16 bytes: by compare-and-swap, since the compilers would call libatomic. */
__extension__ typedef unsigned __int128 wide;
#define WIDE_LOOP(next)                                                                            \
    see_atomic(at, 16, BOTH, CALLER);                                                              \
    (void)order;                                                                                   \
    wide was = *at;                                                                                \
    for (;;) {                                                                                     \
        const wide now = __sync_val_compare_and_swap(at, was, (next));                             \
        if (now == was)                                                                            \
            return was;                                                                            \
        was = now;                                                                                 \
    }
#define WIDE_FETCH(name, next)                                                                     \
    EXPORT(wide, __tsan_atomic128_##name, volatile wide *at, wide value, int order)                \
    {                                                                                              \
        WIDE_LOOP(next)                                                                            \
    }
WIDE_FETCH(exchange, value)
WIDE_FETCH(fetch_add, was + value)
WIDE_FETCH(fetch_sub, was - value)
WIDE_FETCH(fetch_and, was &value)
WIDE_FETCH(fetch_or, was | value)
WIDE_FETCH(fetch_xor, was ^ value)
WIDE_FETCH(fetch_nand, ~(was &value))

EXPORT(wide, __tsan_atomic128_load, const volatile wide *at, int order)
{
    (void)order;
    see_atomic(at, 16, RECORD_READ, CALLER);
    return __sync_val_compare_and_swap((volatile wide *)at, 0, 0);
}

EXPORT(void, __tsan_atomic128_store, volatile wide *at, wide value, int order)
{
    __tsan_atomic128_exchange(at, value, order);
}

EXPORT(wide, __tsan_atomic128_compare_exchange_val, volatile wide *at, wide expected, wide value,
    int order, int failed)
{
    (void)order, (void)failed;
    see_atomic(at, 16, BOTH, CALLER);
    return __sync_val_compare_and_swap(at, expected, value);
}

#define WIDE_CAS(name)                                                                             \
    EXPORT(int, __tsan_atomic128_compare_exchange_##name, volatile wide *at, wide *expected,       \
        wide value, int order, int failed)                                                         \
    {                                                                                              \
        (void)order, (void)failed;                                                                 \
        see_atomic(at, 16, BOTH, CALLER);                                                          \
        const wide was = __sync_val_compare_and_swap(at, *expected, value);                        \
        const int done = was == *expected;                                                         \
        *expected = was;                                                                           \
        return done;                                                                               \
    }
WIDE_CAS(strong)
WIDE_CAS(weak)
#undef ATOMIC_FETCH
#undef ATOMIC_CAS
#undef ATOMIC_LOAD
#undef ATOMIC_STORE
#undef ATOMIC_SWAP
#undef ATOMIC_CAS_VAL
#undef ATOMICS
#undef WIDE_LOOP
#undef WIDE_FETCH
#undef WIDE_CAS

EXPORT(void, __tsan_atomic_thread_fence, int order)
{
    (void)order;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

EXPORT(void, __tsan_atomic_signal_fence, int order)
{
    (void)order;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}
