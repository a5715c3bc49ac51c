/* SPDX-License-Identifier: MIT
 * The atomic operations of Go programs: the hook does the operation. Its arguments and results lie
 * where Go's stub has them, from `at` on: the address, the operands, the result. All are
 * sequentially consistent (The Go Memory Model, "Atomic Values"). */
#include "runtime/go/go_caller.h"
#include "runtime/go/go_hooks.h"
#include "runtime/inside.h"
#include "runtime/tier1.h"

#include <string.h>

/* The site is that in the program, beyond the wrappers of Go's packages. */
static uintptr_t site_of(uintptr_t caller, uintptr_t frame, const void *g)
{
    if (!inside_enter())
        return caller;
    const uintptr_t pc = go_caller_outside(go_stack_of(g), caller, frame);
    inside_leave();
    return pc;
}

#define ATOMIC(bits, type, name, kind, action)                                                     \
    GO_HOOK(go_atomic##bits##_##name, uintptr_t caller, uintptr_t pc, char *at)                    \
    {                                                                                              \
        type *const word = *(type **)at, *const operand = (type *)(at + sizeof word);              \
        (void)context, (void)pc;                                                                   \
        if (state_gate.on && !tier1_knows((uintptr_t)word, sizeof *word, (kind)&3))                \
            go_access((uintptr_t)word, sizeof *word, kind, site_of(caller, CALLER_FRAME, g), g);   \
        action;                                                                                    \
    }
#define BOTH (RECORD_READ | RECORD_WRITE | RECORD_ATOMIC)
#define RESULT(type, index) (*(type *)(at + sizeof word + (index)))
#define FETCH(bits, type, name)                                                                    \
    ATOMIC(bits, type, fetch_##name, BOTH,                                                         \
        RESULT(type, 8) = __atomic_fetch_##name(word, *operand, __ATOMIC_SEQ_CST))
#define ATOMICS(bits, type)                                                                        \
    ATOMIC(bits, type, load, RECORD_READ | RECORD_ATOMIC,                                          \
        *operand = __atomic_load_n(word, __ATOMIC_SEQ_CST))                                        \
    ATOMIC(bits, type, store, RECORD_WRITE | RECORD_ATOMIC,                                        \
        __atomic_store_n(word, *operand, __ATOMIC_SEQ_CST))                                        \
    ATOMIC(bits, type, exchange, BOTH,                                                             \
        RESULT(type, 8) = __atomic_exchange_n(word, *operand, __ATOMIC_SEQ_CST))                   \
    ATOMIC(bits, type, compare_exchange, BOTH,                                                     \
        RESULT(bool, 2 * sizeof(type)) = __atomic_compare_exchange_n(                              \
            word, operand, operand[1], false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))                 \
    FETCH(bits, type, add) FETCH(bits, type, and) FETCH(bits, type, or)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)
#undef ATOMIC
#undef BOTH
#undef RESULT
#undef FETCH
#undef ATOMICS
