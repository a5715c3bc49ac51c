/* SPDX-License-Identifier: MIT
 * Instructions of AArch64, in the same terms as x86-64's: Arm Architecture Reference Manual,
 * DDI 0487, C4.1, "A64 instruction set encoding". */
#ifndef ANALYSIS_CODE_A64_H
#define ANALYSIS_CODE_A64_H

#include "analysis/code/instruction.h"

/* Registers are x0 to x30 and, as 31, the stack pointer. Where a store or load changes its base,
 * the base is among those written. False: it is not known, as of SVE. */
bool a64_decode(uint32_t word, struct code_instruction *out);

#endif
