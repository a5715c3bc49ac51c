/* SPDX-License-Identifier: MIT
 * Types of allocations by their statements. Debug information goes before the source text, which is
 * only a question to it, and what has exactly the object's size before what would leave a rest. */
#include "analysis/sharing/sharing_statement.h"

#include "analysis/dwarf/source_type_hint.h"

enum { POINTERS = 32 };

bool sharing_type_fits(const struct sharing_object *o, const struct dwarf_type *type)
{
    const uint64_t size = type ? dwarf_type_size(type) : 0;
    return size > 0 && size <= o->size;
}

static bool fills_object(const struct sharing_object *o, const struct dwarf_type *type)
{
    return sharing_type_fits(o, type) && dwarf_type_size(type) == o->size;
}

/* What the pointers point to that are declared at the line, or with 0 anywhere in the function; the
 * only one, of exactly the object's size where it is to fill it. */
static const struct dwarf_type *by_declaration(struct dwarf *dwarf, const struct sharing_call *call,
    unsigned line, bool fill, const struct sharing_object *o)
{
    struct dwarf_pointer pointer[POINTERS];
    const struct dwarf_type *found = NULL;
    size_t count = dwarf_pointers(dwarf, call->pc, pointer, POINTERS);
    count = count < POINTERS ? count : POINTERS;
    for (size_t i = 0; i < count; i++) {
        const struct dwarf_type *const type = pointer[i].type;
        if ((line && pointer[i].line != line) ||
            !(fill ? fills_object(o, type) : sharing_type_fits(o, type)))
            continue;
        if (found && !dwarf_same(found, type))
            return NULL;
        found = type;
    }
    return found;
}

static const struct dwarf_type *by_words(
    struct dwarf *dwarf, const struct sharing_call *call, struct sharing_object *o)
{
    char text[1024];
    struct type_hint words;
    const struct dwarf_frame *const f = &call->frame;
    if (!f->file || !f->module)
        return NULL;
    type_hint_statement(f->folder, f->file, f->line, f->module, text, sizeof text);
    type_hint_words(text, &words);
    o->fixed |= words.aligned;
    const struct dwarf_type *first = NULL;
    for (size_t i = 0; i < words.count; i++) {
        const char *const word = words.word[i].text;
        const struct dwarf_type *const type = words.word[i].expression
                                                  ? dwarf_pointee(dwarf, call->pc, word)
                                                  : dwarf_named(dwarf, call->pc, word);
        if (fills_object(o, type))
            return type;
        first = !first && sharing_type_fits(o, type) ? type : first;
    }
    return first;
}

const struct dwarf_type *sharing_statement_type(
    struct dwarf *dwarf, const struct sharing_call *call, struct sharing_object *o)
{
    const unsigned line = call->frame.line;
    const struct dwarf_type *const made =
        dwarf_constructed(dwarf, call->pc, call->level, line, o->size);
    const struct dwarf_type *const said = by_words(dwarf, call, o);
    if (fills_object(o, made))
        return made;
    const struct dwarf_type *type = line ? by_declaration(dwarf, call, line, true, o) : NULL;
    type = type ? type : said;
    type = type ? type : made;
    return !type && line ? by_declaration(dwarf, call, line, false, o) : type;
}

const struct dwarf_type *sharing_function_type(
    struct dwarf *dwarf, const struct sharing_call *call, const struct sharing_object *o)
{
    return by_declaration(dwarf, call, 0, true, o);
}
