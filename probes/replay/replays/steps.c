/* SPDX-License-Identifier: MIT
 * Each kind of access in each size, and the loops around it: one for each kind alone, and one for
 * lists of several, whose jumps repeat and are predicted. */
#include "probes/replay/replay_loop.h"

#define STEP(type, log2)                                                                           \
    static inline __attribute__((always_inline)) uint64_t step_##log2(void *at, unsigned op)       \
    {                                                                                              \
        _Atomic type *const w = at;                                                                \
        if (op == PATTERN_STORE)                                                                   \
            return atomic_store_explicit(w, 1, memory_order_relaxed), 0;                           \
        if (op == PATTERN_ADD)                                                                     \
            return atomic_fetch_add_explicit(w, 1, memory_order_relaxed);                          \
        const type old = atomic_load_explicit(w, memory_order_relaxed);                            \
        if (op == PATTERN_RMW)                                                                     \
            atomic_store_explicit(w, (type)(old + 1), memory_order_relaxed);                       \
        return old;                                                                                \
    }
STEP(uint8_t, 0)
STEP(uint16_t, 1)
STEP(uint32_t, 2)
STEP(uint64_t, 3)
#undef STEP

#define CASE(op, log2)                                                                             \
    case (op)*REPLAY_SIZES + (log2):                                                               \
        return step_##log2(at, op);
#define CASES(op) CASE(op, 0) CASE(op, 1) CASE(op, 2) CASE(op, 3)
static inline __attribute__((always_inline)) uint64_t step(void *at, uint64_t kind)
{
    switch (kind) {
        CASES(PATTERN_LOAD)
        CASES(PATTERN_STORE)
        CASES(PATTERN_RMW)
        CASES(PATTERN_ADD)
    default:
        __builtin_unreachable();
    }
}
#undef CASES
#undef CASE

/* What a load or an atomic returned is used by the work behind it: a thread that takes its next
 * task from a counter waits for the counter's line, which otherwise costs half as much. What a
 * read-modify-write read goes into its store alone. */
static inline __attribute__((always_inline)) uint64_t used(uint64_t op, uint64_t value)
{
    return op == PATTERN_LOAD || op == PATTERN_ADD ? value : 0;
}

/* Private work between accesses, in the mean worker->gap. */
static inline __attribute__((always_inline)) uint64_t private_work(
    uint64_t gap, uint64_t *due, uint64_t work)
{
    *due += gap;
    const uint64_t steps = *due >> REPLAY_GAP_BITS;
    *due -= steps << REPLAY_GAP_BITS;
    return steps ? op_work(steps, work) : work;
}

static inline __attribute__((always_inline)) uint64_t one(
    const struct worker *worker, uint64_t n, uint64_t kind, bool gapped)
{
    void *const at = worker->own;
    const uint64_t gap = worker->gap;
    uint64_t work = 1, due = 0, left = n;
    do {
        const uint64_t value = step(at, kind);
        __asm__ volatile("" ::"r"(value));
        if (gapped)
            work = private_work(gap, &due, work + used(kind / REPLAY_SIZES, value));
    } while (--left);
    __asm__ volatile("" ::"r"(work));
    return n;
}

#define ONE(op, name, log2)                                                                        \
    OP_LOOP(name##_##log2, plain, one(worker, n, (op)*REPLAY_SIZES + (log2), false))               \
    OP_LOOP(name##_##log2, gapped, one(worker, n, (op)*REPLAY_SIZES + (log2), true))
#define SIZES(op, name) ONE(op, name, 0) ONE(op, name, 1) ONE(op, name, 2) ONE(op, name, 3)
SIZES(PATTERN_LOAD, load)
SIZES(PATTERN_STORE, store)
SIZES(PATTERN_RMW, rmw)
SIZES(PATTERN_ADD, add)
#undef SIZES
#undef ONE

/* The list, by jumps from access to access: GNU C's labels as values. An access's address and
 * where to go after it are read before it, since a locked op keeps the reads behind it waiting:
 * with a switch in a loop an atomic after a store took 8.8 ns, not 2.1, and hid that the store's
 * line was another's. */
#pragma GCC diagnostic ignored "-Wpedantic"
#define TARGET(op, log2) [(op)*REPLAY_SIZES + (log2)] = &&op##_##log2,
#define TARGETS(op) TARGET(op, 0) TARGET(op, 1) TARGET(op, 2) TARGET(op, 3)
#define ACCESS(op, log2, gapped)                                                                   \
    op##_##log2 : here = at;                                                                       \
    k = (k + 1) % REPLAY_STEPS;                                                                    \
    at = line[k].at;                                                                               \
    next = line[k].target;                                                                         \
    __asm__ volatile("" : "+r"(at), "+r"(next)::"memory");                                         \
    value = step_##log2(here, op);                                                                 \
    __asm__ volatile("" ::"r"(value));                                                             \
    if (gapped)                                                                                    \
        work = private_work(gap, &due, work + used(op, value));                                    \
    if (--left == 0)                                                                               \
        goto end;                                                                                  \
    goto *next;
#define ACCESSES(op, gapped)                                                                       \
    ACCESS(op, 0, gapped) ACCESS(op, 1, gapped) ACCESS(op, 2, gapped) ACCESS(op, 3, gapped)
#define LIST_LOOP(name, gapped)                                                                    \
    static uint64_t list_##name(const struct worker *worker, uint64_t n)                           \
    {                                                                                              \
        static const void *const targets[REPLAY_KINDS] = {TARGETS(PATTERN_LOAD)                    \
                TARGETS(PATTERN_STORE) TARGETS(PATTERN_RMW) TARGETS(PATTERN_ADD)};                 \
        const struct replay_step *const steps = worker->list;                                      \
        const uint64_t gap = worker->gap;                                                          \
        uint64_t work = 1, due = 0, left = n, k = 0, value;                                        \
        struct {                                                                                   \
            void *at;                                                                              \
            const void *target;                                                                    \
        } line[REPLAY_STEPS];                                                                      \
        for (unsigned i = 0; i < REPLAY_STEPS; i++) {                                              \
            line[i].at = steps[i].at;                                                              \
            line[i].target = targets[steps[i].kind];                                               \
        }                                                                                          \
        void *at = line[0].at, *here;                                                              \
        const void *next = line[0].target;                                                         \
        goto *next;                                                                                \
        ACCESSES(PATTERN_LOAD, gapped)                                                             \
        ACCESSES(PATTERN_STORE, gapped)                                                            \
        ACCESSES(PATTERN_RMW, gapped)                                                              \
        ACCESSES(PATTERN_ADD, gapped)                                                              \
    end:                                                                                           \
        __asm__ volatile("" ::"r"(work));                                                          \
        return n;                                                                                  \
    }
/* cppcheck-suppress internalAstError ; it cannot read labels as values */
LIST_LOOP(plain, false)
/* cppcheck-suppress internalAstError ; the same */
LIST_LOOP(gapped, true)
#undef LIST_LOOP
#undef ACCESSES
#undef ACCESS
#undef TARGETS
#undef TARGET

#define LOOPS(name)                                                                                \
    {                                                                                              \
        .plain = name##_plain, .gapped = name##_gapped                                             \
    }
#define ALL(name) LOOPS(name##_0), LOOPS(name##_1), LOOPS(name##_2), LOOPS(name##_3)
#define REPLAY_PASTE(flavour) replay_steps_##flavour
#define REPLAY_NAME(flavour) REPLAY_PASTE(flavour)
const struct replay_loops REPLAY_NAME(FLAVOUR) = {
    .flavour = OP_FLAVOUR, .one = {ALL(load), ALL(store), ALL(rmw), ALL(add)}, .list = LOOPS(list)};
#undef ALL
#undef LOOPS
