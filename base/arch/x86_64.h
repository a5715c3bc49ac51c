/* SPDX-License-Identifier: MIT
 * x86-64. Ordering of RDTSC: Intel SDM vol. 2B "RDTSC" (LFENCE before and after); AMD APM vol. 3
 * "RDTSC", where LFENCE is dispatch-serialising as Linux sets it. The compilers' builtins and not
 * x86intrin.h: that header is 50,000 lines, read by most files. */
#ifndef BASE_ARCH_X86_64_H
#define BASE_ARCH_X86_64_H

#include <cpuid.h>
#include <stdbool.h>
#include <stdint.h>

#define ARCH_NAME "x86_64"

/* Of a program's addresses; more only where mmap is asked for them (Linux,
 * x86_64/5level-paging.rst). */
enum { ARCH_ADDRESS_BITS = 47 };

/* x86-64 psABI, figures 3.36 (DWARF's numbers of rbp and rsp) and 3.3: the canonical frame address
 * is above the return address and the pushed rbp. */
enum { ARCH_DWARF_FRAME = 6, ARCH_DWARF_STACK = 7, ARCH_CFA_ABOVE_FRAME = 16 };

static inline uintptr_t arch_code_address(uintptr_t stored)
{
    return stored;
}

/* The first word of a thread's control block is its address (x86-64 psABI, ELF Handling For TLS
 * 3.4.6). The compiler's builtin is missing in gcc before 11. */
static inline uintptr_t arch_thread_pointer(void)
{
    uintptr_t pointer;
    __asm__("mov %%fs:0, %0" : "=r"(pointer));
    return pointer;
}

static inline uint64_t arch_ticks(void)
{
    return __builtin_ia32_rdtsc();
}

static inline uint64_t arch_ticks_begin(void)
{
    __builtin_ia32_lfence();
    const uint64_t t = __builtin_ia32_rdtsc();
    __builtin_ia32_lfence();
    return t;
}

static inline uint64_t arch_ticks_end(void)
{
    __builtin_ia32_lfence();
    return __builtin_ia32_rdtsc();
}

/* CPUID 8000_0007h EDX bit 8: the TSC runs at one rate in all power states ("invariant").
 * Hypervisors may hide the bit of a TSC that is; then the kernel's own choice of clocksource
 * decides (machine/clock.c). */
static inline bool arch_has_ticks(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(0x80000007u, &a, &b, &c, &d) && (d >> 8 & 1);
}

static inline void arch_pause(void)
{
    __builtin_ia32_pause();
}

static inline void arch_drain(void)
{
    __builtin_ia32_mfence();
}

static inline const char *arch_flavour(void)
{
    return "plain";
}

/* RDPMC, where the kernel allows it: Documentation of struct perf_event_mmap_page in
 * linux/perf_event.h. */
static inline bool arch_has_counters(void)
{
    return true;
}

static inline uint64_t arch_counter(unsigned index)
{
    return __builtin_ia32_rdpmc((int)index);
}

/* What an event must ask for so that it may be read from user space. */
static inline uint64_t arch_counter_config1(void)
{
    return 0;
}

/* Four instructions, one load and one store each time. */
enum { ARCH_KNOWN_INSTRUCTIONS = 4 };
static inline void arch_known_work(uint64_t *place, uint64_t times)
{
    uint64_t x;
    __asm__ volatile("1: mov (%2), %0\n\tmov %0, (%2)\n\tdec %1\n\tjnz 1b"
                     : "=&r"(x), "+r"(times)
                     : "r"(place)
                     : "memory", "cc");
}

static inline bool arch_can_flush(void)
{
    return true;
}

/* Out of all caches, and done when the next access begins. */
static inline bool arch_flush(const void *line)
{
    __builtin_ia32_clflush(line);
    __builtin_ia32_mfence();
    return true;
}

#endif
