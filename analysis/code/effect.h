/* SPDX-License-Identifier: MIT
 * What an instruction leaves where: copies between registers and memory of 64 bits, and where it
 * may go on. For following a value; analysis/code/instruction.h has what is accessed. Of x86-64 by
 * Zydis only. */
#ifndef ANALYSIS_CODE_EFFECT_H
#define ANALYSIS_CODE_EFFECT_H

#include "analysis/code/instruction.h"

enum code_effect_kind {
    CODE_OTHER,   /* the registers that it writes have something else */
    CODE_MOVE,    /* register `to` has what `from` has, plus `offset` */
    CODE_ADDRESS, /* register `to` has the address of the next instruction plus `offset` */
    CODE_LOAD,    /* register `to` has what lies at operand[0] */
    CODE_STORE,   /* operand[0] has what register `from` has */
    CODE_PUSH,    /* of register `from` */
    CODE_POP,     /* into register `to` */
    CODE_CALL,
};

struct code_effect {
    struct code_instruction instruction;
    enum code_effect_kind kind;
    int8_t to, from;
    int64_t offset;
    bool jumps;     /* it may go on at its address plus `target` */
    bool jumps_far; /* it may go on at an address that it does not have */
    int64_t target;
};

bool code_effect_known(void);
/* False where there is no instruction that is known, or not all of it. */
bool code_effect_of(const uint8_t *code, size_t size, struct code_effect *out);

#endif
