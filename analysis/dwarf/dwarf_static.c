/* SPDX-License-Identifier: MIT
 * Global, static and thread-local variables by their address, by libdw. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"
#include "base/compare.h"
#include "base/grow.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

static bool has_scope(Dwarf_Die *die)
{
    const int tag = dwarf_tag(die);
    return tag == DW_TAG_namespace || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block;
}

/* The operand of an op: a number, or an index into .debug_addr (DWARF 5). */
static bool read_operand(Dwarf_Attribute *location, const Dwarf_Op *op, uint64_t *value)
{
    Dwarf_Attribute indirect;
    Dwarf_Addr address;
    switch (op->atom) {
    case DW_OP_addr:
    case DW_OP_const4u:
    case DW_OP_const8u:
    case DW_OP_constu:
        *value = op->number;
        return true;
    case DW_OP_addrx:
    case DW_OP_constx:
    case DW_OP_GNU_addr_index:
    case DW_OP_GNU_const_index:
        if (dwarf_getlocation_attr(location, op, &indirect) != 0 ||
            dwarf_formaddr(&indirect, &address) != 0)
            return false;
        *value = address;
        return true;
    default:
        return false;
    }
}

static void list_tls_symbols(struct dwarf_open *open)
{
    const int count = open->dwfl ? dwfl_module_getsymtab(open->dwfl) : 0;
    for (int i = 0; i < count; i++) {
        GElf_Sym symbol;
        GElf_Addr at;
        const char *const name =
            dwfl_module_getsym_info(open->dwfl, i, &symbol, &at, NULL, NULL, NULL);
        if (!name || GELF_ST_TYPE(symbol.st_info) != STT_TLS || symbol.st_shndx == SHN_UNDEF)
            continue;
        if (GROW(open->tls, open->tlses) != 0)
            return;
        open->tls[open->tlses++] =
            (struct dwarf_tls){.name = name, .first = symbol.st_value, .size = symbol.st_size};
    }
}

/* The symbol of a variable within a function has a number behind its name: "count.0". */
static bool is_name_of(const char *symbol, const char *name)
{
    const size_t length = strlen(name);
    return strncmp(symbol, name, length) == 0 && (!symbol[length] || symbol[length] == '.');
}

/* For some architectures (aarch64) compilers write no place of thread-locals. */
static bool is_tls_symbol(struct dwarf_open *open, Dwarf_Die *die, struct dwarf_static *out)
{
    Dwarf_Attribute linkage;
    Dwarf_Die type;
    if (!open->tlses)
        return false;
    const char *const name = dwarf_attr_integrate(die, DW_AT_linkage_name, &linkage)
                                 ? dwarf_formstring(&linkage)
                                 : dwarf_diename(die);
    out->size = dwarf_type_of(die, &type) ? dwarf_size(&type) : 0;
    for (size_t i = 0; name && i < open->tlses; i++) {
        if (open->tls[i].size != out->size || !is_name_of(open->tls[i].name, name))
            continue;
        out->first = open->tls[i].first;
        out->thread_local_ = true;
        out->die = *die;
        return true;
    }
    return false;
}

/* Go's linker writes DWARF 4 with the blocks of DWARF 3, which libdw refuses. */
static bool read_block(Dwarf_Attribute *location, uint64_t *address)
{
    Dwarf_Block block;
    if (dwarf_formblock(location, &block) != 0 || block.length != 1 + sizeof *address ||
        block.data[0] != DW_OP_addr)
        return false;
    memcpy(address, block.data + 1, sizeof *address);
    return true;
}

/* ADDRESS [plus CONSTANT], or OFFSET push_tls_address. */
static bool read_location(Dwarf_Attribute *location, struct dwarf_static *out)
{
    Dwarf_Op *op;
    size_t ops;
    if (read_block(location, &out->first))
        return true;
    if (dwarf_getlocation(location, &op, &ops) != 0 || ops < 1 || ops > 2 ||
        !read_operand(location, &op[0], &out->first))
        return false;
    out->thread_local_ = ops == 2 && (op[1].atom == DW_OP_GNU_push_tls_address ||
                                         op[1].atom == DW_OP_form_tls_address);
    if (ops == 2 && op[1].atom == DW_OP_plus_uconst)
        out->first += op[1].number;
    return ops == 1 || op[1].atom == DW_OP_plus_uconst || out->thread_local_;
}

/* A variable at a fixed place. */
static bool is_static(struct dwarf_open *open, Dwarf_Die *die, struct dwarf_static *out)
{
    Dwarf_Attribute location;
    Dwarf_Die type;
    out->thread_local_ = false;
    if (dwarf_tag(die) != DW_TAG_variable)
        return false;
    if (!dwarf_attr(die, DW_AT_location, &location))
        return is_tls_symbol(open, die, out);
    if (!read_location(&location, out))
        return false;
    out->size = dwarf_type_of(die, &type) ? dwarf_size(&type) : 0;
    out->die = *die;
    return true;
}

static void list_within(struct dwarf_open *open, Dwarf_Die *scope, unsigned depth)
{
    Dwarf_Die die;
    struct dwarf_static var;
    for (int more = dwarf_child(scope, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        if (is_static(open, &die, &var)) {
            if (GROW(open->var, open->vars) != 0)
                return;
            open->var[open->vars++] = var;
        }
        if (has_scope(&die) && depth < 32)
            list_within(open, &die, depth + 1);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct dwarf_static *const x = a, *const y = b;
    const int order = compare_int(x->thread_local_, y->thread_local_);
    return order ? order : compare_u64(x->first, y->first);
}

static void list_all(struct dwarf_open *open)
{
    Dwarf_CU *cu = NULL;
    Dwarf_Die unit, sub;
    uint8_t type;
    open->listed = true;
    list_tls_symbols(open);
    while (open->debug && dwarf_get_units(open->debug, cu, &cu, NULL, &type, &unit, &sub) == 0)
        list_within(open, type == DW_UT_skeleton && sub.addr ? &sub : &unit, 0);
    if (open->vars)
        qsort(open->var, open->vars, sizeof *open->var, by_place);
}

static const struct dwarf_static *find_static(
    struct dwarf_open *open, uint64_t at, bool thread_local_)
{
    if (!open->listed)
        list_all(open);
    /* The last that begins no later: variables do not lie on each other. */
    const struct dwarf_static want = {.first = at, .thread_local_ = thread_local_};
    size_t low = 0, high = open->vars;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (by_place(&open->var[middle], &want) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct dwarf_static *const v = low ? &open->var[low - 1] : NULL;
    return v && v->thread_local_ == thread_local_ && at - v->first < v->size ? v : NULL;
}

static bool describe_static(
    struct dwarf *dwarf, const struct dwarf_static *var, uint64_t bias, struct dwarf_variable *out)
{
    Dwarf_Die die = var->die;
    *out = (struct dwarf_variable){.address = var->first + bias, .size = var->size};
    dwarf_describe(dwarf, &die, out);
    return true;
}

/* Without DWARF the symbol table may still have the name. */
static bool by_symbol(struct dwarf_open *open, uint64_t address, struct dwarf_variable *out)
{
    GElf_Sym symbol;
    GElf_Off offset;
    const char *const name =
        open->dwfl ? dwfl_module_addrinfo(open->dwfl, address, &offset, &symbol, NULL, NULL, NULL)
                   : NULL;
    if (!name || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT || offset >= symbol.st_size)
        return false;
    *out =
        (struct dwarf_variable){.name = name, .address = address - offset, .size = symbol.st_size};
    return true;
}

static bool by_tls_symbol(
    const struct dwarf_open *open, uint64_t offset, struct dwarf_variable *out)
{
    for (size_t i = 0; i < open->tlses; i++) {
        const struct dwarf_tls *const t = &open->tls[i];
        if (offset < t->first || offset - t->first >= t->size)
            continue;
        *out = (struct dwarf_variable){.name = t->name, .address = t->first, .size = t->size};
        return true;
    }
    return false;
}

bool dwarf_global(struct dwarf *dwarf, uint64_t address, struct dwarf_variable *out)
{
    struct dwarf_open *const open = dwarf_module_at(dwarf, address);
    if (!open)
        return false;
    const struct dwarf_static *const var =
        open->debug ? find_static(open, address - open->bias, false) : NULL;
    if (!var)
        return by_symbol(open, address, out);
    return describe_static(dwarf, var, open->bias, out);
}

bool dwarf_thread_local(
    struct dwarf *dwarf, uint64_t module_begin, uint64_t offset, struct dwarf_variable *out)
{
    struct dwarf_open *const open = dwarf_module_at(dwarf, module_begin);
    if (!open)
        return false;
    const struct dwarf_static *const var = find_static(open, offset, true);
    return var ? describe_static(dwarf, var, 0, out) : by_tls_symbol(open, offset, out);
}
#endif
