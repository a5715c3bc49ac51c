/* SPDX-License-Identifier: MIT
 * By Zydis. */
#include "analysis/code/effect.h"

#ifdef HAVE_ZYDIS
#include <Zydis/Zydis.h>

bool code_effect_known(void)
{
    return true;
}

/* A whole general register; CODE_NONE. */
static int8_t register_of(const ZydisDecodedOperand *o)
{
    return o->type == ZYDIS_OPERAND_TYPE_REGISTER &&
                   ZydisRegisterGetClass(o->reg.value) == ZYDIS_REGCLASS_GPR64
               ? ZydisRegisterGetId(o->reg.value)
               : CODE_NONE;
}

static void set_mov(const ZydisDecodedOperand *o, struct code_effect *out)
{
    const bool one = out->instruction.operands == 1 && out->instruction.operand[0].bytes == 8;
    out->to = register_of(&o[0]);
    out->from = register_of(&o[1]);
    if (out->to >= 0 && out->from >= 0)
        out->kind = CODE_MOVE;
    else if (out->to >= 0 && one)
        out->kind = CODE_LOAD;
    else if (out->from >= 0 && one)
        out->kind = CODE_STORE;
}

static void set_lea(const ZydisDecodedOperand *o, struct code_effect *out)
{
    const ZydisDecodedOperandMem *const m = &o[1].mem;
    out->to = register_of(&o[0]);
    out->offset = m->disp.has_displacement ? m->disp.value : 0;
    if (out->to < 0 || m->index != ZYDIS_REGISTER_NONE)
        return;
    if (m->base == ZYDIS_REGISTER_RIP) {
        out->kind = CODE_ADDRESS;
    } else if (ZydisRegisterGetClass(m->base) == ZYDIS_REGCLASS_GPR64) {
        out->from = ZydisRegisterGetId(m->base);
        out->kind = CODE_MOVE;
    }
}

static void set_sum(const ZydisDecodedOperand *o, int sign, struct code_effect *out)
{
    out->to = out->from = register_of(&o[0]);
    if (out->to < 0 || o[1].type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
        return;
    out->offset = sign * o[1].imm.value.s;
    out->kind = CODE_MOVE;
}

static void set_add(const ZydisDecodedOperand *o, struct code_effect *out)
{
    set_sum(o, 1, out);
}

static void set_sub(const ZydisDecodedOperand *o, struct code_effect *out)
{
    set_sum(o, -1, out);
}

static void set_push(const ZydisDecodedOperand *o, struct code_effect *out)
{
    out->from = register_of(&o[0]);
    out->kind = CODE_PUSH;
}

static void set_pop(const ZydisDecodedOperand *o, struct code_effect *out)
{
    out->to = register_of(&o[0]);
    out->kind = out->to >= 0 ? CODE_POP : CODE_OTHER;
}

static void set_call(const ZydisDecodedOperand *o, struct code_effect *out)
{
    (void)o;
    out->kind = CODE_CALL;
}

static const struct {
    ZydisMnemonic mnemonic;
    void (*set)(const ZydisDecodedOperand *operand, struct code_effect *out);
} effects[] = {
    {ZYDIS_MNEMONIC_MOV, set_mov},
    {ZYDIS_MNEMONIC_LEA, set_lea},
    {ZYDIS_MNEMONIC_ADD, set_add},
    {ZYDIS_MNEMONIC_SUB, set_sub},
    {ZYDIS_MNEMONIC_PUSH, set_push},
    {ZYDIS_MNEMONIC_POP, set_pop},
    {ZYDIS_MNEMONIC_CALL, set_call},
};

static void set_target(
    const ZydisDecodedInstruction *i, const ZydisDecodedOperand *o, struct code_effect *out)
{
    const bool jump =
        i->meta.category == ZYDIS_CATEGORY_COND_BR || i->meta.category == ZYDIS_CATEGORY_UNCOND_BR;
    out->jumps = jump && o->type == ZYDIS_OPERAND_TYPE_IMMEDIATE;
    out->jumps_far = jump && !out->jumps;
    out->target = out->jumps ? i->length + o->imm.value.s : 0;
}

bool code_effect_of(const uint8_t *code, size_t size, struct code_effect *out)
{
    ZydisDecoder decoder;
    ZydisDecodedInstruction i;
    ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
    *out = (struct code_effect){.to = CODE_NONE, .from = CODE_NONE};
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    if (!code_decode(code, size, &out->instruction) ||
        !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, size, &i, operand)))
        return false;
    set_target(&i, operand, out);
    for (size_t k = 0; k < sizeof effects / sizeof *effects; k++)
        if (effects[k].mnemonic == i.mnemonic)
            effects[k].set(operand, out);
    return true;
}

#else
bool code_effect_known(void)
{
    return false;
}

bool code_effect_of(const uint8_t *code, size_t size, struct code_effect *out)
{
    (void)code;
    (void)size;
    *out = (struct code_effect){0};
    return false;
}
#endif
