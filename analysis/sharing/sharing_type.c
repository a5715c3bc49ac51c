/* SPDX-License-Identifier: MIT
 * The type of a heap object: by what is declared and written where it was allocated; else by what
 * the functions that access it point to. A type is trusted only when its size fits the object's,
 * and, by access sites, when it is the only one that has fields exactly where all of them access.
 */
#include "analysis/dwarf/source_type_hint.h"
#include "analysis/sharing/sharing_frame.h"
#include "analysis/sharing/sharing_object.h"

#include <stdio.h>
#include <string.h>

enum { FRAMES = 5, INLINED = 4, POINTERS = 32 };

/* The object may be larger: by a trailing array, or rounded up to lines. */
static bool fits_object(const struct sharing_object *o, const struct dwarf_type *type)
{
    const uint64_t size = type ? dwarf_type_size(type) : 0;
    return size > 0 && size <= o->size;
}

static void set_type(struct dwarf *dwarf, const struct dwarf_type *type, struct sharing_object *o)
{
    const char *const name = dwarf_type_name(dwarf, type);
    o->type = type;
    o->fixed |= dwarf_alignment(type) >= RECORD_LINE;
    o->array = o->size >= 2 * dwarf_type_size(type) && o->size % dwarf_type_size(type) == 0;
    snprintf(o->type_name, sizeof o->type_name, "%s", name ? name : "");
}

static const struct dwarf_type *by_declaration(
    struct dwarf *dwarf, uint64_t pc, unsigned line, const struct sharing_object *o)
{
    struct dwarf_pointer pointer[POINTERS];
    const struct dwarf_type *found = NULL;
    size_t count = dwarf_pointers(dwarf, pc, pointer, POINTERS);
    count = count < POINTERS ? count : POINTERS;
    for (size_t i = 0; i < count; i++) {
        if (pointer[i].line != line || !fits_object(o, pointer[i].type))
            continue;
        if (found && !dwarf_same(found, pointer[i].type))
            return NULL;
        found = pointer[i].type;
    }
    return found;
}

static const struct dwarf_type *by_words(
    struct dwarf *dwarf, uint64_t pc, const struct type_hint *words, const struct sharing_object *o)
{
    for (size_t i = 0; i < words->count; i++) {
        const char *const text = words->word[i].text;
        const struct dwarf_type *const type = words->word[i].expression
                                                  ? dwarf_pointee(dwarf, pc, text)
                                                  : dwarf_named(dwarf, pc, text);
        if (fits_object(o, type))
            return type;
    }
    return NULL;
}

/* One call in the allocation's stack, with what was inlined there. */
static bool by_call(struct dwarf *dwarf, uint64_t pc, struct sharing_object *o)
{
    struct dwarf_frame frame[INLINED];
    const struct dwarf_type *type = dwarf_allocated(dwarf, pc);
    const size_t count = dwarf_frames(dwarf, pc, frame, INLINED);
    for (size_t i = 0; i < count && !fits_object(o, type); i++) {
        char text[1024];
        struct type_hint words;
        if (!frame[i].file || !frame[i].module)
            continue;
        type_hint_statement(
            frame[i].folder, frame[i].file, frame[i].line, frame[i].module, text, sizeof text);
        type_hint_words(text, &words);
        o->fixed |= words.aligned;
        type = by_words(dwarf, pc, &words, o);
        if (!type)
            type = by_declaration(dwarf, pc, frame[i].line, o);
    }
    if (fits_object(o, type))
        set_type(dwarf, type, o);
    return o->type != NULL;
}

static bool has_field(
    struct dwarf *dwarf, const struct dwarf_type *type, uint64_t first, uint64_t size)
{
    struct dwarf_field field[2];
    const uint64_t at = first % dwarf_type_size(type);
    return dwarf_fields(dwarf, type, at, size, field, 2) == 1 && field[0].first == at &&
           field[0].size == size && field[0].member;
}

/* Removes from the candidates what the site's function does not point to, or what has no field
 * there. A function without pointers excludes nothing. */
static size_t strike_candidates(struct dwarf *dwarf, const struct sharing_site *site,
    const struct dwarf_type **candidate, size_t candidates, bool first)
{
    struct dwarf_pointer pointer[POINTERS];
    size_t count = dwarf_pointers(dwarf, site->pc, pointer, POINTERS), kept = 0;
    count = count < POINTERS ? count : POINTERS;
    if (first) {
        for (size_t i = 0; i < count; i++)
            candidate[candidates++] = pointer[i].type;
    }
    for (size_t i = 0; i < candidates; i++) {
        bool seen = count == 0;
        for (size_t j = 0; j < count && !seen; j++)
            seen = dwarf_same(candidate[i], pointer[j].type);
        for (size_t j = 0; j < kept && seen; j++)
            seen = !dwarf_same(candidate[i], candidate[j]);
        if (seen && has_field(dwarf, candidate[i], site->first, site->size))
            candidate[kept++] = candidate[i];
    }
    return kept;
}

static void by_sites(struct dwarf *dwarf, const struct sharing_site *site, size_t sites,
    size_t index, struct sharing_object *o)
{
    const struct dwarf_type *candidate[POINTERS];
    size_t candidates = 0;
    bool first = true;
    for (size_t i = 0; i < sites; i++) {
        if (site[i].object != index || site[i].kind & (RECORD_RANGE | RECORD_SYNC))
            continue;
        candidates = strike_candidates(dwarf, &site[i], candidate, candidates, first);
        if (candidates == 0 && !first)
            return;
        first = candidates == 0;
    }
    if (candidates == 1 && fits_object(o, candidate[0]) &&
        o->size % dwarf_type_size(candidate[0]) == 0)
        set_type(dwarf, candidate[0], o);
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
    for (uint32_t i = 0; i < o->frames && i < FRAMES && !o->type; i++)
        by_call(context->dwarf, o->stack[i] - 1, o);
    if (!o->type && o->kind == OBJECT_HEAP)
        by_sites(context->dwarf, site, sites, index, o);
    bool beyond = false;
    for (size_t i = 0; i < sites && o->type; i++)
        beyond |= site[i].object == index && site[i].first >= dwarf_type_size(o->type);
    o->array &= beyond;
}
