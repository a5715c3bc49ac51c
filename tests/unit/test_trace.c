/* SPDX-License-Identifier: MIT
 * analysis/code/trace: where values come from, in a few instructions of x86-64 each. */
#include "tests/test.h"

#include "analysis/code/effect.h"
#include "analysis/code/trace.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, ADDRESS = 0x400000 };

#define NEED_EFFECTS()                                                                             \
    do {                                                                                           \
        if (!code_effect_known())                                                                  \
            SKIP_BECAUSE("copies are followed on x86-64 with Zydis only");                         \
    } while (0)
#define TRACE(...)                                                                                 \
    const uint8_t code[] = {__VA_ARGS__};                                                          \
    struct code_trace *const trace = code_trace_new(code, sizeof code, ADDRESS);                   \
    assert_non_null(trace)

static void assert_entry(struct code_trace *t, unsigned at, int reg, int expected)
{
    const struct code_value v = code_trace_register(t, ADDRESS + at, reg);
    assert_int_equal(v.base, CODE_BASE_ENTRY);
    assert_int_equal(v.reg, expected);
    assert_int_equal(v.loads, 0);
}

static void assert_unknown(struct code_trace *t, unsigned at, int reg)
{
    assert_int_equal(code_trace_register(t, ADDRESS + at, reg).base, CODE_BASE_NONE);
}

static void test_a_call_leaves_what_is_on_the_stack(void **state)
{
    struct code_holder holder;
    (void)state;
    NEED_EFFECTS();
    TRACE(0x48, 0x89, 0x5c, 0x24, 0x10, /* 0: mov %rbx,0x10(%rsp) */
        0x48, 0x89, 0xd8,               /* 5: mov %rbx,%rax */
        0xe8, 0, 0, 0, 0,               /* 8: call */
        0x48, 0x8b, 0x4c, 0x24, 0x10,   /* 13: mov 0x10(%rsp),%rcx */
        0xc3);                          /* 18: ret */
    assert_entry(trace, 8, RAX, RBX);
    assert_unknown(trace, 13, RAX);
    assert_entry(trace, 18, RCX, RBX);
    assert_true(code_trace_holder(trace, ADDRESS, RBX, false, &holder));
    assert_int_equal(holder.reg, RBX);
    assert_true(code_trace_holder(trace, ADDRESS + 13, RBX, true, &holder));
    assert_int_equal(holder.reg, CODE_NONE);
    assert_int_equal(holder.slot, 0x10);
    assert_false(code_trace_holder(trace, ADDRESS + 13, RAX, false, &holder));
    code_trace_free(trace);
}

static void test_only_what_each_way_leaves_is_known(void **state)
{
    (void)state;
    NEED_EFFECTS();
    TRACE(0x48, 0x85, 0xc0, /* 0: test %rax,%rax */
        0x74, 0x03,         /* 3: je 8 */
        0x48, 0x89, 0xcb,   /* 5: mov %rcx,%rbx */
        0xc3);              /* 8: ret */
    assert_entry(trace, 5, RBX, RBX);
    assert_unknown(trace, 8, RBX);
    assert_entry(trace, 8, RCX, RCX);
    code_trace_free(trace);
}

static void test_a_loop_forgets_what_it_changes(void **state)
{
    (void)state;
    NEED_EFFECTS();
    TRACE(0x48, 0x89, 0xd8, /* 0: mov %rbx,%rax */
        0x48, 0xff, 0xc0,   /* 3: inc %rax */
        0x75, 0xfb,         /* 6: jne 3 */
        0xc3);              /* 8: ret */
    assert_unknown(trace, 3, RAX);
    assert_entry(trace, 8, RBX, RBX);
    code_trace_free(trace);
}

static void test_loads_are_followed(void **state)
{
    (void)state;
    NEED_EFFECTS();
    TRACE(0x48, 0x8b, 0x1d, 0x10, 0, 0, 0, /* 0: mov 0x10(%rip),%rbx */
        0x48, 0x8b, 0x43, 0x08,            /* 7: mov 0x8(%rbx),%rax */
        0x48, 0x83, 0xc0, 0x20,            /* 11: add $0x20,%rax */
        0x48, 0x8d, 0x48, 0xf0,            /* 15: lea -0x10(%rax),%rcx */
        0x48, 0x8d, 0x15, 1, 0, 0, 0,      /* 19: lea 0x1(%rip),%rdx */
        0xc3);                             /* 26: ret */
    struct code_value v = code_trace_register(trace, ADDRESS + 7, RBX);
    assert_int_equal(v.base, CODE_BASE_GLOBAL);
    assert_int_equal(v.loads, 1);
    assert_int_equal(v.offset[0], ADDRESS + 7 + 0x10);
    v = code_trace_register(trace, ADDRESS + 26, RCX);
    assert_int_equal(v.base, CODE_BASE_GLOBAL);
    assert_int_equal(v.loads, 2);
    assert_int_equal(v.offset[1], 8);
    assert_int_equal(v.offset[2], 0x10);
    v = code_trace_register(trace, ADDRESS + 26, RDX);
    assert_int_equal(v.loads, 0);
    assert_int_equal(v.offset[0], ADDRESS + 27);
    code_trace_free(trace);
}

static void test_the_frame_moves(void **state)
{
    struct code_holder holder;
    (void)state;
    NEED_EFFECTS();
    TRACE(0x55,                       /* 0: push %rbp */
        0x48, 0x89, 0xe5,             /* 1: mov %rsp,%rbp */
        0x48, 0x83, 0xec, 0x18,       /* 4: sub $0x18,%rsp */
        0x48, 0x89, 0x44, 0x24, 0x28, /* 8: mov %rax,0x28(%rsp) */
        0x31, 0xc0,                   /* 13: xor %eax,%eax */
        0x48, 0x8b, 0x4d, 0x10,       /* 15: mov 0x10(%rbp),%rcx */
        0x48, 0x83, 0xc4, 0x18,       /* 19: add $0x18,%rsp */
        0x5d,                         /* 23: pop %rbp */
        0xc3);                        /* 24: ret */
    assert_true(code_trace_holder(trace, ADDRESS + 15, RAX, false, &holder));
    assert_int_equal(holder.slot, 8);
    assert_entry(trace, 19, RCX, RAX);
    assert_entry(trace, 24, RBP, RBP);
    assert_int_equal(code_trace_register(trace, ADDRESS + 24, RSP).offset[0], 0);
    code_trace_free(trace);
}

static void test_what_is_written_over_is_forgotten(void **state)
{
    struct code_holder holder;
    (void)state;
    NEED_EFFECTS();
    TRACE(0x48, 0x89, 0x5c, 0x24, 0x10,     /* 0: mov %rbx,0x10(%rsp) */
        0x48, 0x8b, 0x44, 0x24, 0x20,       /* 5: mov 0x20(%rsp),%rax */
        0x31, 0xdb,                         /* 10: xor %ebx,%ebx */
        0xc7, 0x44, 0x24, 0x14, 0, 0, 0, 0, /* 12: movl $0,0x14(%rsp) */
        0x48, 0x89, 0x4c, 0x24, 0x20,       /* 20: mov %rcx,0x20(%rsp) */
        0xc3);                              /* 25: ret */
    assert_true(code_trace_holder(trace, ADDRESS + 12, RBX, false, &holder));
    assert_false(code_trace_holder(trace, ADDRESS + 20, RBX, false, &holder));
    assert_int_equal(code_trace_register(trace, ADDRESS + 20, RAX).base, CODE_BASE_FRAME);
    assert_unknown(trace, 25, RAX);
    code_trace_free(trace);
}

static void test_a_jump_to_anywhere_leaves_nothing(void **state)
{
    (void)state;
    NEED_EFFECTS();
    TRACE(0x48, 0x89, 0xd8, /* 0: mov %rbx,%rax */
        0xff, 0xe1);        /* 3: jmp *%rcx */
    assert_unknown(trace, 0, RBX);
    code_trace_free(trace);
}
