/* SPDX-License-Identifier: MIT
 * All instructions have four bytes; what they do is in the same few places of the word. One
 * function for each class of loads and stores; of other instructions only what they write. */
#include "analysis/code/a64.h"

enum { SP = 31, LENGTH = 4 };

static unsigned bits(uint32_t word, unsigned first, unsigned count)
{
    return word >> first & ((1u << count) - 1);
}

static int64_t signed_bits(uint32_t word, unsigned first, unsigned count)
{
    return (int64_t)((uint64_t)bits(word, first, count) << (64 - count)) >> (64 - count);
}

static bool is(uint32_t word, uint32_t mask, uint32_t value)
{
    return (word & mask) == value;
}

/* As the target of a load or of arithmetic, 31 is the zero register. */
static uint32_t target(unsigned reg)
{
    return reg == 31 ? 0 : 1u << reg;
}

static unsigned rt(uint32_t w)
{
    return bits(w, 0, 5);
}

static unsigned rn(uint32_t w)
{
    return bits(w, 5, 5);
}

static unsigned rt2(uint32_t w)
{
    return bits(w, 10, 5);
}

static unsigned rm(uint32_t w)
{
    return bits(w, 16, 5);
}

static void access_at(
    struct code_instruction *out, uint32_t w, int64_t offset, unsigned bytes, bool read, bool write)
{
    out->operands = 1;
    out->operand[0] = (struct code_operand){.base = (int8_t)rn(w),
        .index = CODE_NONE,
        .bytes = (uint16_t)bytes,
        .read = read,
        .write = write,
        .offset = offset};
}

/* LDXR, STLXP, LDAR, CAS, CASP and their like. */
static bool decode_exclusive(uint32_t w, struct code_instruction *out)
{
    const unsigned size = bits(w, 30, 2), bytes = 1u << size;
    const bool ordered = bits(w, 23, 1), load = bits(w, 22, 1), other = bits(w, 21, 1);
    if (!ordered && other && size < 2) { /* CASP */
        access_at(out, w, 0, 8u << size, true, true);
        out->writes = target(rm(w)) | target((rm(w) + 1) & 31);
    } else if (ordered && other) { /* CAS */
        access_at(out, w, 0, bytes, true, true);
        out->writes = target(rm(w));
    } else {
        const bool pair = other;
        access_at(out, w, 0, pair ? 2 * bytes : bytes, load, !load);
        out->writes = load ? target(rt(w)) | (pair ? target(rt2(w)) : 0)
                           : (ordered ? 0 : target(rm(w))); /* whether it was stored */
    }
    return true;
}

/* LDR of what lies next to the code. */
static bool decode_literal(uint32_t w, struct code_instruction *out)
{
    const unsigned opc = bits(w, 30, 2);
    const bool vector = bits(w, 26, 1);
    if (opc == 3)
        return !vector; /* PRFM */
    access_at(out, w, signed_bits(w, 5, 19) * 4 - LENGTH,
        vector     ? 4u << opc
        : opc == 1 ? 8
                   : 4,
        true, false);
    out->operand[0].base = CODE_IP;
    out->writes = vector ? 0 : target(rt(w));
    return true;
}

/* LDP, STP, LDPSW. */
static bool decode_pair(uint32_t w, struct code_instruction *out)
{
    enum { NO_ALLOCATE, BEHIND, OFFSET, BEFORE };
    const unsigned opc = bits(w, 30, 2), form = bits(w, 23, 2);
    const bool vector = bits(w, 26, 1), load = bits(w, 22, 1);
    const unsigned each = vector ? 4u << opc : opc == 2 ? 8 : 4;
    if (opc == 3 || (!vector && opc == 1 && !load)) /* STGP stores a tag, too */
        return false;
    access_at(
        out, w, form == BEHIND ? 0 : signed_bits(w, 15, 7) * (int64_t)each, 2 * each, load, !load);
    out->writes = (load && !vector ? target(rt(w)) | target(rt2(w)) : 0) |
                  (form == BEHIND || form == BEFORE ? 1u << rn(w) : 0);
    return true;
}

/* By size, V and opc of the register forms. 0: it accesses nothing, as PRFM. */
static unsigned register_bytes(uint32_t w)
{
    const unsigned size = bits(w, 30, 2), opc = bits(w, 22, 2);
    if (bits(w, 26, 1))
        return opc < 2 ? 1u << size : size == 0 ? 16 : 0;
    return size == 3 && opc == 2 ? 0 : 1u << size;
}

static bool is_load(uint32_t w)
{
    const unsigned opc = bits(w, 22, 2);
    return bits(w, 26, 1) ? opc & 1 : opc != 0;
}

static bool decode_register_form(
    uint32_t w, int64_t offset, bool changes_base, struct code_instruction *out)
{
    const unsigned bytes = register_bytes(w);
    const bool load = is_load(w);
    if (bytes)
        access_at(out, w, offset, bytes, load, !load);
    out->writes =
        (bytes && load && !bits(w, 26, 1) ? target(rt(w)) : 0) | (changes_base ? 1u << rn(w) : 0);
    return true;
}

/* LDADD, SWP and their like; LDAPR only reads. */
static bool decode_atomic(uint32_t w, struct code_instruction *out)
{
    const bool only_reads = is(w, 0x00bffc00, 0x00bfc000);
    access_at(out, w, 0, 1u << bits(w, 30, 2), true, !only_reads);
    out->writes = target(rt(w));
    return !bits(w, 26, 1);
}

/* LDR x0, [x1, x2, lsl 3]. Of an index of 32 bits the upper half is taken to be zero, as what wrote
 * it left it. */
static bool decode_register_offset(uint32_t w, struct code_instruction *out)
{
    const unsigned bytes = register_bytes(w);
    (void)decode_register_form(w, 0, false, out);
    if (out->operands && rm(w) != 31) {
        out->operand[0].index = (int8_t)rm(w);
        out->operand[0].scale = (uint8_t)(bits(w, 12, 1) ? bytes : 1);
    }
    return true;
}

static bool decode_register(uint32_t w, struct code_instruction *out)
{
    enum { UNSCALED, BEHIND, UNPRIVILEGED, BEFORE };
    const unsigned form = bits(w, 10, 2), bytes = register_bytes(w);
    if (bits(w, 24, 1))
        return decode_register_form(w, (int64_t)bits(w, 10, 12) * bytes, false, out);
    if (!bits(w, 21, 1))
        return decode_register_form(
            w, form == BEHIND ? 0 : signed_bits(w, 12, 9), form == BEHIND || form == BEFORE, out);
    if (form == 0)
        return decode_atomic(w, out);
    return form == 2 && decode_register_offset(w, out);
}

/* LDAPUR, STLUR. */
static bool decode_ordered_unscaled(uint32_t w, struct code_instruction *out)
{
    const bool load = bits(w, 22, 2) != 0;
    access_at(out, w, signed_bits(w, 12, 9), 1u << bits(w, 30, 2), load, !load);
    out->writes = load ? target(rt(w)) : 0;
    return true;
}

/* LD1 to ST4 of whole vectors. */
static bool decode_vectors(uint32_t w, struct code_instruction *out)
{
    static const uint8_t registers[16] = {
        [0] = 4, [2] = 4, [4] = 3, [6] = 3, [7] = 1, [8] = 2, [10] = 2};
    const unsigned count = registers[bits(w, 12, 4)];
    const bool load = bits(w, 22, 1);
    access_at(out, w, 0, count * (bits(w, 30, 1) ? 16 : 8), load, !load);
    out->writes = bits(w, 23, 1) ? 1u << rn(w) : 0;
    return count > 0;
}

/* The same of one element of each, or of one that goes to all. */
static bool decode_elements(uint32_t w, struct code_instruction *out)
{
    const unsigned opcode = bits(w, 13, 3), size = bits(w, 10, 2), scale = opcode >> 1;
    const unsigned count = ((opcode & 1) << 1 | bits(w, 21, 1)) + 1;
    const unsigned each = scale == 3 ? 1u << size : scale == 2 && size == 1 ? 8 : 1u << scale;
    const bool load = bits(w, 22, 1);
    access_at(out, w, 0, count * each, load, !load);
    out->writes = bits(w, 23, 1) ? 1u << rn(w) : 0;
    return true;
}

/* B, BL, RET, SVC ... */
static bool decode_branch(uint32_t w, struct code_instruction *out)
{
    if (is(w, 0xff000000, 0xd5000000)) { /* system: MRS and SYSL write */
        out->writes = bits(w, 21, 1) ? target(rt(w)) : 0;
        return true;
    }
    out->ends = true;
    out->conditional = is(w, 0xff000000, 0x54000000) || is(w, 0x7e000000, 0x34000000) ||
                       is(w, 0x7e000000, 0x36000000);
    return true;
}

/* Of arithmetic that may have the stack pointer as its target, 31 is that. */
static bool has_stack_target(uint32_t w)
{
    const bool sets_flags = bits(w, 29, 1);
    return (is(w, 0x1f800000, 0x11000000) && !sets_flags) ||         /* ADD, SUB of a number */
           (is(w, 0x1f800000, 0x12000000) && bits(w, 29, 2) != 3) || /* AND, ORR, EOR of one */
           (is(w, 0x1fe00000, 0x0b200000) && !sets_flags);           /* of an extended register */
}

static bool decode_arithmetic(uint32_t w, struct code_instruction *out)
{
    const bool compares = is(w, 0x1fe00000, 0x1a400000); /* CCMP, CCMN: flags only */
    out->writes = compares ? 0 : has_stack_target(w) ? 1u << rt(w) : target(rt(w));
    return true;
}

/* What of vectors and floating point goes to a general register. */
static bool decode_vector_arithmetic(uint32_t w, struct code_instruction *out)
{
    const unsigned opcode = bits(w, 16, 3);
    const bool converts =
        is(w, 0x5f20fc00, 0x1e200000) && opcode != 2 && opcode != 3 && opcode != 7;
    const bool fixed = is(w, 0x5f200000, 0x1e000000) && opcode < 2;
    const bool moves = is(w, 0x9fe0fc00, 0x0e003c00) || is(w, 0x9fe0fc00, 0x0e002c00);
    out->writes = converts || fixed || moves ? target(rt(w)) : 0;
    return true;
}

/* The first that fits. */
static const struct class
{
    uint32_t mask, value;
    bool (*decode)(uint32_t word, struct code_instruction *out);
} classes[] = {
    {0x3f000000, 0x08000000, decode_exclusive},
    {0x3b000000, 0x18000000, decode_literal},
    {0x3f200c00, 0x19000000, decode_ordered_unscaled},
    {0x3a000000, 0x28000000, decode_pair},
    {0x3a000000, 0x38000000, decode_register},
    {0xbf000000, 0x0c000000, decode_vectors},
    {0xbf000000, 0x0d000000, decode_elements},
    {0x1c000000, 0x14000000, decode_branch},
    {0x1c000000, 0x10000000, decode_arithmetic},
    {0x0e000000, 0x0a000000, decode_arithmetic},
    {0x0e000000, 0x0e000000, decode_vector_arithmetic},
};

bool a64_decode(uint32_t word, struct code_instruction *out)
{
    *out = (struct code_instruction){.length = LENGTH};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (is(word, classes[i].mask, classes[i].value))
            return classes[i].decode(word, out);
    return false;
}
