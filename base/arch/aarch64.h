/* SPDX-License-Identifier: MIT
 * aarch64. The generic timer counts at a fixed rate on all cpus (Arm ARM D12.1); often 25 to 100
 * MHz, so that a single op can rarely be timed. */
#ifndef BASE_ARCH_AARCH64_H
#define BASE_ARCH_AARCH64_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/auxv.h>

#define ARCH_NAME "aarch64"

/* Of a program's addresses; more only where mmap is asked for them, fewer (39, 42, 47) by the
 * kernel's configuration (Linux, arm64/memory.rst). */
enum { ARCH_ADDRESS_BITS = 48 };

/* AADWARF64, table "DWARF register names": x29 and sp. The frame record lies where the compiler
 * wants it (AAPCS64 6.4.6), so 0: the canonical frame address is at no fixed distance. */
enum { ARCH_DWARF_FRAME = 29, ARCH_DWARF_STACK = 31, ARCH_CFA_ABOVE_FRAME = 0 };

/* XPACLRI, as a hint that processors without pointer authentication ignore (Arm ARM C6.2). */
static inline uintptr_t arch_code_address(uintptr_t stored)
{
    register uintptr_t link __asm__("x30") = stored;
    __asm__("hint #7" : "+r"(link));
    return link;
}

static inline uintptr_t arch_thread_pointer(void)
{
    return (uintptr_t)__builtin_thread_pointer();
}

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

/* The event counters through PMSELR_EL0 and the cycle counter as index 31, as struct
 * perf_event_mmap_page numbers them: Documentation/arch/arm64/perf.rst, "perf userspace PMU
 * hardware counter access". */
static inline bool arch_has_counters(void)
{
    return true;
}

static inline uint64_t arch_counter(unsigned index)
{
    uint64_t value;
    if (index == 31)
        __asm__ volatile("isb\n\tmrs %0, pmccntr_el0" : "=r"(value));
    else
        __asm__ volatile("msr pmselr_el0, %1\n\tisb\n\tmrs %0, pmxevcntr_el0"
                         : "=r"(value)
                         : "r"((uint64_t)index));
    return value;
}

/* What an event must ask for so that it may be read from user space. */
static inline uint64_t arch_counter_config1(void)
{
    return 2;
}

/* Four instructions, one load and one store each time. */
enum { ARCH_KNOWN_INSTRUCTIONS = 4 };
static inline void arch_known_work(uint64_t *place, uint64_t times)
{
    uint64_t x;
    __asm__ volatile("1: ldr %0, [%2]\n\tstr %0, [%2]\n\tsubs %1, %1, #1\n\tb.ne 1b"
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
    __asm__ volatile("dc civac, %0\n\tdsb ish" ::"r"(line) : "memory");
    return true;
}

#endif
