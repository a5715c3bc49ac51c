/* SPDX-License-Identifier: MIT
 * A decoded instruction, and what it should be. */
#ifndef TESTS_INSTRUCTION_H
#define TESTS_INSTRUCTION_H

#include "analysis/code/instruction.h"
#include "tests/test.h"

static inline void check_instruction(
    const struct code_instruction *is, const struct code_instruction *expected)
{
    assert_int_equal(is->length, expected->length);
    assert_int_equal(is->ends, expected->ends);
    assert_int_equal(is->conditional, expected->conditional);
    assert_int_equal(is->writes, expected->writes);
    assert_int_equal(is->operands, expected->operands);
    for (unsigned k = 0; k < is->operands; k++) {
        const struct code_operand *const a = &is->operand[k], *const b = &expected->operand[k];
        assert_int_equal(a->base, b->base);
        assert_int_equal(a->index, b->index);
        assert_int_equal(a->scale, b->scale);
        assert_int_equal(a->bytes, b->bytes);
        assert_int_equal(a->read, b->read);
        assert_int_equal(a->write, b->write);
        assert_int_equal(a->offset, b->offset);
    }
}

#endif
