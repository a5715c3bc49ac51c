/* SPDX-License-Identifier: MIT
 * Where the values in a function's registers come from, at any of its instructions: followed
 * through copies, over all ways that lead there, so that what is known there is so on each. Not
 * through what it computes, nor through functions that it calls. */
#ifndef ANALYSIS_CODE_TRACE_H
#define ANALYSIS_CODE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum code_base {
    CODE_BASE_NONE,   /* not known */
    CODE_BASE_ENTRY,  /* what register `reg` had when the function began */
    CODE_BASE_FRAME,  /* the stack pointer when it began, at the return address */
    CODE_BASE_GLOBAL, /* 0, as the file counts its addresses */
};
enum { CODE_LOADS = 3 };

/* Begin with the base plus offset[0]; `loads` times read 8 bytes there, and add offset[i]. */
struct code_value {
    uint8_t base;
    int8_t reg;
    uint8_t loads;
    int64_t offset[1 + CODE_LOADS];
};

struct code_trace; /* opaque */

/* Of a function's code, which begins at `address`. NULL: out of memory. What cannot be followed, as
 * jumps through tables, leaves a trace in which nothing is known. */
struct code_trace *code_trace_new(const uint8_t *code, size_t size, uint64_t address);
void code_trace_free(struct code_trace *trace); /* NULL is safe */

/* What a register has before the instruction that `pc` lies in; CODE_BASE_NONE: not known. */
struct code_value code_trace_register(struct code_trace *trace, uint64_t pc, int reg);

/* Where what register `reg` had when the function began still is, before the instruction that
 * `pc` lies in: in a register, or on the stack. */
struct code_holder {
    int8_t reg;   /* CODE_NONE: on the stack */
    int64_t slot; /* from where the stack pointer was when it began */
};
bool code_trace_holder(
    struct code_trace *trace, uint64_t pc, int reg, bool only_stack, struct code_holder *out);

#endif
