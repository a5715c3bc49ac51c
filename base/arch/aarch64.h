/* SPDX-License-Identifier: MIT
 * aarch64. The generic timer counts at a fixed rate on all cpus (Arm ARM D12.1); often 25 to 100
 * MHz, so that one op can rarely be timed by itself. */
#ifndef BASE_ARCH_AARCH64_H
#define BASE_ARCH_AARCH64_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/auxv.h>

#define ARCH_NAME "aarch64"

static inline uint64_t arch_ticks(void)
{
    uint64_t t;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(t));
    return t;
}

static inline uint64_t arch_ticks_begin(void)
{
    uint64_t t;
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(t)::"memory");
    return t;
}

static inline uint64_t arch_ticks_end(void)
{
    uint64_t t;
    __asm__ volatile("dsb ish\n\tisb\n\tmrs %0, cntvct_el0" : "=r"(t)::"memory");
    return t;
}

static inline bool arch_has_ticks(void)
{
    return true;
}

static inline void arch_pause(void)
{
    __asm__ volatile("isb" ::: "memory");
}

static inline void arch_drain(void)
{
    __asm__ volatile("dsb ish" ::: "memory");
}

static inline const char *arch_flavour(void)
{
    enum { HAVE_ATOMICS = 1 << 8 }; /* HWCAP_ATOMICS: the LSE instructions */
    return getauxval(AT_HWCAP) & HAVE_ATOMICS ? "lse" : "llsc";
}

#endif
