/* SPDX-License-Identifier: MIT
 * What a function's declarations describe, by libdw: its local variables, and what its pointers
 * point to. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"
#include "base/arch/arch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_variable(Dwarf_Die *die)
{
    return dwarf_tag(die) == DW_TAG_variable || dwarf_tag(die) == DW_TAG_formal_parameter;
}

static bool is_scalar(Dwarf_Die *type)
{
    const int tag = dwarf_tag(type);
    return tag == DW_TAG_base_type || tag == DW_TAG_pointer_type || tag == DW_TAG_enumeration_type;
}

bool dwarf_is_complete(Dwarf_Die *type)
{
    return dwarf_is_record(type) && !dwarf_hasattr(type, DW_AT_declaration) && dwarf_size(type);
}

/* What a variable or member of pointer type points to; false: nothing. */
static bool points_to(Dwarf_Die *die, Dwarf_Die *target)
{
    Dwarf_Die type;
    return dwarf_type_of(die, &type) &&
           (dwarf_tag(&type) == DW_TAG_pointer_type || dwarf_tag(&type) == DW_TAG_reference_type) &&
           dwarf_type_of(&type, target);
}

/* The scopes to search: those within the function, and the function itself. */
static void local_scopes(struct dwarf *dwarf, uint64_t pc, struct dwarf_scopes *out)
{
    dwarf_scopes_at(dwarf, pc, out);
    for (size_t i = 0; i < out->count; i++)
        if (dwarf_tag(&out->at[i]) == DW_TAG_subprogram)
            out->count = i + 1;
}

struct pointers {
    struct dwarf *dwarf;
    struct dwarf_pointer *at;
    size_t count, max;
};

/* A variable or, with its result, a function. */
static void add_pointer(struct pointers *p, Dwarf_Die *die)
{
    Dwarf_Attribute a;
    Dwarf_Die target, origin = *die;
    int line = 0;
    if (!points_to(die, &target) || !dwarf_is_complete(&target))
        return;
    if (p->count < p->max) {
        if (dwarf_attr(die, DW_AT_abstract_origin, &a))
            dwarf_formref_die(&a, &origin);
        if (is_variable(die))
            dwarf_decl_line(&origin, &line);
        p->at[p->count] = (struct dwarf_pointer){.name = is_variable(die) ? dwarf_diename(die) : "",
            .line = (unsigned)line,
            .type = dwarf_type_store(p->dwarf, &target)};
    }
    p->count++;
}

size_t dwarf_pointers(struct dwarf *dwarf, uint64_t pc, struct dwarf_pointer *pointer, size_t max)
{
    struct pointers out = {dwarf, pointer, 0, max};
    struct dwarf_scopes scopes;
    Dwarf_Die die;
    local_scopes(dwarf, pc, &scopes);
    for (size_t i = 0; i < scopes.count; i++) {
        for (int more = dwarf_child(&scopes.at[i], &die); more == 0;
             more = dwarf_siblingof(&die, &die))
            if (is_variable(&die))
                add_pointer(&out, &die);
        if (dwarf_is_function(&scopes.at[i]))
            add_pointer(&out, &scopes.at[i]);
    }
    return out.count;
}

/* The value that the function's frame base has in this call. */
static bool frame_base(
    Dwarf_Die *function, uint64_t pc, const struct dwarf_call *call, uint64_t *base)
{
    Dwarf_Attribute a;
    Dwarf_Op *op;
    size_t ops;
    if (dwarf_tag(function) != DW_TAG_subprogram ||
        !dwarf_attr_integrate(function, DW_AT_frame_base, &a) ||
        dwarf_getlocation_addr(&a, pc, &op, &ops, 1) != 1 || ops != 1)
        return false;
    const bool canonical = op->atom == DW_OP_call_frame_cfa;
    *base = call->frame + (canonical ? ARCH_CFA_ABOVE_FRAME : 0);
    return canonical ? ARCH_CFA_ABOVE_FRAME > 0 : op->atom == DW_OP_reg0 + ARCH_DWARF_FRAME;
}

/* An expression that is one register and an offset; others need memory that is gone. */
static bool evaluate_location(
    const Dwarf_Op *op, const struct dwarf_call *call, uint64_t base, uint64_t *address)
{
    if (op->atom == DW_OP_fbreg)
        *address = base + op->number;
    else if (op->atom == DW_OP_breg0 + ARCH_DWARF_FRAME)
        *address = call->frame + op->number;
    else if (op->atom == DW_OP_breg0 + ARCH_DWARF_STACK)
        *address = call->stack + op->number; /* of a frame that the function aligned */
    else
        return false;
    return true;
}

struct query {
    const struct dwarf_call *call;
    uint64_t pc; /* as in the file */
    uint64_t base, address;
};

static bool covers_address(const struct query *q, Dwarf_Die *die, struct dwarf_variable *out)
{
    Dwarf_Attribute a;
    Dwarf_Op *op;
    size_t ops;
    Dwarf_Die type;
    uint64_t start;
    if (!dwarf_attr_integrate(die, DW_AT_location, &a) ||
        dwarf_getlocation_addr(&a, q->pc, &op, &ops, 1) != 1 || ops != 1 ||
        !evaluate_location(op, q->call, q->base, &start) || !dwarf_type_of(die, &type))
        return false;
    *out = (struct dwarf_variable){.address = start, .size = dwarf_size(&type)};
    return q->address - start < out->size;
}

static bool find_covering(
    const struct query *q, Dwarf_Die *scope, Dwarf_Die *die, struct dwarf_variable *out)
{
    for (int more = dwarf_child(scope, die); more == 0; more = dwarf_siblingof(die, die))
        if (is_variable(die) && covers_address(q, die, out))
            return true;
    return false;
}

bool dwarf_local(struct dwarf *dwarf, const struct dwarf_call *call, uint64_t address,
    struct dwarf_variable *out)
{
    struct dwarf_scopes scopes;
    Dwarf_Die die, unit;
    struct query q = {.call = call, .address = address};
    bool found = false;
    if (!dwarf_unit_at(dwarf, call->pc, &unit, &q.pc))
        return false;
    local_scopes(dwarf, call->pc, &scopes);
    if (!scopes.count || !frame_base(&scopes.at[scopes.count - 1], q.pc, call, &q.base))
        return false;
    for (size_t i = 0; i < scopes.count && !found; i++)
        found = find_covering(&q, &scopes.at[i], &die, out);
    if (found)
        dwarf_describe(dwarf, &die, out);
    return found;
}

static bool named_child(Dwarf_Die *scope, const char *name, Dwarf_Die *out)
{
    Dwarf_Die die;
    for (int more = dwarf_child(scope, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        const char *const own = dwarf_diename(&die);
        if ((is_variable(&die) || dwarf_tag(&die) == DW_TAG_member) && own &&
            strcmp(own, name) == 0) {
            *out = die;
            return true;
        }
    }
    return false;
}

/* A member that a member function names without "this->". */
static bool own_member(Dwarf_Die *scope, const char *name, Dwarf_Die *out)
{
    Dwarf_Die self, class;
    return dwarf_is_function(scope) && named_child(scope, "this", &self) &&
           points_to(&self, &class) && named_child(&class, name, out);
}

static bool find_variable(struct dwarf *dwarf, uint64_t pc, const char *name, Dwarf_Die *out)
{
    struct dwarf_scopes scopes;
    Dwarf_Die unit;
    uint64_t file_pc;
    local_scopes(dwarf, pc, &scopes);
    for (size_t i = 0; i < scopes.count; i++)
        if (named_child(&scopes.at[i], name, out) || own_member(&scopes.at[i], name, out))
            return true;
    return dwarf_unit_at(dwarf, pc, &unit, &file_pc) && named_child(&unit, name, out);
}

/* Steps from a variable's type through ".member", "->member" and "[index]". */
static bool step_into_member(Dwarf_Die *type, const char *member)
{
    Dwarf_Die found, target = *type;
    while (dwarf_tag(&target) == DW_TAG_pointer_type || dwarf_tag(&target) == DW_TAG_array_type)
        if (!dwarf_type_of(&target, &target))
            return false;
    return dwarf_is_record(&target) && named_child(&target, member, &found) &&
           dwarf_type_of(&found, type);
}

static const char *next_name(const char *at, char *name, size_t size)
{
    size_t length = 0;
    for (; isalnum((unsigned char)*at) || *at == '_'; at++)
        if (length + 1 < size)
            name[length++] = *at;
    name[length] = '\0';
    return at;
}

static const char *skip_index(const char *at)
{
    if (*at != '[')
        return at;
    const char *const close = strchr(at, ']');
    return close ? close + 1 : at + strlen(at);
}

const struct dwarf_type *dwarf_pointee(struct dwarf *dwarf, uint64_t pc, const char *expression)
{
    char name[64];
    Dwarf_Die variable, type;
    bool indexed = false;
    const char *at = next_name(expression, name, sizeof name);
    if (!find_variable(dwarf, pc, name, &variable) || !dwarf_type_of(&variable, &type))
        return NULL;
    for (;;) {
        const char *const after = skip_index(at);
        indexed = after != at;
        at = after;
        if (*at == '\0')
            break;
        at += strncmp(at, "->", 2) == 0 ? 2 : 1;
        at = next_name(at, name, sizeof name);
        if (!*name || !step_into_member(&type, name))
            return NULL;
    }
    /* "p[i] = malloc(...)" fills an element of an array of pointers. */
    if (indexed && !dwarf_type_of(&type, &type))
        return NULL;
    if (dwarf_tag(&type) != DW_TAG_pointer_type || !dwarf_type_of(&type, &type))
        return NULL;
    return dwarf_is_complete(&type) || is_scalar(&type) ? dwarf_type_store(dwarf, &type) : NULL;
}

struct wanted {
    const char *name;
    bool tagged; /* "struct NAME": not a typedef */
    bool nested; /* in a class */
};

/* Blanks do not count, nor do template arguments where the source has none: a class is named
 * without them within itself. */
static bool is_name_of(const char *name, const char *wanted)
{
    for (;; name++, wanted++) {
        name += strspn(name, " ");
        wanted += strspn(wanted, " ");
        if (!*wanted)
            return !*name || *name == '<';
        if (*name != *wanted)
            return false;
    }
}

static bool holds_types(Dwarf_Die *die, const struct wanted *want)
{
    const int tag = dwarf_tag(die);
    return tag == DW_TAG_namespace || tag == DW_TAG_subprogram ||
           (want->nested && dwarf_is_record(die));
}

static bool find_type(Dwarf_Die *scope, const struct wanted *want, unsigned depth, Dwarf_Die *out)
{
    Dwarf_Die die;
    for (int more = dwarf_child(scope, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        const char *const name = dwarf_diename(&die);
        const bool is_typedef = dwarf_tag(&die) == DW_TAG_typedef;
        Dwarf_Die type = die;
        if (name && is_name_of(name, want->name) && (!is_typedef || !want->tagged) &&
            (is_typedef || dwarf_is_record(&die)) && dwarf_peel(&type) &&
            dwarf_is_complete(&type)) {
            *out = type;
            return true;
        }
        if (depth < 4 && holds_types(&die, want) && find_type(&die, want, depth + 1, out))
            return true;
    }
    return false;
}

/* What follows the last "::" that is not in template arguments. */
static const char *last_part(const char *name)
{
    const char *const end = name + strcspn(name, "<");
    for (const char *at = name; at < end; at++)
        if (*at == ':')
            name = at + 1;
    return name;
}

const struct dwarf_type *dwarf_named(struct dwarf *dwarf, uint64_t pc, const char *name)
{
    struct wanted want = {.name = name};
    Dwarf_Die unit, type;
    uint64_t file_pc;
    for (const char *const *tag = (const char *const[]){"struct ", "union ", NULL}; *tag; tag++)
        if (strncmp(want.name, *tag, strlen(*tag)) == 0) {
            want.name += strlen(*tag);
            want.tagged = true;
        }
    want.name = last_part(want.name);
    bool found = dwarf_unit_at(dwarf, pc, &unit, &file_pc) && find_type(&unit, &want, 0, &type);
    want.nested = !found;
    found = found || (want.name[0] && dwarf_unit_at(dwarf, pc, &unit, &file_pc) &&
                         find_type(&unit, &want, 0, &type));
    return found ? dwarf_type_store(dwarf, &type) : NULL;
}
#endif
