/* SPDX-License-Identifier: MIT
 * Names, sizes and elements of types, by libdw. Their fields are dwarf_field.c. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const struct dwarf_type *dwarf_type_store(struct dwarf *dwarf, Dwarf_Die *die)
{
    const struct dwarf_type type = {*die};
    return dwarf_store(dwarf, &type, sizeof type);
}

uint64_t dwarf_number(Dwarf_Die *die, unsigned attribute, uint64_t otherwise)
{
    Dwarf_Attribute a;
    Dwarf_Word value;
    return dwarf_formudata(dwarf_attr_integrate(die, attribute, &a), &value) == 0 ? value
                                                                                  : otherwise;
}

bool dwarf_peel(Dwarf_Die *type)
{
    return dwarf_peel_type(type, type) == 0;
}

bool dwarf_type_of(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute a;
    return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &a), type) && dwarf_peel(type);
}

bool dwarf_is_function(Dwarf_Die *die)
{
    return dwarf_tag(die) == DW_TAG_subprogram || dwarf_tag(die) == DW_TAG_inlined_subroutine;
}

bool dwarf_is_record(Dwarf_Die *type)
{
    const int tag = dwarf_tag(type);
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

static bool is_c(Dwarf_Die *die)
{
    enum { C17 = 0x2c }; /* dwarfstd.org/languages.html; younger than libdw's header */
    static const int names[] = {DW_LANG_C89, DW_LANG_C, DW_LANG_C99, DW_LANG_C11, C17};
    Dwarf_Die unit;
    const int language = dwarf_diecu(die, &unit, NULL, NULL) ? dwarf_srclang(&unit) : -1;
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        found |= language == names[i];
    return found;
}

Dwarf_Die dwarf_origin(Dwarf_Die *die)
{
    static const unsigned links[] = {DW_AT_abstract_origin, DW_AT_specification};
    Dwarf_Die at = *die;
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        Dwarf_Attribute a;
        Dwarf_Die next;
        if (dwarf_attr(&at, links[i], &a) && dwarf_formref_die(&a, &next))
            at = next;
    }
    return at;
}

/* Not functions, nor namespaces without a name: file and line distinguish these. */
static bool names_things(Dwarf_Die *scope)
{
    return dwarf_is_record(scope) || dwarf_tag(scope) == DW_TAG_namespace;
}

const char *dwarf_qualified(struct dwarf *dwarf, Dwarf_Die *die)
{
    Dwarf_Die at = dwarf_origin(die), *scope = NULL;
    const char *text = dwarf_diename(&at);
    /* Looking for scopes walks the unit, and C has none that names things. */
    const int scopes = text && !is_c(&at) ? dwarf_getscopes_die(&at, &scope) : 0;
    for (int i = 1; i < scopes && text; i++) {
        if (!names_things(&scope[i]))
            continue;
        Dwarf_Die outer = dwarf_origin(&scope[i]);
        const char *const name = dwarf_diename(&outer);
        text = name ? dwarf_print(dwarf, "%s::%s", name, text) : text;
    }
    free(scope);
    return text;
}

static const char *tag_word(Dwarf_Die *type)
{
    static const struct {
        int tag;
        const char *word;
    } words[] = {{DW_TAG_structure_type, "struct "}, {DW_TAG_union_type, "union "},
        {DW_TAG_enumeration_type, "enum "}};
    for (size_t i = 0; i < sizeof words / sizeof *words && is_c(type); i++)
        if (dwarf_tag(type) == words[i].tag)
            return words[i].word;
    return "";
}

static const char *name_of(struct dwarf *dwarf, Dwarf_Die *die, unsigned depth);

static const char *array_name(struct dwarf *dwarf, Dwarf_Die *array, unsigned depth)
{
    Dwarf_Die element, range;
    Dwarf_Attribute a;
    const bool typed = dwarf_formref_die(dwarf_attr(array, DW_AT_type, &a), &element);
    const char *const name = typed ? name_of(dwarf, &element, depth + 1) : NULL;
    const char *counts = "";
    for (int more = dwarf_child(array, &range); more == 0; more = dwarf_siblingof(&range, &range)) {
        const uint64_t top = dwarf_number(&range, DW_AT_upper_bound, UINT64_MAX);
        const uint64_t count = dwarf_number(&range, DW_AT_count, top + 1);
        counts = dwarf_print(dwarf, count ? "%s[%llu]" : "%s[]", counts, (unsigned long long)count);
    }
    return name && counts ? dwarf_print(dwarf, "%s%s", name, counts) : NULL;
}

/* The name of "typedef struct {...} NAME", which its own DIE lacks. */
static const char *name_by_typedef(Dwarf_Die *type)
{
    Dwarf_Die unit, die, named;
    Dwarf_Attribute a;
    if (!dwarf_is_record(type) || !dwarf_diecu(type, &unit, NULL, NULL))
        return NULL;
    for (int more = dwarf_child(&unit, &die); more == 0; more = dwarf_siblingof(&die, &die))
        if (dwarf_tag(&die) == DW_TAG_typedef &&
            dwarf_formref_die(dwarf_attr(&die, DW_AT_type, &a), &named) &&
            dwarf_dieoffset(&named) == dwarf_dieoffset(type))
            return dwarf_diename(&die);
    return NULL;
}

/* A typedef is reported by its name, as the source has it. */
static const char *name_of(struct dwarf *dwarf, Dwarf_Die *die, unsigned depth)
{
    Dwarf_Die inner = *die;
    Dwarf_Attribute a;
    if (depth > 8)
        return NULL;
    switch (dwarf_tag(die)) {
    case DW_TAG_array_type:
        return array_name(dwarf, die, depth);
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type: {
        if (dwarf_diename(die)) /* Rust's have names, as "&u64" */
            return dwarf_diename(die);
        const bool typed = dwarf_formref_die(dwarf_attr(die, DW_AT_type, &a), &inner);
        const char *const to = typed ? name_of(dwarf, &inner, depth + 1) : "void";
        return to ? dwarf_print(dwarf, "%s *", to) : NULL;
    }
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_atomic_type:
        return dwarf_formref_die(dwarf_attr(die, DW_AT_type, &a), &inner)
                   ? name_of(dwarf, &inner, depth + 1)
                   : NULL;
    default: {
        const char *const name = dwarf_qualified(dwarf, die);
        return name ? dwarf_print(dwarf, "%s%s", tag_word(die), name) : name_by_typedef(die);
    }
    }
}

const char *dwarf_type_name(struct dwarf *dwarf, const struct dwarf_type *type)
{
    Dwarf_Die die = type->die;
    const char *const name = name_of(dwarf, &die, 0);
    return name && dwarf_is_rust(&die) ? dwarf_rust_type_text(dwarf, name) : name;
}

uint64_t dwarf_size(Dwarf_Die *type)
{
    Dwarf_Word size;
    return dwarf_aggregate_size(type, &size) == 0 ? size : 0;
}

uint64_t dwarf_type_size(const struct dwarf_type *type)
{
    Dwarf_Die die = type->die;
    return dwarf_size(&die);
}

static uint64_t larger_of(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t alignment_of(Dwarf_Die *die, unsigned depth)
{
    Dwarf_Die next;
    Dwarf_Attribute a;
    uint64_t most = dwarf_number(die, DW_AT_alignment, 0);
    if (depth > 6)
        return most;
    if (!dwarf_is_record(die) && dwarf_tag(die) != DW_TAG_pointer_type &&
        dwarf_formref_die(dwarf_attr(die, DW_AT_type, &a), &next))
        return larger_of(most, alignment_of(&next, depth + 1));
    if (dwarf_is_record(die))
        for (int more = dwarf_child(die, &next); more == 0; more = dwarf_siblingof(&next, &next))
            if (dwarf_tag(&next) == DW_TAG_member || dwarf_tag(&next) == DW_TAG_inheritance)
                most = larger_of(most, alignment_of(&next, depth + 1));
    return most;
}

uint64_t dwarf_alignment(const struct dwarf_type *type)
{
    Dwarf_Die die = type->die;
    return alignment_of(&die, 0);
}

bool dwarf_is_reserved(const char *name)
{
    return name && name[0] == '_' && (name[1] == '_' || isupper((unsigned char)name[1]));
}

/* std::array is a struct of one array with a reserved name. */
void dwarf_unwrap(Dwarf_Die *type)
{
    Dwarf_Die part, inner, found = *type;
    size_t parts = 0;
    for (int more = dwarf_is_record(type) ? dwarf_child(type, &part) : 1; more == 0;
         more = dwarf_siblingof(&part, &part))
        if (dwarf_tag(&part) == DW_TAG_member && !dwarf_hasattr(&part, DW_AT_declaration))
            found = ++parts == 1 ? part : found;
    if (parts == 1 && dwarf_is_reserved(dwarf_diename(&found)) && dwarf_type_of(&found, &inner) &&
        dwarf_tag(&inner) == DW_TAG_array_type)
        *type = inner;
}

/* The type without qualifiers when it is an array. */
static bool as_array(const struct dwarf_type *type, Dwarf_Die *array)
{
    *array = type->die;
    if (!dwarf_peel(array))
        return false;
    dwarf_unwrap(array);
    return dwarf_tag(array) == DW_TAG_array_type;
}

const struct dwarf_type *dwarf_element(struct dwarf *dwarf, const struct dwarf_type *type)
{
    Dwarf_Die die, element;
    Dwarf_Attribute a;
    if (!as_array(type, &die) || !dwarf_formref_die(dwarf_attr(&die, DW_AT_type, &a), &element))
        return type;
    return dwarf_type_store(dwarf, &element);
}

uint64_t dwarf_inner_count(Dwarf_Die *array)
{
    Dwarf_Die range;
    uint64_t count = 1;
    if (dwarf_child(array, &range) == 0)
        while (dwarf_siblingof(&range, &range) == 0)
            count *=
                dwarf_number(&range, DW_AT_count, dwarf_number(&range, DW_AT_upper_bound, 0) + 1);
    return count;
}

uint64_t dwarf_stride(const struct dwarf_type *type)
{
    Dwarf_Die die, element;
    return as_array(type, &die) && dwarf_type_of(&die, &element) && dwarf_haschildren(&die) > 0
               ? dwarf_size(&element) * dwarf_inner_count(&die)
               : 0;
}

/* Each unit has its own copy of a type: the same name, size and place of declaration is the same.
 */
bool dwarf_same(const struct dwarf_type *a, const struct dwarf_type *b)
{
    Dwarf_Die x = a->die, y = b->die;
    int line_x = 0, line_y = 0;
    if (!dwarf_peel(&x) || !dwarf_peel(&y))
        return false;
    if (x.addr == y.addr)
        return true;
    const char *const name_x = dwarf_diename(&x), *const name_y = dwarf_diename(&y);
    dwarf_decl_line(&x, &line_x);
    dwarf_decl_line(&y, &line_y);
    return dwarf_tag(&x) == dwarf_tag(&y) && name_x && name_y && strcmp(name_x, name_y) == 0 &&
           line_x == line_y && dwarf_type_size(a) == dwarf_type_size(b);
}
#endif
