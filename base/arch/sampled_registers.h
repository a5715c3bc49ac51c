/* SPDX-License-Identifier: MIT
 * The general registers in a sample of perf_event: which to ask for, as bits, and the processor's
 * number of each in the order in which they come. Linux, arch/x86 and arch/arm64, uapi/asm/
 * perf_regs.h. ARCH_DWARF_STACK_POINTER is DWARF's number of the stack pointer (System V ABI for
 * AMD64, and for AArch64). */
#ifndef BASE_ARCH_SAMPLED_REGISTERS_H
#define BASE_ARCH_SAMPLED_REGISTERS_H

#include <stdint.h>

#if defined(__x86_64__)
/* ax bx cx dx si di bp sp, and behind ip, flags and segments r8 to r15 */
enum { ARCH_REGISTERS = 16, ARCH_STACK_POINTER = 4, ARCH_DWARF_STACK_POINTER = 7 };
#define ARCH_SAMPLED_REGISTERS 0xff00ffu
static const int8_t arch_sampled_register[] = {
    0, 3, 1, 2, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15};
#elif defined(__aarch64__)
/* x0 to x30, sp */
enum { ARCH_REGISTERS = 32, ARCH_STACK_POINTER = 31, ARCH_DWARF_STACK_POINTER = 31 };
#define ARCH_SAMPLED_REGISTERS 0xffffffffu
static const int8_t arch_sampled_register[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
#else
enum { ARCH_REGISTERS = 1, ARCH_STACK_POINTER = 0, ARCH_DWARF_STACK_POINTER = 0 };
#define ARCH_SAMPLED_REGISTERS 0u
static const int8_t arch_sampled_register[] = {0};
#endif
/* The address of the thread's own memory (fs on x86-64), behind them; samples do not have it. */
enum { ARCH_THREAD_POINTER = ARCH_REGISTERS };

/* What glibc has at that address: a pointer to it, another one behind, and the thread's number
 * behind a header of 704 bytes and a list of 16 (sysdeps/x86_64/nptl/tls.h, nptl/descr.h). 0: not
 * known. */
#if defined(__x86_64__)
enum { ARCH_GLIBC_SELF = 16, ARCH_GLIBC_TID = 720 };
#else
enum { ARCH_GLIBC_SELF = 0, ARCH_GLIBC_TID = 0 };
#endif

#endif
