/* SPDX-License-Identifier: MIT
 * By Zydis. capstone 4 calls the access wrong in 4.3% of the memory operands of libc, such as those
 * of lock cmpxchg, movups and setcc. */
#include "analysis/code/instruction.h"

#ifdef HAVE_ZYDIS
#include <Zydis/Zydis.h>

bool code_can_decode(void)
{
    return true;
}

static int8_t number_of(ZydisRegister reg)
{
    if (reg == ZYDIS_REGISTER_NONE)
        return CODE_NONE;
    if (reg == ZYDIS_REGISTER_RIP)
        return CODE_IP;
    return (int8_t)ZydisRegisterGetId(reg);
}

static bool is_general(ZydisRegister reg)
{
    const ZydisRegisterClass class = ZydisRegisterGetClass(reg);
    return class == ZYDIS_REGCLASS_GPR8 || class == ZYDIS_REGCLASS_GPR16 ||
           class == ZYDIS_REGCLASS_GPR32 || class == ZYDIS_REGCLASS_GPR64;
}

/* The whole register of one that is a part of it. */
static uint32_t bit_of(ZydisRegister reg)
{
    const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
    return is_general(reg) ? 1u << ZydisRegisterGetId(whole) : 0;
}

/* Vectors of addresses (gather) have no register of their own for each. */
static bool is_known(const ZydisDecodedOperandMem *m)
{
    const bool base = m->base == ZYDIS_REGISTER_NONE || m->base == ZYDIS_REGISTER_RIP ||
                      ZydisRegisterGetClass(m->base) == ZYDIS_REGCLASS_GPR64;
    const bool index =
        m->index == ZYDIS_REGISTER_NONE || ZydisRegisterGetClass(m->index) == ZYDIS_REGCLASS_GPR64;
    return m->type == ZYDIS_MEMOP_TYPE_MEM && base && index && m->segment != ZYDIS_REGISTER_GS;
}

/* Whichever register is free stands for it. */
static bool add_segment(struct code_operand *o)
{
    if (o->base == CODE_NONE) {
        o->base = CODE_FS;
    } else if (o->index == CODE_NONE) {
        o->index = CODE_FS;
        o->scale = 1;
    } else {
        return false;
    }
    return true;
}

static void add_memory(const ZydisDecodedOperand *o, struct code_instruction *out)
{
    const ZydisDecodedOperandMem *const m = &o->mem;
    enum { MOST = sizeof out->operand / sizeof *out->operand };
    if (!is_known(m) || out->operands == MOST)
        return;
    struct code_operand *const to = &out->operand[out->operands];
    *to = (struct code_operand){
        .base = number_of(m->base),
        .index = number_of(m->index),
        .scale = m->scale,
        .bytes = (uint16_t)(o->size / 8),
        .read = (o->actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0,
        .write = (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0,
        .offset = m->disp.has_displacement ? m->disp.value : 0,
    };
    out->operands += m->segment != ZYDIS_REGISTER_FS || add_segment(to);
}

/* An operand that only makes the instruction longer. */
static bool is_nothing(const ZydisDecodedInstruction *i)
{
    return i->meta.category == ZYDIS_CATEGORY_NOP || i->meta.category == ZYDIS_CATEGORY_WIDENOP;
}

static void set_flow(const ZydisDecodedInstruction *i, struct code_instruction *out)
{
    out->conditional = i->meta.category == ZYDIS_CATEGORY_COND_BR;
    out->ends = out->conditional || i->meta.branch_type != ZYDIS_BRANCH_TYPE_NONE ||
                i->meta.category == ZYDIS_CATEGORY_RET || i->meta.category == ZYDIS_CATEGORY_CALL ||
                i->meta.category == ZYDIS_CATEGORY_SYSCALL ||
                i->meta.category == ZYDIS_CATEGORY_INTERRUPT;
}

bool code_decode(const uint8_t *code, size_t size, struct code_instruction *out)
{
    ZydisDecoder decoder;
    ZydisDecodedInstruction i;
    ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, size, &i, operand)))
        return false;
    *out = (struct code_instruction){.length = i.length};
    set_flow(&i, out);
    for (unsigned k = 0; k < i.operand_count; k++) {
        const ZydisDecodedOperand *const o = &operand[k];
        if (o->type == ZYDIS_OPERAND_TYPE_MEMORY && !is_nothing(&i))
            add_memory(o, out);
        else if (o->type == ZYDIS_OPERAND_TYPE_REGISTER &&
                 (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
            out->writes |= bit_of(o->reg.value);
    }
    return true;
}

#elif defined __aarch64__
#include "analysis/code/a64.h"

#include <string.h>

bool code_can_decode(void)
{
    return true;
}

bool code_decode(const uint8_t *code, size_t size, struct code_instruction *out)
{
    uint32_t word;
    if (size < sizeof word)
        return false;
    memcpy(&word, code, sizeof word);
    return a64_decode(word, out);
}

#else
bool code_can_decode(void)
{
    return false;
}

bool code_decode(const uint8_t *code, size_t size, struct code_instruction *out)
{
    (void)code;
    (void)size;
    *out = (struct code_instruction){0};
    return false;
}
#endif
