/* SPDX-License-Identifier: MIT
 * x86-64. Ordering of RDTSC: Intel SDM vol. 2B "RDTSC" (LFENCE before and after); AMD APM vol. 3
 * "RDTSC", where LFENCE is dispatch-serialising as Linux sets it. */
#ifndef BASE_ARCH_X86_64_H
#define BASE_ARCH_X86_64_H

#include <stdbool.h>
#include <stdint.h>
#include <cpuid.h>
#include <x86intrin.h>

#define ARCH_NAME "x86_64"

static inline uint64_t arch_ticks(void)
{
    return __rdtsc();
}

static inline uint64_t arch_ticks_begin(void)
{
    _mm_lfence();
    const uint64_t t = __rdtsc();
    _mm_lfence();
    return t;
}

static inline uint64_t arch_ticks_end(void)
{
    _mm_lfence();
    return __rdtsc();
}

/* CPUID 8000_0007h EDX bit 8: the TSC runs at one rate in all power states ("invariant").
 * Hypervisors may hide the bit of a TSC that is; then the kernel's own choice of clocksource
 * decides (probes/clock.c). */
static inline bool arch_has_ticks(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(0x80000007u, &a, &b, &c, &d) && (d >> 8 & 1);
}

static inline void arch_pause(void)
{
    _mm_pause();
}

static inline void arch_drain(void)
{
    _mm_mfence();
}

static inline const char *arch_flavour(void)
{
    return "plain";
}

#endif
