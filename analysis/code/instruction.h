/* SPDX-License-Identifier: MIT
 * One machine instruction: how long it is, where it accesses memory, and which registers it writes.
 * Of x86-64 by Zydis, of AArch64 by a64.h; elsewhere, and in a build for x86-64 without Zydis,
 * nothing can be decoded. */
#ifndef ANALYSIS_CODE_INSTRUCTION_H
#define ANALYSIS_CODE_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* General registers as the processor numbers them: rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to
 * r15, and CODE_FS, the base of fs, which no instruction changes; x0 to x30 and sp. */
enum { CODE_FS = 16, CODE_REGISTERS = 32, CODE_NONE = -1, CODE_IP = -2, CODE_LENGTH_MOST = 15 };

/* At base + index * scale + offset, where a register may be CODE_NONE, and a base CODE_IP: the
 * address of the next instruction. */
struct code_operand {
    int8_t base, index;
    uint8_t scale;
    uint16_t bytes;
    bool read, write;
    int64_t offset;
};

struct code_instruction {
    uint8_t length;
    bool ends;        /* what follows it in memory need not follow it in time: jump, call, return */
    bool conditional; /* and yet may: a conditional jump */
    uint32_t writes;  /* registers, as bits */
    struct code_operand operand[2]; /* of memory; none is only named, as by lea or nop */
    unsigned operands;
};

/* Whether this build can decode the code of this architecture. */
bool code_can_decode(void);
/* The instruction at the beginning of `code`. False where there is none that is known, or not all
 * of it. What is addressed by gs is left out. */
bool code_decode(const uint8_t *code, size_t size, struct code_instruction *out);

#endif
