/* SPDX-License-Identifier: MIT
 * Any other architecture: it has no counter that is known here, so CLOCK_MONOTONIC_RAW is used,
 * with C11's fences. */
#ifndef BASE_ARCH_GENERIC_H
#define BASE_ARCH_GENERIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define ARCH_NAME "generic"

/* Of a program's addresses. */
enum { ARCH_ADDRESS_BITS = sizeof(void *) == 8 ? 47 : 32 };

/* Not known here: no local variable is found by these. */
enum { ARCH_DWARF_FRAME = -1, ARCH_DWARF_STACK = -1, ARCH_CFA_ABOVE_FRAME = 0 };

static inline uintptr_t arch_code_address(uintptr_t stored)
{
    return stored;
}

static inline uintptr_t arch_thread_pointer(void)
{
    return (uintptr_t)__builtin_thread_pointer();
}

/* In ns, by a call. Not 0: the runtime relates what it counts to the time that has passed. */
static inline uint64_t arch_ticks(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline uint64_t arch_ticks_begin(void)
{
    return arch_ticks();
}

static inline uint64_t arch_ticks_end(void)
{
    return arch_ticks();
}

static inline bool arch_has_ticks(void)
{
    return false;
}

static inline void arch_pause(void)
{
}

static inline void arch_drain(void)
{
    __sync_synchronize(); /* atomic_thread_fence is an error with -fsanitize=thread */
}

static inline const char *arch_flavour(void)
{
    return "plain";
}

static inline bool arch_has_counters(void)
{
    return false;
}

static inline uint64_t arch_counter(unsigned index)
{
    (void)index;
    return 0;
}

static inline uint64_t arch_counter_config1(void)
{
    return 0;
}

/* No known number of instructions here; one load and one store each time. */
enum { ARCH_KNOWN_INSTRUCTIONS = 0 };
static inline void arch_known_work(uint64_t *place, uint64_t times)
{
    volatile uint64_t *const p = place;
    for (; times; times--)
        *p = *p;
}

static inline bool arch_can_flush(void)
{
    return false;
}

static inline bool arch_flush(const void *line)
{
    (void)line;
    return false;
}

#endif
