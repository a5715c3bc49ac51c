/* SPDX-License-Identifier: MIT
 * A data-flow analysis: what is known where ways meet is what is known on each of them. It goes
 * through the code in order until nothing changes any more. */
#include "analysis/code/trace.h"

#include "analysis/code/effect.h"

#include <stdlib.h>
#include <string.h>

enum {
    REGISTERS = 16,
    SLOTS = 12,
    STACK = 4,
    FRAME_POINTER = 5,
    CODE_MOST = 1 << 16, /* bytes: it takes a while */
    OUTGOING = 80,       /* bytes at a frame's end that a called function may write to */
    WORD = 8
};

struct slot {
    int64_t at; /* from the stack pointer at entry */
    int8_t reg; /* whose value at entry it has; CODE_NONE: free */
};

struct state {
    bool reached;
    struct code_value reg[REGISTERS];
    struct slot slot[SLOTS];
};

struct code_trace {
    const uint8_t *code;
    size_t size;
    uint64_t address;
    uint32_t *leader; /* by byte: 1 + the index of the state where ways meet; 0: none */
    struct state *state;
    size_t states;
    uint8_t bytes[];
};

static bool is_same(const struct code_value *a, const struct code_value *b)
{
    return a->base == b->base && a->reg == b->reg && a->loads == b->loads &&
           memcmp(a->offset, b->offset, sizeof a->offset) == 0;
}

static bool is_entry(const struct code_value *v)
{
    return v->base == CODE_BASE_ENTRY && v->loads == 0 && v->offset[0] == 0;
}

static struct code_value plus(struct code_value v, int64_t offset)
{
    v.offset[v.loads] += offset;
    return v;
}

static bool has_slot(const struct state *s, const struct slot *slot)
{
    for (int i = 0; i < SLOTS; i++)
        if (s->slot[i].reg == slot->reg && s->slot[i].at == slot->at)
            return true;
    return false;
}

/* Returns whether less is known than was. */
static bool meet(struct state *known, const struct state *other)
{
    bool changed = false;
    if (!known->reached) {
        *known = *other;
        return true;
    }
    for (int i = 0; i < REGISTERS; i++)
        if (known->reg[i].base != CODE_BASE_NONE && !is_same(&known->reg[i], &other->reg[i])) {
            known->reg[i] = (struct code_value){0};
            changed = true;
        }
    for (int i = 0; i < SLOTS; i++)
        if (known->slot[i].reg != CODE_NONE && !has_slot(other, &known->slot[i])) {
            known->slot[i].reg = CODE_NONE;
            changed = true;
        }
    return changed;
}

static bool overlaps(int64_t at, int64_t low, int64_t high)
{
    return at + WORD > low && at < high;
}

/* Something was written to the frame: what was read from there is not what is there. */
static void forget_frame(struct state *s, int64_t low, int64_t high)
{
    for (int i = 0; i < SLOTS; i++)
        if (overlaps(s->slot[i].at, low, high))
            s->slot[i].reg = CODE_NONE;
    for (int i = 0; i < REGISTERS; i++) {
        struct code_value *const v = &s->reg[i];
        if (v->base == CODE_BASE_FRAME && v->loads && overlaps(v->offset[0], low, high))
            *v = (struct code_value){0};
    }
}

static void keep_slot(struct state *s, int64_t at, const struct code_value *v)
{
    forget_frame(s, at, at + WORD);
    for (int i = 0; i < SLOTS && is_entry(v); i++)
        if (s->slot[i].reg == CODE_NONE) {
            s->slot[i] = (struct slot){at, v->reg};
            return;
        }
}

static struct code_value loaded(const struct state *s, struct code_value address)
{
    const bool here = address.base == CODE_BASE_FRAME && address.loads == 0;
    for (int i = 0; here && i < SLOTS; i++)
        if (s->slot[i].reg != CODE_NONE && s->slot[i].at == address.offset[0])
            return (struct code_value){.base = CODE_BASE_ENTRY, .reg = s->slot[i].reg};
    if (address.base == CODE_BASE_NONE || address.loads == CODE_LOADS)
        return (struct code_value){0};
    address.loads++;
    return address;
}

static struct code_value address_of(
    const struct state *s, const struct code_operand *o, uint64_t next)
{
    const int64_t offset = o->base == CODE_IP ? (int64_t)next + o->offset : o->offset;
    if (o->index != CODE_NONE || o->base == CODE_NONE || o->base >= REGISTERS)
        return (struct code_value){0};
    return o->base == CODE_IP ? plus((struct code_value){.base = CODE_BASE_GLOBAL}, offset)
                              : plus(s->reg[o->base], offset);
}

static bool is_frame(const struct code_value *v)
{
    return v->base == CODE_BASE_FRAME && v->loads == 0;
}

/* What it writes to the frame, other than a register's value. */
static void forget_written(struct state *s, const struct code_instruction *i, uint64_t next)
{
    for (unsigned k = 0; k < i->operands; k++) {
        const struct code_value at = address_of(s, &i->operand[k], next);
        if (i->operand[k].write && is_frame(&at))
            forget_frame(s, at.offset[0], at.offset[0] + i->operand[k].bytes);
    }
}

static void apply_call(struct state *s)
{
    const struct code_value stack = s->reg[STACK], frame = s->reg[FRAME_POINTER];
    memset(s->reg, 0, sizeof s->reg);
    s->reg[STACK] = stack;
    s->reg[FRAME_POINTER] = frame;
    if (is_frame(&stack))
        forget_frame(
            s, stack.offset[0], stack.offset[0] + OUTGOING < 0 ? stack.offset[0] + OUTGOING : 0);
}

static void apply_push(struct state *s, const struct code_effect *e)
{
    struct code_value value = {0};
    if (e->from != CODE_NONE)
        value = s->reg[e->from];
    s->reg[STACK] = plus(s->reg[STACK], -WORD);
    if (is_frame(&s->reg[STACK]))
        keep_slot(s, s->reg[STACK].offset[0], &value);
}

static void apply_other(struct state *s, const struct code_effect *e, uint64_t next)
{
    forget_written(s, &e->instruction, next);
    for (int i = 0; i < REGISTERS; i++)
        if (e->instruction.writes & 1u << i)
            s->reg[i] = (struct code_value){0};
}

/* `next`: the address of the next instruction. */
static void apply(struct state *s, const struct code_effect *e, uint64_t next)
{
    struct code_value at = {0};
    if (e->kind == CODE_LOAD || e->kind == CODE_STORE)
        at = address_of(s, &e->instruction.operand[0], next);
    switch (e->kind) {
    case CODE_MOVE:
        s->reg[e->to] = plus(s->reg[e->from], e->offset);
        return;
    case CODE_ADDRESS:
        s->reg[e->to] =
            plus((struct code_value){.base = CODE_BASE_GLOBAL}, (int64_t)next + e->offset);
        return;
    case CODE_LOAD:
        s->reg[e->to] = loaded(s, at);
        return;
    case CODE_STORE:
        if (is_frame(&at))
            keep_slot(s, at.offset[0], &s->reg[e->from]);
        return;
    case CODE_PUSH:
        apply_push(s, e);
        return;
    case CODE_POP:
        s->reg[e->to] = loaded(s, s->reg[STACK]);
        s->reg[STACK] = plus(s->reg[STACK], WORD);
        return;
    case CODE_CALL:
        apply_call(s);
        return;
    case CODE_OTHER:
        apply_other(s, e, next);
        return;
    }
}

static struct state *state_at(struct code_trace *t, size_t offset)
{
    return offset < t->size && t->leader[offset] ? &t->state[t->leader[offset] - 1] : NULL;
}

static bool leaves(const struct code_effect *e)
{
    const struct code_instruction *const i = &e->instruction;
    return i->ends && !i->conditional && e->kind != CODE_CALL;
}

/* Once through the code. Returns whether anything changed. */
static bool sweep(struct code_trace *t)
{
    struct state s = {0};
    struct code_effect e;
    bool changed = false;
    for (size_t at = 0; at < t->size; at += e.instruction.length) {
        struct state *const here = state_at(t, at);
        if (here && s.reached)
            changed |= meet(here, &s);
        if (here)
            s = *here;
        if (!code_effect_of(t->code + at, t->size - at, &e))
            return changed;
        if (!s.reached)
            continue;
        apply(&s, &e, t->address + at + e.instruction.length);
        struct state *const there = e.jumps ? state_at(t, at + (uint64_t)e.target) : NULL;
        if (there)
            changed |= meet(there, &s);
        if (leaves(&e))
            s.reached = false;
    }
    return changed;
}

static void add_leader(struct code_trace *t, size_t offset)
{
    if (offset < t->size && !t->leader[offset])
        t->leader[offset] = (uint32_t)++t->states;
}

/* False: it jumps where that cannot be known. */
static bool find_leaders(struct code_trace *t)
{
    struct code_effect e;
    bool known = true;
    add_leader(t, 0);
    for (size_t at = 0; at < t->size && known; at += e.instruction.length) {
        if (!code_effect_of(t->code + at, t->size - at, &e))
            break; /* what fills up the end */
        known = !e.jumps_far;
        if (e.jumps)
            add_leader(t, at + (uint64_t)e.target);
    }
    return known;
}

static void begin(struct state *s)
{
    s->reached = true;
    for (int i = 0; i < REGISTERS; i++)
        s->reg[i] = (struct code_value){.base = CODE_BASE_ENTRY, .reg = (int8_t)i};
    s->reg[STACK] = (struct code_value){.base = CODE_BASE_FRAME};
    for (int i = 0; i < SLOTS; i++)
        s->slot[i].reg = CODE_NONE;
}

struct code_trace *code_trace_new(const uint8_t *code, size_t size, uint64_t address)
{
    const size_t bytes = size <= CODE_MOST ? size : 0;
    struct code_trace *const t = calloc(1, sizeof *t + bytes);
    if (!t)
        return NULL;
    memcpy(t->bytes, code, bytes);
    *t = (struct code_trace){.code = t->bytes, .size = bytes, .address = address};
    t->leader = calloc(bytes + 1, sizeof *t->leader);
    if (t->leader && bytes && find_leaders(t)) {
        t->state = calloc(t->states, sizeof *t->state);
        if (t->state)
            begin(&t->state[0]);
        while (t->state && sweep(t)) {
        }
    }
    if (t->leader && t->state)
        return t;
    t->size = 0; /* nothing is known */
    return t;
}

void code_trace_free(struct code_trace *trace)
{
    if (!trace)
        return;
    free(trace->leader);
    free(trace->state);
    free(trace);
}

/* What is known before the instruction that `pc` lies in. */
static struct state state_before(struct code_trace *t, uint64_t pc)
{
    const size_t wanted = pc - t->address;
    struct state s = {0};
    struct code_effect e;
    for (size_t at = 0; at <= wanted && at < t->size; at += e.instruction.length) {
        const struct state *const here = state_at(t, at);
        if (here)
            s = *here;
        if (!code_effect_of(t->code + at, t->size - at, &e))
            break;
        if (wanted - at < e.instruction.length)
            return s;
        if (s.reached)
            apply(&s, &e, t->address + at + e.instruction.length);
        if (leaves(&e))
            s.reached = false;
    }
    return (struct state){0};
}

struct code_value code_trace_register(struct code_trace *trace, uint64_t pc, int reg)
{
    const struct state s = state_before(trace, pc);
    return s.reached && reg < REGISTERS ? s.reg[reg] : (struct code_value){0};
}

bool code_trace_holder(
    struct code_trace *trace, uint64_t pc, int reg, bool only_stack, struct code_holder *out)
{
    const struct state s = state_before(trace, pc);
    for (int i = 0; s.reached && i < REGISTERS && !only_stack; i++)
        if (is_entry(&s.reg[i]) && s.reg[i].reg == reg) {
            *out = (struct code_holder){.reg = (int8_t)i};
            return true;
        }
    for (int i = 0; s.reached && i < SLOTS; i++)
        if (s.slot[i].reg == reg) {
            *out = (struct code_holder){.reg = CODE_NONE, .slot = s.slot[i].at};
            return true;
        }
    return false;
}
