/* SPDX-License-Identifier: MIT
 * The type of a heap object: by what the calls of its allocation are, declare and contain as text;
 * else by what the functions that access it point to. A type is trusted only when its size fits the
 * object's. */
#include "analysis/sharing/sharing_call.h"
#include "analysis/sharing/sharing_fit.h"
#include "analysis/sharing/sharing_frame.h"
#include "analysis/sharing/sharing_go.h"
#include "analysis/sharing/sharing_statement.h"

#include <stdio.h>
#include <string.h>

enum { CALLERS = 4 };

static void set_type(struct dwarf *dwarf, const struct dwarf_type *type,
    const struct sharing_start *start, struct sharing_object *o)
{
    const char *const name = dwarf_type_name(dwarf, dwarf_stored(dwarf, type));
    o->type = type;
    o->type_start = start->at;
    o->fixed |= dwarf_alignment(type) >= RECORD_LINE;
    o->array = start->repeats;
    snprintf(o->type_name, sizeof o->type_name, "%s", name ? name : "");
}

/* What a wrapper allocates: what its template is of, or in the C++ library what it returns. */
static const struct dwarf_type *wrapper_type(const struct sharing_call *call)
{
    const struct dwarf_supply *const s = &call->supply;
    return call->library && s->returned ? s->returned : s->type;
}

/* The outermost in a row of such functions that return a pointer: compilers merge instances with
 * the same code, and the innermost may be of another type of the same size. */
static const struct dwarf_type *by_templates(
    const struct sharing_calls *calls, const struct sharing_object *o)
{
    const struct dwarf_type *found = NULL;
    for (size_t i = 0; i < calls->maker; i++) {
        const struct dwarf_type *const type = wrapper_type(&calls->at[i]);
        const bool fits = sharing_type_fits(o, type);
        if (found && (!fits || !calls->at[i].supply.returned))
            break;
        found = fits ? type : found;
    }
    return found;
}

/* In Rust the innermost call that is of a type allocates it: Box<ArcInner<T>>::new before
 * Arc<T>::new. One that fills the block goes before another. */
static const struct dwarf_type *by_elements(
    const struct sharing_calls *calls, const struct sharing_object *o)
{
    const struct dwarf_type *found = NULL;
    for (size_t i = 0; i < calls->maker; i++) {
        const struct dwarf_type *const type = calls->at[i].supply.element;
        if (!calls->at[i].library || !sharing_type_fits(o, type))
            continue;
        if (o->size % dwarf_type_size(type) == 0)
            return type;
        found = found ? found : type;
    }
    return found;
}

/* What a template is of counts in every call up to the one that allocates, what is declared and
 * written only from there on: within a wrapper that is what it stores in front. */
static const struct dwarf_type *by_calls(
    struct dwarf *dwarf, const struct sharing_calls *calls, struct sharing_object *o)
{
    const struct dwarf_type *const element = by_elements(calls, o);
    const struct dwarf_type *const supplied = element ? element : by_templates(calls, o);
    if (supplied)
        return supplied;
    for (size_t i = calls->maker; i < calls->count && i <= calls->maker + CALLERS; i++) {
        const struct sharing_call *const call = &calls->at[i];
        const struct dwarf_type *const type =
            call->library ? NULL : sharing_statement_type(dwarf, call, o);
        if (type)
            return type;
        if (!call->supply.passes && !call->library)
            break;
    }
    return calls->maker < calls->count ? sharing_function_type(dwarf, &calls->at[calls->maker], o)
                                       : NULL;
}

/* Bytes, or what a wrapper of malloc returned a part of: from it a program may make objects. */
static bool may_be_arena(const struct sharing_object *o, const struct sharing_calls *calls)
{
    const uint64_t size = dwarf_type_size(o->type);
    return size == 1 || (calls->wrapped && size > sizeof(uint64_t) && o->size >= 2 * size);
}

/* False: it is not known to be Go's. */
static bool find_go_type(const struct sharing_context *context, struct sharing_object *o)
{
    struct sharing_go_type go;
    if (!sharing_go_type(context, o, &go))
        return false;
    /* Several of the smallest objects lie in one block (the tiny allocator of Go's malloc.go). */
    const bool tiny = o->size >= 2 * dwarf_type_size(go.type) && dwarf_type_size(go.type) > 0;
    const struct sharing_start start = {.at = 0, .repeats = go.elements || tiny};
    set_type(context->dwarf, go.type, &start, o);
    o->type = go.named ? NULL : o->type;
    return true;
}

static void find_type(const struct sharing_context *context, const struct sharing_sites *sites,
    struct sharing_object *o)
{
    struct sharing_calls calls;
    struct sharing_start start;
    if (find_go_type(context, o))
        return;
    sharing_calls_find(context, o, &calls);
    const struct dwarf_type *const told = by_calls(context->dwarf, &calls, o);
    if (told && sharing_fit_start(context->dwarf, sites, o, told, calls.wrapped, &start))
        set_type(context->dwarf, told, &start, o);
    if (o->type && !may_be_arena(o, &calls))
        return;
    const struct dwarf_type *const found = sharing_fit_type(context->dwarf, sites, o, &start.at);
    if (!found)
        return;
    start.repeats = o->size - start.at >= 2 * dwarf_type_size(found) && !dwarf_is_open_ended(found);
    set_type(context->dwarf, found, &start, o);
}

static void name_stack(const struct sharing_context *context, struct sharing_object *o)
{
    const struct recording *const r = context->recording;
    const struct record_thread *const t = o->slot < r->threads ? &r->thread[o->slot] : NULL;
    const struct dwarf_frame f =
        o->stack[0] ? sharing_frame(context->dwarf, o->stack[0] - 1) : (struct dwarf_frame){0};
    if (f.function && f.file)
        snprintf(o->name, sizeof o->name, "the frame of %s", f.function);
    else if (t)
        snprintf(o->name, sizeof o->name, "the stack of %s", t->name[0] ? t->name : "a thread");
}

void sharing_object_name_it(const struct sharing_context *context, const struct sharing_site *site,
    size_t sites, size_t index, struct sharing_object *o)
{
    if (o->kind == OBJECT_STACK && !o->name[0])
        name_stack(context, o);
    if (o->kind != OBJECT_HEAP && o->kind != OBJECT_MMAP)
        return;
    const struct sharing_sites all = {site, sites, index};
    find_type(context, &all, o);
    o->array &= o->type && o->touched > o->type_start + dwarf_type_size(o->type);
}
