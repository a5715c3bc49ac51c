/* SPDX-License-Identifier: MIT
 * What functions allocate, by libdw: by what they return, by their template parameters, and by the
 * constructors that they call. Reads no source text. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 8 };

/* The function of dwarf_frames() at `level`, and the unit it is in. */
static bool find_level(struct dwarf *dwarf, uint64_t pc, size_t level, Dwarf_Die *out)
{
    struct dwarf_scopes scopes;
    dwarf_scopes_at(dwarf, pc, &scopes);
    for (size_t i = 0; i < scopes.count; i++)
        if (dwarf_is_function(&scopes.at[i]) && level-- == 0) {
            *out = scopes.at[i];
            return true;
        }
    return false;
}

/* The class that a member function belongs to. */
static bool class_of(Dwarf_Die *function, Dwarf_Die *class)
{
    Dwarf_Die at = dwarf_origin(function), *scope = NULL;
    const int scopes = dwarf_getscopes_die(&at, &scope);
    if (scopes > 1)
        *class = scope[1];
    free(scope);
    return scopes > 1 && dwarf_is_record(class);
}

static bool next_parameter(Dwarf_Die *scope, Dwarf_Die *at, bool first)
{
    int more = first ? dwarf_child(scope, at) : dwarf_siblingof(at, at);
    while (more == 0 && dwarf_tag(at) != DW_TAG_template_type_parameter)
        more = dwarf_siblingof(at, at);
    return more == 0;
}

static bool is_same(Dwarf_Die *a, Dwarf_Die *b)
{
    const struct dwarf_type x = {*a}, y = {*b};
    return dwarf_same(&x, &y);
}

static bool is_pointer(Dwarf_Die *type)
{
    return dwarf_tag(type) == DW_TAG_pointer_type;
}

static bool has_parameter(Dwarf_Die *type, Dwarf_Die *first)
{
    return dwarf_is_record(type) && next_parameter(type, first, true);
}

/* Is `type` a pointer to `wanted`, or a class that has it as its first parameter, as
 * std::unique_ptr has? */
static bool hands_out(Dwarf_Die *type, Dwarf_Die *wanted)
{
    Dwarf_Die parameter, target;
    if (is_pointer(type))
        return dwarf_type_of(type, &target) && is_same(&target, wanted);
    return has_parameter(type, &parameter) && dwarf_type_of(&parameter, &target) &&
           is_same(&target, wanted);
}

/* A parameter of the template `scope` that a function which returns `type` hands out. */
static const struct dwarf_type *parameter_of(struct dwarf *dwarf, Dwarf_Die *scope, Dwarf_Die *type)
{
    Dwarf_Die at, wanted;
    for (bool more = next_parameter(scope, &at, true); more;
         more = next_parameter(scope, &at, false)) {
        if (!dwarf_type_of(&at, &wanted) || !hands_out(type, &wanted))
            continue;
        const struct dwarf_type *const of = dwarf_type_store(dwarf, &wanted);
        return dwarf_tag(&wanted) == DW_TAG_array_type ? dwarf_element(dwarf, of) : of;
    }
    return NULL;
}

static const struct dwarf_type *supplied_type(
    struct dwarf *dwarf, Dwarf_Die *function, Dwarf_Die *returned)
{
    Dwarf_Die origin = dwarf_origin(function), class;
    const struct dwarf_type *type = parameter_of(dwarf, function, returned);
    if (!type)
        type = parameter_of(dwarf, &origin, returned);
    if (!type && class_of(function, &class))
        type = parameter_of(dwarf, &class, returned);
    return type;
}

/* The parameter that Rust's containers call T. */
static bool find_element(Dwarf_Die *scope, Dwarf_Die *out)
{
    Dwarf_Die at;
    for (bool more = next_parameter(scope, &at, true); more;
         more = next_parameter(scope, &at, false)) {
        const char *const name = dwarf_diename(&at);
        if (name && strcmp(name, "T") == 0)
            return dwarf_type_of(&at, out);
    }
    return false;
}

static const struct dwarf_type *element_of(struct dwarf *dwarf, Dwarf_Die *function)
{
    Dwarf_Die origin = dwarf_origin(function), class, type, unit;
    if (!dwarf_diecu(&origin, &unit, NULL, NULL) || dwarf_srclang(&unit) != DW_LANG_Rust)
        return NULL;
    return find_element(function, &type) || find_element(&origin, &type) ||
                   (class_of(function, &class) && find_element(&class, &type))
               ? dwarf_type_store(dwarf, &type)
               : NULL;
}

/* Is it void, or a byte? */
static bool is_untyped_target(Dwarf_Die *pointer)
{
    Dwarf_Die target;
    return is_pointer(pointer) && (!dwarf_type_of(pointer, &target) ||
                                      (!dwarf_is_record(&target) && dwarf_size(&target) == 1));
}

static bool is_void_pointer(Dwarf_Die *pointer)
{
    Dwarf_Die target;
    return is_pointer(pointer) && !dwarf_type_of(pointer, &target);
}

static bool is_count(Dwarf_Die *type)
{
    const uint64_t encoding = dwarf_number(type, DW_AT_encoding, 0);
    return dwarf_tag(type) == DW_TAG_base_type && dwarf_size(type) >= sizeof(int) &&
           (encoding == DW_ATE_signed || encoding == DW_ATE_unsigned);
}

/* Does it take a size, and a place for a pointer, as posix_memalign does: that of a void *? */
static void read_parameters(Dwarf_Die *function, bool *count, bool *place, bool *untyped)
{
    Dwarf_Die at, type, target, origin = dwarf_origin(function);
    *count = *place = *untyped = false;
    for (int more = dwarf_child(&origin, &at); more == 0; more = dwarf_siblingof(&at, &at)) {
        if (dwarf_tag(&at) != DW_TAG_formal_parameter || !dwarf_type_of(&at, &type))
            continue;
        *count |= is_count(&type);
        if (!is_pointer(&type) || !dwarf_type_of(&type, &target) || !is_pointer(&target))
            continue;
        *place = true;
        *untyped |= is_void_pointer(&target);
    }
}

void dwarf_supply(struct dwarf *dwarf, uint64_t pc, size_t level, struct dwarf_supply *out)
{
    Dwarf_Die function, type, first;
    bool count, place, untyped;
    *out = (struct dwarf_supply){.type = NULL};
    if (!find_level(dwarf, pc, level, &function))
        return;
    read_parameters(&function, &count, &place, &untyped);
    const bool returns = dwarf_type_of(&function, &type);
    out->untyped = (returns && is_untyped_target(&type)) || (count && untyped);
    out->sized = count && (untyped || (returns && is_void_pointer(&type)));
    out->passes = place || (returns && (is_pointer(&type) || has_parameter(&type, &first)));
    if (returns)
        out->type = supplied_type(dwarf, &function, &type);
    out->element = element_of(dwarf, &function);
    if (returns && is_pointer(&type) && dwarf_type_of(&type, &first))
        out->returned = dwarf_type_store(dwarf, &first);
}

/* Does the end of an object's life run code, so that new[] stores the number of elements? What the
 * compiler declares itself follows from the members. */
static bool is_destroyed(Dwarf_Die *type, unsigned depth)
{
    Dwarf_Die part, inner;
    if (depth > DEPTH || !dwarf_is_record(type))
        return false;
    /* clang describes std::string only where it is instantiated, in the library. */
    if (dwarf_hasattr(type, DW_AT_declaration))
        return true;
    for (int more = dwarf_child(type, &part); more == 0; more = dwarf_siblingof(&part, &part)) {
        const int tag = dwarf_tag(&part);
        const char *const name = dwarf_diename(&part);
        if (tag == DW_TAG_subprogram && name && name[0] == '~' &&
            !dwarf_hasattr(&part, DW_AT_artificial) &&
            (!dwarf_hasattr(&part, DW_AT_defaulted) || dwarf_hasattr(&part, DW_AT_virtuality)))
            return true;
        if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
            dwarf_hasattr(&part, DW_AT_external) || !dwarf_type_of(&part, &inner))
            continue;
        while (dwarf_tag(&inner) == DW_TAG_array_type && dwarf_type_of(&inner, &inner))
            ;
        if (is_destroyed(&inner, depth + 1))
            return true;
    }
    return false;
}

uint64_t dwarf_cookie(const struct dwarf_type *type)
{
    Dwarf_Die die = type->die;
    const uint64_t align = dwarf_alignment(type);
    if (!dwarf_peel(&die) || !is_destroyed(&die, 0))
        return 0;
    return align > sizeof(uint64_t) ? align : sizeof(uint64_t);
}

/* Up to the arguments of a template: a constructor's name has none. */
static bool is_named_alike(const char *a, const char *b)
{
    const size_t length = a ? strcspn(a, "<") : 0;
    return length && b && length == strcspn(b, "<") && strncmp(a, b, length) == 0;
}

struct construction {
    struct dwarf *dwarf;
    Dwarf_Die unit;
    unsigned line;
    uint64_t bytes;
    Dwarf_Die class;
    unsigned rank; /* 0: none found */
};

/* Several classes may be constructed in one statement, as strings that are passed on. Those of the
 * C++ library are not what a program's own new allocates. */
static unsigned rank_class(const struct construction *c, Dwarf_Die *class)
{
    const uint64_t size = dwarf_size(class);
    const struct dwarf_type type = {*class};
    const char *const name = dwarf_qualified(c->dwarf, class);
    if (size == 0 || size > c->bytes || !name || strncmp(name, "std::", 5) == 0)
        return 0;
    return size == c->bytes                                                        ? 2
           : c->bytes % size == 0 || c->bytes % size == dwarf_cookie(&type) % size ? 1
                                                                                   : 0;
}

static void consider_constructor(struct construction *c, Dwarf_Die *function)
{
    Dwarf_Die origin = dwarf_origin(function), class;
    if (!class_of(function, &class) ||
        !is_named_alike(dwarf_diename(&origin), dwarf_diename(&class)))
        return;
    const unsigned rank = rank_class(c, &class);
    if (rank > c->rank) {
        c->rank = rank;
        c->class = class;
    }
}

static unsigned line_of_call(const struct construction *c, Dwarf_Die *call)
{
    static const unsigned places[] = {DW_AT_call_return_pc, DW_AT_low_pc};
    Dwarf_Die unit = c->unit;
    Dwarf_Attribute a;
    Dwarf_Addr after;
    int line = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places && !line; i++) {
        if (dwarf_formaddr(dwarf_attr(call, places[i], &a), &after) != 0)
            continue;
        Dwarf_Line *const at = dwarf_getsrc_die(&unit, after - 1);
        if (at)
            dwarf_lineno(at, &line);
    }
    return (unsigned)line;
}

static void consider_call(struct construction *c, Dwarf_Die *call)
{
    static const unsigned links[] = {DW_AT_call_origin, DW_AT_abstract_origin};
    Dwarf_Attribute a;
    Dwarf_Die function;
    if (line_of_call(c, call) != c->line)
        return;
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (dwarf_formref_die(dwarf_attr(call, links[i], &a), &function)) {
            consider_constructor(c, &function);
            return;
        }
}

static void search_calls(struct construction *c, Dwarf_Die *scope, unsigned depth)
{
    Dwarf_Die at;
    for (int more = dwarf_child(scope, &at); more == 0; more = dwarf_siblingof(&at, &at)) {
        const int tag = dwarf_tag(&at);
        if (tag == DW_TAG_inlined_subroutine && dwarf_number(&at, DW_AT_call_line, 0) == c->line)
            consider_constructor(c, &at);
        else if (tag == DW_TAG_call_site || tag == DW_TAG_GNU_call_site)
            consider_call(c, &at);
        else if ((tag == DW_TAG_lexical_block || tag == DW_TAG_try_block) && depth < DEPTH)
            search_calls(c, &at, depth + 1);
    }
}

const struct dwarf_type *dwarf_constructed(
    struct dwarf *dwarf, uint64_t pc, size_t level, unsigned line, uint64_t bytes)
{
    struct construction c = {.dwarf = dwarf, .line = line, .bytes = bytes};
    Dwarf_Die function;
    uint64_t file_pc;
    if (!line || !dwarf_unit_at(dwarf, pc, &c.unit, &file_pc) ||
        !find_level(dwarf, pc, level, &function))
        return NULL;
    search_calls(&c, &function, 0);
    /* clang lists all calls in the outermost function. */
    for (; !c.rank && dwarf_tag(&function) != DW_TAG_subprogram;)
        if (!find_level(dwarf, pc, ++level, &function))
            break;
        else if (dwarf_tag(&function) == DW_TAG_subprogram)
            search_calls(&c, &function, 0);
    return c.rank ? dwarf_type_store(dwarf, &c.class) : NULL;
}
#endif
