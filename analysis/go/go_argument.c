/* SPDX-License-Identifier: MIT
 * The called function may still have an argument, in a register or on the stack; else the calling
 * function's code shows where it got it from. */
#include "analysis/code/trace.h"
#include "analysis/go/go_stack.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum { STACK_POINTER = 4, WORD = 8, REG_NONE = -1 };

struct traced {
    uint64_t entry; /* the key */
    struct code_trace *trace;
    UT_hash_handle hh;
};

/* What a trace has of a register at an instruction: asked for at each sample, so it is kept. */
struct answer {
    struct answer_key {
        uint64_t pc, reg, inner; /* inner: 1, of the innermost frame; its registers are known */
    } key;
    bool held;
    struct code_holder holder;
    struct code_value value;
    UT_hash_handle hh;
};

struct go_arguments {
    const struct go_binary *binary;
    struct traced *function;
    struct answer *answer;
};

struct go_arguments *go_arguments_new(const struct go_binary *binary)
{
    struct go_arguments *const a = calloc(1, sizeof *a);
    if (a)
        a->binary = binary;
    return a;
}

void go_arguments_free(struct go_arguments *arguments)
{
    struct traced *t, *next;
    struct answer *a, *next_answer;
    if (!arguments)
        return;
    HASH_ITER(hh, arguments->function, t, next)
    {
        HASH_DEL(arguments->function, t);
        code_trace_free(t->trace);
        free(t);
    }
    HASH_ITER(hh, arguments->answer, a, next_answer)
    {
        HASH_DEL(arguments->answer, a);
        free(a);
    }
    free(arguments);
}

static struct code_trace *make_trace(const struct go_binary *b, const struct go_function *f)
{
    const size_t size = f->end - f->entry;
    const uint8_t *const code = go_binary_code(b, f->entry, size);
    return code_trace_new(code ? code : (const uint8_t *)"", code ? size : 0, f->entry);
}

static struct code_trace *trace_of(struct go_arguments *a, const struct go_function *f)
{
    struct traced *t;
    HASH_FIND(hh, a->function, &f->entry, sizeof f->entry, t);
    if (t)
        return t->trace;
    t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->entry = f->entry;
    t->trace = make_trace(a->binary, f);
    HASH_ADD(hh, a->function, entry, sizeof t->entry, t);
    return t->trace;
}

/* NULL: out of memory. */
static const struct answer *answer_at(
    struct go_arguments *a, const struct go_function *f, uint64_t pc, int reg, bool inner)
{
    const struct answer_key key = {pc, (uint64_t)reg, inner};
    struct answer *found;
    HASH_FIND(hh, a->answer, &key, sizeof key, found);
    struct code_trace *const trace = found ? NULL : trace_of(a, f);
    if (found || !trace || !(found = calloc(1, sizeof *found)))
        return found;
    found->key = key;
    found->held = code_trace_holder(trace, pc, reg, !inner, &found->holder);
    found->value = code_trace_register(trace, pc, reg);
    HASH_ADD(hh, a->answer, key, sizeof found->key, found);
    return found;
}

/* What one question is about. */
struct question {
    struct go_arguments *arguments;
    const struct go_moment *moment;
    const struct go_frame *frame;
    size_t frames;
    const struct go_memory *memory;
};

static bool read_word(const struct question *q, uint64_t address, uint64_t *out)
{
    const struct go_moment *const m = q->moment;
    const uint64_t at = address - m->reg[STACK_POINTER];
    if (at < m->stack_bytes && m->stack_bytes - at >= WORD) {
        memcpy(out, m->stack + at, WORD);
        return true;
    }
    return q->memory->read(q->memory->of, address, out);
}

static bool find(const struct question *q, size_t index, int reg, struct go_argument *out);

static bool base_of(
    const struct question *q, size_t index, const struct code_value *value, struct go_argument *out)
{
    switch (value->base) {
    case CODE_BASE_ENTRY:
        return find(q, index, value->reg, out);
    case CODE_BASE_FRAME:
        out->value = q->frame[index].base;
        return true;
    case CODE_BASE_GLOBAL:
        out->value = q->moment->bias;
        return true;
    default:
        return false;
    }
}

static bool evaluate(
    const struct question *q, size_t index, const struct code_value *value, struct go_argument *out)
{
    struct go_argument base = {0};
    if (!base_of(q, index, value, &base))
        return false;
    base.value += (uint64_t)value->offset[0];
    if (value->base == CODE_BASE_GLOBAL && value->loads <= 1)
        base.global = base.value;
    for (int i = 1; i <= value->loads; i++) {
        if (!read_word(q, base.value, &base.value))
            return false;
        base.value += (uint64_t)value->offset[i];
    }
    if (value->loads > 1 || (value->loads && value->base != CODE_BASE_GLOBAL))
        base.global = 0;
    *out = base;
    return true;
}

/* By the function itself. */
static bool find_held(const struct question *q, size_t index, int reg, struct go_argument *out)
{
    const struct go_frame *const f = &q->frame[index];
    const struct answer *const a = answer_at(q->arguments, &f->function, f->pc, reg, index == 0);
    *out = (struct go_argument){0};
    if (!a || !a->held)
        return false;
    if (a->holder.reg == REG_NONE)
        return read_word(q, f->base + (uint64_t)a->holder.slot, &out->value);
    out->value = q->moment->reg[a->holder.reg];
    return true;
}

/* By the one that called it. */
static bool find_passed(const struct question *q, size_t index, int reg, struct go_argument *out)
{
    const struct go_frame *const f = &q->frame[index + 1];
    if (index + 1 >= q->frames)
        return false;
    const struct answer *const a = answer_at(q->arguments, &f->function, f->pc - 1, reg, false);
    return a && evaluate(q, index + 1, &a->value, out);
}

static bool find(const struct question *q, size_t index, int reg, struct go_argument *out)
{
    struct go_argument passed;
    const bool held = find_held(q, index, reg, out);
    if (held && find_passed(q, index, reg, &passed) && passed.value == out->value)
        out->global = passed.global;
    return held || find_passed(q, index, reg, out);
}

bool go_argument_find(struct go_arguments *arguments, const struct go_moment *moment,
    const struct go_frame *frame, size_t frames, size_t index, int reg,
    const struct go_memory *memory, struct go_argument *out)
{
    const struct question q = {arguments, moment, frame, frames, memory};
    *out = (struct go_argument){0};
    return find(&q, index, reg, out);
}
