/* SPDX-License-Identifier: MIT
 * The general registers in a sample of perf_event: which to ask for, as bits, and the processor's
 * number of each in the order in which they come. Linux, arch/x86 and arch/arm64, uapi/asm/
 * perf_regs.h. */
#ifndef BASE_ARCH_SAMPLED_REGISTERS_H
#define BASE_ARCH_SAMPLED_REGISTERS_H

#include <stdint.h>

#if defined(__x86_64__)
/* ax bx cx dx si di bp sp, and behind ip, flags and segments r8 to r15 */
enum { ARCH_REGISTERS = 16, ARCH_STACK_POINTER = 4 };
#define ARCH_SAMPLED_REGISTERS 0xff00ffu
static const int8_t arch_sampled_register[] = {
    0, 3, 1, 2, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15};
#elif defined(__aarch64__)
/* x0 to x30, sp */
enum { ARCH_REGISTERS = 32, ARCH_STACK_POINTER = 31 };
#define ARCH_SAMPLED_REGISTERS 0xffffffffu
static const int8_t arch_sampled_register[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
#else
enum { ARCH_REGISTERS = 1, ARCH_STACK_POINTER = 0 };
#define ARCH_SAMPLED_REGISTERS 0u
static const int8_t arch_sampled_register[] = {0};
#endif

#endif
