/* SPDX-License-Identifier: MIT
 * Objects by address: thread-local and heap objects, stacks, globals. Their types are
 * sharing_type.c's. */
#include "analysis/sharing/sharing_object.h"

#include "analysis/sharing/sharing_frame.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void copy_text(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

/* FNV-1a, 64 bits, a word instead of a byte at a time: http://www.isthe.com/chongo/tech/comp/fnv/
 */
static uint64_t hash_words(uint64_t seed, const uint64_t *word, size_t count)
{
    uint64_t h = seed ^ 0xcbf29ce484222325ull;
    for (size_t i = 0; i < count; i++) {
        h = (h ^ word[i]) * 0x100000001b3ull;
        h ^= h >> 32; /* the product moves bits only up */
    }
    return h;
}

static void set_identity(struct sharing_object *o, uint64_t a)
{
    o->identity = hash_words((uint64_t)o->kind, &a, 1) | 1; /* 0 is none */
}

static void set_variable(
    struct dwarf *dwarf, const struct dwarf_variable *var, struct sharing_object *o)
{
    copy_text(o->name, sizeof o->name, var->name);
    o->place = (struct sharing_place){var->file, var->line, var->folder};
    o->size = var->size;
    if (!var->type)
        return;
    o->type = var->type;
    o->fixed = var->alignment >= RECORD_LINE;
    copy_text(o->type_name, sizeof o->type_name, dwarf_type_name(dwarf, var->type));
}

static bool in_module_tls(const struct sharing_context *context, const struct record_module *module,
    uint64_t address, struct sharing_object *o)
{
    const struct recording *const r = context->recording;
    for (size_t i = 0; i < r->threads && module->tls_before; i++) {
        const uint64_t begin = r->thread[i].thread_pointer - module->tls_before;
        struct dwarf_variable var;
        if (!r->thread[i].thread_pointer || address < begin || address - begin >= module->tls_bytes)
            continue;
        o->kind = OBJECT_TLS;
        o->slot = (uint32_t)i;
        o->start = begin;
        o->size = module->tls_bytes;
        if (dwarf_thread_local(context->dwarf, module->low, address - begin, &var)) {
            set_variable(context->dwarf, &var, o);
            o->start = begin + var.address;
        }
        set_identity(o, module->low + (o->start - begin));
        return true;
    }
    return false;
}

static bool in_tls(
    const struct sharing_context *context, uint64_t address, struct sharing_object *o)
{
    for (size_t i = 0; i < context->recording->modules; i++)
        if (in_module_tls(context, &context->recording->module[i], address, o))
            return true;
    return false;
}

/* The smallest that covers it: a heap block lies within an mmap that malloc made. */
static const struct record_object *made_object(
    const struct recording *r, const struct line_stat *line, uint64_t address)
{
    const struct record_object *best = NULL;
    for (uint32_t i = 0; i < line->objects; i++) {
        const struct record_object *const o = &r->object[line->object[i]];
        if (address - o->start < o->size && (!best || o->size < best->size))
            best = o;
    }
    return best;
}

static const struct record_thread *stack_owner(const struct recording *r, uint64_t address)
{
    for (size_t i = 0; i < r->threads; i++)
        if (address >= r->thread[i].stack_low && address < r->thread[i].stack_high)
            return &r->thread[i];
    return NULL;
}

/* The call of thread i's creator that the address is in: it is often given locals from there. */
static bool in_call(const struct record_thread *created, uint64_t address, struct dwarf_call *call)
{
    for (uint32_t i = 0; i < created->frames; i++) {
        const uint64_t low = i ? created->frame_at[i - 1] + 2 * sizeof low : created->called_at;
        const uint64_t frame = created->frame_at[i];
        if (!low || address < low || address >= frame)
            continue;
        *call = (struct dwarf_call){created->created_at[i] - 1, low, frame};
        return true;
    }
    return false;
}

static bool uses_line(const struct recording *r, const struct line_stat *line, size_t thread)
{
    for (uint32_t t = line->touch; t; t = r->touch[t - 1].next)
        if (r->touch[t - 1].slot == thread)
            return true;
    return false;
}

/* Several functions may have created threads from the same part of the stack, one after the other:
 * the variable is of the one whose thread uses it, or else of the latest. */
static bool find_call(const struct recording *r, const struct line_stat *line, uint64_t address,
    struct dwarf_call *call)
{
    uint64_t latest = 0;
    bool found = false, used = false;
    for (size_t i = 0; i < r->threads; i++) {
        struct dwarf_call one;
        const bool uses = uses_line(r, line, i);
        const uint64_t begun = r->thread[i].begin_ns;
        if (!in_call(&r->thread[i], address, &one) || uses < used ||
            (found && uses == used && begun < latest))
            continue;
        *call = one;
        latest = begun;
        used = uses;
        found = true;
    }
    return found;
}

static bool is_same_function(struct dwarf *dwarf, uint64_t a, uint64_t b)
{
    const struct dwarf_frame x = sharing_frame(dwarf, a), y = sharing_frame(dwarf, b);
    return a == b || (x.function && y.function && strcmp(x.function, y.function) == 0);
}

/* A function that creates several threads has one frame: its variables are known by the first of
 * these calls, whichever thread uses them. */
static void first_call(
    const struct sharing_context *context, uint64_t address, struct dwarf_call *call)
{
    const struct recording *const r = context->recording;
    for (size_t i = 0; i < r->threads; i++) {
        struct dwarf_call one;
        if (in_call(&r->thread[i], address, &one) && one.frame == call->frame &&
            is_same_function(context->dwarf, one.pc, call->pc)) {
            *call = one;
            return;
        }
    }
}

static void set_local(const struct sharing_context *context, const struct line_stat *line,
    uint64_t address, struct sharing_object *o)
{
    struct dwarf_call call;
    struct dwarf_variable var;
    if (!find_call(context->recording, line, address, &call))
        return;
    first_call(context, address, &call);
    o->start = call.stack;
    o->size = call.frame - call.stack;
    o->stack[0] = call.pc + 1;
    if (dwarf_local(context->dwarf, &call, address, &var)) {
        set_variable(context->dwarf, &var, o);
        o->start = var.address;
    }
    const uint64_t below = call.frame - o->start;
    set_identity(o, hash_words(call.pc, &below, 1));
}

static void set_stack(const struct sharing_context *context, const struct line_stat *line,
    const struct record_thread *thread, uint64_t address, struct sharing_object *o)
{
    o->kind = OBJECT_STACK;
    o->slot = (uint32_t)(thread - context->recording->thread);
    o->start = thread->stack_low;
    o->size = thread->stack_high - thread->stack_low;
    set_identity(o, thread->entry);
    set_local(context, line, address, o);
}

/* Blocks of one place in the source are the same, whichever instructions called. */
static uint64_t identity_of_stack(struct dwarf *dwarf, const struct record_object *made)
{
    uint64_t place[RECORD_FRAMES];
    for (uint32_t i = 0; i < made->frames; i++)
        place[i] = dwarf_place(dwarf, made->stack[i] - 1);
    return hash_words(1, place, made->frames);
}

static void set_made(const struct sharing_context *context, const struct record_object *made,
    struct sharing_object *o)
{
    const struct recording *const r = context->recording;
    static const enum sharing_object_kind kinds[] = {[RECORD_HEAP] = OBJECT_HEAP,
        [RECORD_MMAP] = OBJECT_MMAP,
        [RECORD_STACK] = OBJECT_STACK,
        [RECORD_POOLED] = OBJECT_HEAP,
        [RECORD_CHUNK] = OBJECT_HEAP};
    o->slack = made->kind == RECORD_CHUNK ? RECORD_CHUNK_SLACK : 0;
    o->kind = made->kind <= RECORD_CHUNK ? kinds[made->kind] : OBJECT_UNKNOWN;
    o->start = made->start;
    o->size = made->size;
    o->slot = made->slot;
    o->frames = made->frames;
    memcpy(o->stack, made->stack, sizeof o->stack);
    if (o->kind == OBJECT_STACK && made->slot < r->threads)
        set_identity(o, r->thread[made->slot].entry);
    else
        set_identity(o, made->frames ? identity_of_stack(context->dwarf, made) : made->start);
}

/* NULL: it is in none. */
static const struct record_module *module_at(const struct recording *r, uint64_t address)
{
    for (size_t i = 0; i < r->modules; i++)
        if (address >= r->module[i].low && address < r->module[i].high)
            return &r->module[i];
    return NULL;
}

/* By the file and where it is there, as that of a stripped program. */
static void name_by_place(const struct record_module *module, struct sharing_object *o)
{
    const char *const slash = strrchr(module->path, '/');
    snprintf(o->name, sizeof o->name, "%.100s+0x%" PRIx64, slash ? slash + 1 : module->path,
        o->start - module->base);
}

static void set_global(
    const struct sharing_context *context, uint64_t address, struct sharing_object *o)
{
    struct dwarf_variable var;
    o->kind = OBJECT_GLOBAL;
    o->start = address - address % RECORD_LINE;
    if (dwarf_global(context->dwarf, address, &var)) {
        set_variable(context->dwarf, &var, o);
        o->start = var.address;
    } else {
        name_by_place(module_at(context->recording, address), o);
    }
    set_identity(o, o->start);
}

void sharing_object_at(const struct sharing_context *context, const struct line_stat *line,
    uint64_t address, struct sharing_object *out)
{
    const struct recording *const r = context->recording;
    const struct record_object *const made = made_object(r, line, address);
    const struct record_thread *const owner = stack_owner(r, address);
    const bool pooled = made && made->kind == RECORD_POOLED;
    *out = (struct sharing_object){.count = 1};
    if (!pooled && in_tls(context, address, out))
        return;
    if (pooled || (made && (made->kind == RECORD_HEAP || made->kind == RECORD_CHUNK || !owner)))
        set_made(context, made, out);
    else if (owner)
        set_stack(context, line, owner, address, out);
    else if (module_at(r, address))
        set_global(context, address, out);
    else {
        out->start = address - address % RECORD_LINE;
        set_identity(out, out->start);
    }
}

bool sharing_object_has(const struct sharing_object *object, uint64_t address)
{
    return address - object->start < object->size &&
           (object->kind != OBJECT_STACK || object->name[0]);
}
