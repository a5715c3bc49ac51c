/* SPDX-License-Identifier: MIT
 * analysis/code: instructions, and the accesses around a sampled one. */
#include "analysis/code/window.h"
#include "tests/instruction.h"

#include <string.h>

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15, MOST = 400 };

static void need_decoder(void)
{
#if !defined __x86_64__
    SKIP_BECAUSE("the code here is x86-64's");
#endif
    if (!code_can_decode())
        SKIP_BECAUSE("no Zydis in this build");
}

/* The bytes are those of GNU as 2.40. */
static void operands_are_decoded(void **state)
{
    static const struct {
        const char *text;
        uint8_t code[12];
        struct code_instruction is;
    } cases[] = {
        {"mov %rax,8(%rdi,%rcx,4)", {0x48, 0x89, 0x44, 0x8f, 0x08},
            {.length = 5, .operands = 1, .operand = {{RDI, RCX, 4, 8, false, true, 8}}}},
        {"mov (%rax),%eax", {0x8b, 0x00},
            {.length = 2,
                .writes = 1 << RAX,
                .operands = 1,
                .operand = {{RAX, CODE_NONE, 0, 4, true, false, 0}}}},
        {"lock cmpxchg %edx,(%r8)", {0xf0, 0x41, 0x0f, 0xb1, 0x10},
            {.length = 5,
                .writes = 1 << RAX,
                .operands = 1,
                .operand = {{R8, CODE_NONE, 0, 4, true, true, 0}}}},
        {"addq $1,-16(%rip)", {0x48, 0x83, 0x05, 0xf0, 0xff, 0xff, 0xff, 0x01},
            {.length = 8, .operands = 1, .operand = {{CODE_IP, CODE_NONE, 0, 8, true, true, -16}}}},
        {"sete (%rsi)", {0x0f, 0x94, 0x06},
            {.length = 3, .operands = 1, .operand = {{RSI, CODE_NONE, 0, 1, false, true, 0}}}},
        {"movups %xmm0,(%rdx)", {0x0f, 0x11, 0x02},
            {.length = 3, .operands = 1, .operand = {{RDX, CODE_NONE, 0, 16, false, true, 0}}}},
        {"test %ecx,(%rbx)", {0x85, 0x0b},
            {.length = 2, .operands = 1, .operand = {{RBX, CODE_NONE, 0, 4, true, false, 0}}}},
        {"lea 8(%rdi),%r9", {0x4c, 0x8d, 0x4f, 0x08}, {.length = 4, .writes = 1 << R9}},
        {"mov %fs:0x28,%rax", {0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0},
            {.length = 9,
                .writes = 1 << RAX,
                .operands = 1,
                .operand = {{CODE_FS, CODE_NONE, 0, 8, true, false, 0x28}}}},
        {"incq %fs:8(%rdi)", {0x64, 0x48, 0xff, 0x47, 0x08},
            {.length = 5, .operands = 1, .operand = {{RDI, CODE_FS, 1, 8, true, true, 8}}}},
        {"mov %eax,%gs:4", {0x65, 0x89, 0x04, 0x25, 4, 0, 0, 0}, {.length = 8}},
        {"nopw 0(%rax,%rax,1)", {0x66, 0x0f, 0x1f, 0x44, 0, 0}, {.length = 6}},
        {"jne .+2", {0x75, 0x00}, {.length = 2, .ends = true, .conditional = true}},
        {"jmp .+2", {0xeb, 0x00}, {.length = 2, .ends = true}},
        {"mov $0x41,%dl", {0xb2, 0x41}, {.length = 2, .writes = 1 << RDX}},
    };
    (void)state;
    need_decoder();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct code_instruction is;
        print_message("# %s\n", cases[i].text);
        assert_true(code_decode(cases[i].code, sizeof cases[i].code, &is));
        check_instruction(&is, &cases[i].is);
        assert_false(code_decode(cases[i].code, cases[i].is.length - 1u, &is));
    }
}

/* mov (%rdi),%rcx; mov %rcx,8(%rsi); add $1,%rsi; HERE: mov %rax,(%rdx); mov $0,%rdx; mov
 * (%rdx),%r8 */
static const uint8_t line[] = {0x48, 0x8b, 0x0f, 0x48, 0x89, 0x4e, 0x08, 0x48, 0x83, 0xc6, 0x01,
    0x48, 0x89, 0x02, 0x48, 0xc7, 0xc2, 0, 0, 0, 0, 0x4c, 0x8b, 0x02, 0xc3};
enum { HERE = 11 };

static void only_what_still_has_its_registers_is_listed(void **state)
{
    const struct code_text text = {line, sizeof line, 0x1000, true};
    struct code_access access[MOST];
    const uint64_t reg[CODE_REGISTERS] = {[RDI] = 0x5000, [RSI] = 0x6001, [RDX] = 0x7000};
    (void)state;
    need_decoder();
    /* 8(%rsi) is not what it was, (%rdx) behind the write of rdx not what it will be. The last is
     * the return address. */
    assert_int_equal(code_window(&text, 0x1000 + HERE, access, MOST), 3);
    assert_int_equal(access[0].distance, 0);
    assert_true(access[0].operand.write);
    assert_int_equal(code_address(&access[0], reg), 0x7000);
    assert_int_equal(access[1].distance, -3);
    assert_int_equal(code_address(&access[1], reg), 0x5000);
}

/* 0x06 is no instruction in 64-bit code. */
static void what_is_no_code_is_passed_over(void **state)
{
    uint8_t code[300];
    const struct code_text text = {code, sizeof code, 0, true};
    struct code_access access[MOST];
    (void)state;
    need_decoder();
    memset(code, 0x90, sizeof code);
    code[2] = 0x06;
    memcpy(&code[250], line, HERE);
    assert_int_equal(code_window(&text, 250 + HERE, access, MOST), 1);
    assert_int_equal(access[0].operand.base, RDI);
}

static void a_jump_ends_the_line(void **state)
{
    /* mov (%rdi),%ecx; jmp; HERE: mov (%rdx),%ecx; ret; mov (%rsi),%ecx */
    static const uint8_t code[] = {0x8b, 0x0f, 0xeb, 0x00, 0x8b, 0x0a, 0xc3, 0x8b, 0x0e};
    const struct code_text text = {code, sizeof code, 0, true};
    struct code_access access[MOST];
    (void)state;
    need_decoder();
    /* ret itself reads the stack. */
    assert_int_equal(code_window(&text, 4, access, MOST), 2);
    assert_int_equal(access[0].operand.base, RDX);
    assert_int_equal(access[1].operand.base, RSP);
}

static void what_is_not_there_has_no_accesses(void **state)
{
    const struct code_text text = {line, sizeof line, 0x1000, true};
    struct code_access access[MOST];
    (void)state;
    assert_int_equal(code_window(&text, 0xfff, access, MOST), 0);
    assert_int_equal(code_window(&text, 0x1000 + sizeof line + 1, access, MOST), 0);
    assert_int_equal(code_window(&(struct code_text){0}, 0, access, MOST), 0);
}

/* Of real code: from anywhere before it, the instruction before is the one that it is from the
 * beginning of a function. */
static void starts_anywhere_agree_with_the_beginning(void **state)
{
    enum { BYTES = 12000, CONTEXT = 400 };
    const uint8_t *const code = (const uint8_t *)(uintptr_t)operands_are_decoded;
    struct code_access near[MOST], whole[MOST];
    struct code_instruction is;
    size_t asked = 0, same = 0;
    (void)state;
    need_decoder();
    for (size_t at = 0; at < BYTES && code_decode(code + at, BYTES, &is); at += is.length) {
        if (at < CONTEXT)
            continue;
        const struct code_text anywhere = {code + at - CONTEXT, CONTEXT + 64, 0, false},
                               begins = {code, at + 64, 0, true};
        const size_t count = code_window(&anywhere, CONTEXT, near, MOST);
        bool equal = code_window(&begins, at, whole, MOST) == count;
        for (size_t i = 0; i < count && equal; i++)
            equal = memcmp(&near[i].operand, &whole[i].operand, sizeof near->operand) == 0 &&
                    near[i].distance == whole[i].distance;
        asked++;
        same += equal;
    }
    print_message("# %zu of %zu instructions alike\n", same, asked);
    assert_true(asked > 100);
    assert_true(same * 100 >= asked * 98);
}
