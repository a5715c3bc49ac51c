/* SPDX-License-Identifier: MIT
 * Whether a module has code that reports its accesses, by the names in its symbol tables.
 * Instrumented code calls hooks, which a library imports and a program has inside; each unit also
 * has a constructor that starts the runtime. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"

#include <string.h>

static bool begins_with(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

static bool is_hook(const char *name)
{
    return begins_with(name, "__tsan_") || begins_with(name, "numaprobe_gate_");
}

/* gcc's (with a number) and clang's; a Go program has the functions that call the hooks. */
static bool is_constructor(const char *name)
{
    return begins_with(name, "_sub_I_00099_") || begins_with(name, "tsan.module_ctor") ||
           begins_with(name, "runtime.raceread");
}

/* What the symbols of a module show. */
struct symbols {
    bool imported, dynamic; /* names from other modules can be seen */
    bool runtime;           /* it has the hooks inside */
    bool local;             /* it is not stripped */
    bool constructor;
};

static void note_symbol(struct symbols *s, const char *name, const GElf_Sym *symbol)
{
    const bool defined = symbol->st_shndx != SHN_UNDEF;
    if (is_hook(name) && defined)
        s->runtime = true;
    else if (is_hook(name))
        s->imported = true;
    else if (is_constructor(name))
        s->constructor = true;
}

static void read_table(Elf *elf, Elf_Scn *section, const GElf_Shdr *head, struct symbols *out)
{
    Elf_Data *const data = elf_getdata(section, NULL);
    const size_t count = data && head->sh_entsize ? data->d_size / head->sh_entsize : 0;
    for (size_t i = 0; i < count && i < INT32_MAX && !out->imported && !out->constructor; i++) {
        GElf_Sym symbol;
        const char *const name = gelf_getsym(data, (int)i, &symbol)
                                     ? elf_strptr(elf, head->sh_link, symbol.st_name)
                                     : NULL;
        if (name)
            note_symbol(out, name, &symbol);
    }
}

static struct symbols read_symbols(Elf *elf)
{
    struct symbols out = {0};
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr head;
        if (!gelf_getshdr(section, &head) ||
            (head.sh_type != SHT_DYNSYM && head.sh_type != SHT_SYMTAB))
            continue;
        out.dynamic |= head.sh_type == SHT_DYNSYM;
        out.local |= head.sh_type == SHT_SYMTAB;
        read_table(elf, section, &head, &out);
    }
    return out;
}

bool dwarf_is_uninstrumented(struct dwarf *dwarf, size_t module)
{
    GElf_Addr bias;
    Dwfl_Module *const dwfl = module < dwarf->count ? dwarf->open[module].dwfl : NULL;
    Elf *const elf = dwfl ? dwfl_module_getelf(dwfl, &bias) : NULL;
    if (!elf)
        return false;
    const struct symbols s = read_symbols(elf);
    return !s.imported && !s.constructor && (s.local || (s.dynamic && !s.runtime));
}
#endif
