/* SPDX-License-Identifier: MIT
 * Which memory the code around a sampled instruction accesses. A sample of a clock shows where a
 * thread was, after some skid: never at the access, often one instruction behind it, and for plain
 * stores anywhere near. So all accesses of the straight line around it are listed whose registers
 * still have, or will have, the values that were sampled. */
#ifndef ANALYSIS_CODE_WINDOW_H
#define ANALYSIS_CODE_WINDOW_H

#include "analysis/code/instruction.h"

enum { CODE_WINDOW = 40 }; /* instructions on each side */

/* Code that was read from a process. */
struct code_text {
    const uint8_t *bytes;
    size_t size;
    uint64_t address; /* of the first byte */
    bool begins;      /* with an instruction, as a function does; else anywhere */
};

struct code_access {
    struct code_operand operand;
    uint64_t next;    /* the address behind its instruction: CODE_IP */
    int16_t distance; /* from the sample in instructions: -1 is the one before, 0 the one there */
};

/* Fills access[], the nearest to the sample at `ip` first and those before it before those behind
 * it, and returns how many there are; 0 where the code is not known. */
size_t code_window(
    const struct code_text *text, uint64_t ip, struct code_access *access, size_t most);
/* The address of an access by the registers that were sampled, numbered as in instruction.h. */
uint64_t code_address(const struct code_access *access, const uint64_t *reg);

#endif
