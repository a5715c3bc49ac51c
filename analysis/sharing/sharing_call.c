/* SPDX-License-Identifier: MIT
 * Calls of an allocation. A wrapper of malloc is recognised by what it is, not by a list of names:
 * it belongs to the system, it returns what its template parameter names, or it returns memory
 * without a type and is told how much, or has several callers, or its caller gives the type. */
#include "analysis/sharing/sharing_call.h"

#include "analysis/sharing/sharing_frame.h"
#include "analysis/sharing/sharing_statement.h"

enum { INLINED = 32 };

static bool is_full(const struct sharing_calls *c)
{
    return c->count == SHARING_CALLS;
}

static void add_calls(struct dwarf *dwarf, uint64_t pc, size_t depth, struct sharing_calls *out)
{
    struct dwarf_frame frame[INLINED];
    const size_t count = dwarf_frames(dwarf, pc, frame, INLINED);
    for (size_t i = 0; i < count && !is_full(out); i++) {
        struct sharing_call *const call = &out->at[out->count++];
        *call = (struct sharing_call){.pc = pc,
            .level = i,
            .depth = depth,
            .frame = frame[i],
            .library = sharing_frame_is_library(&frame[i])};
        dwarf_supply(dwarf, pc, i, &call->supply);
    }
}

/* Did other blocks come through the same call from elsewhere? */
static bool has_other_callers(
    const struct recording *r, const struct sharing_object *o, size_t depth)
{
    for (size_t i = 0; i < r->objects; i++) {
        const struct record_object *const other = &r->object[i];
        for (size_t j = 0; j + 1 < other->frames && depth + 1 < o->frames; j++)
            if (other->stack[j] == o->stack[depth] && other->stack[j + 1] != o->stack[depth + 1])
                return true;
    }
    return false;
}

static bool is_record(const struct dwarf_type *type)
{
    struct dwarf_field field;
    return type && dwarf_fields(NULL, type, 0, dwarf_type_size(type), &field, 1) == 1 &&
           field.member;
}

/* Is exactly the block what the call's statement allocates? */
static bool makes_it(
    struct dwarf *dwarf, const struct sharing_call *call, const struct sharing_object *o)
{
    struct sharing_object copy = *o;
    const struct dwarf_type *const type = sharing_statement_type(dwarf, call, &copy);
    return is_record(type) && dwarf_type_size(type) == o->size;
}

/* What the statement of the caller allocates: a record; NULL: it does not tell. */
static const struct dwarf_type *caller_type(struct dwarf *dwarf, const struct sharing_calls *c,
    size_t index, const struct sharing_object *o)
{
    struct sharing_object copy = *o;
    if (index + 1 == c->count || c->at[index + 1].library)
        return NULL;
    const struct dwarf_type *const type = sharing_statement_type(dwarf, &c->at[index + 1], &copy);
    return is_record(type) ? type : NULL;
}

/* Does it return a part of what its caller allocates exactly, as the first member of a struct that
 * is derived from it in C? */
static bool returns_part(struct dwarf *dwarf, const struct sharing_calls *c, size_t index,
    const struct sharing_object *o)
{
    const struct dwarf_type *const own = c->at[index].supply.returned;
    if (!is_record(own) || dwarf_type_size(own) >= o->size)
        return false;
    const struct dwarf_type *const whole = caller_type(dwarf, c, index, o);
    return whole && dwarf_type_size(whole) == o->size;
}

static bool is_wrapper(const struct sharing_context *context, const struct sharing_calls *c,
    size_t index, const struct sharing_object *o)
{
    const struct sharing_call *const call = &c->at[index];
    if (call->library || call->supply.type)
        return true;
    if (makes_it(context->dwarf, call, o))
        return false;
    if (!call->supply.untyped)
        return returns_part(context->dwarf, c, index, o);
    return call->supply.sized || has_other_callers(context->recording, o, call->depth) ||
           caller_type(context->dwarf, c, index, o);
}

/* Where all are wrappers, as the entry of a thread may look like one, it is the outermost of the
 * program. */
static size_t outermost(const struct sharing_calls *c)
{
    for (size_t i = c->count; i > 0; i--)
        if (!c->at[i - 1].library)
            return i - 1;
    return 0;
}

void sharing_calls_find(const struct sharing_context *context, const struct sharing_object *o,
    struct sharing_calls *out)
{
    out->count = out->maker = 0;
    out->wrapped = false;
    for (uint32_t i = 0; i < o->frames; i++)
        add_calls(context->dwarf, o->stack[i] - 1, i, out);
    while (out->maker < out->count && is_wrapper(context, out, out->maker, o)) {
        out->wrapped |= !out->at[out->maker].library && out->at[out->maker].supply.untyped;
        out->maker++;
    }
    if (out->maker == out->count)
        out->maker = outermost(out);
}
