/* SPDX-License-Identifier: MIT
 * Go's table has each frame's size at each instruction. */
#include "analysis/go/go_stack.h"

#include <string.h>

enum { STACK_POINTER = 4, WORD = 8 };

static bool word_on_stack(const struct go_moment *m, uint64_t address, uint64_t *out)
{
    const uint64_t at = address - m->reg[STACK_POINTER];
    if (at >= m->stack_bytes || m->stack_bytes - at < WORD)
        return false;
    memcpy(out, m->stack + at, WORD);
    return true;
}

size_t go_stack_frames(
    const struct go_binary *binary, const struct go_moment *m, struct go_frame *frame, size_t most)
{
    const struct go_pclntab *const functions = go_binary_functions(binary);
    uint64_t pc = m->ip - m->bias, stack = m->reg[STACK_POINTER], back;
    size_t count = 0;
    while (count < most) {
        struct go_frame *const f = &frame[count];
        /* A call that does not return is a function's last instruction. */
        if (!go_pclntab_function(functions, pc - (count > 0), &f->function))
            break;
        f->pc = pc;
        f->base = stack + (uint64_t)f->function.frame;
        count++;
        if (f->function.frame < 0 || !word_on_stack(m, f->base, &back))
            break;
        pc = back - m->bias;
        stack = f->base + WORD;
    }
    return count;
}
