/* SPDX-License-Identifier: MIT
 * The linker's symbols, by libdw. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"

#include <string.h>

const char *dwarf_symbol(struct dwarf *dwarf, uint64_t address, uint64_t *start)
{
    const struct dwarf_open *const open = dwarf_module_at(dwarf, address);
    GElf_Sym symbol;
    GElf_Off offset = 0;
    const char *const name = open && open->dwfl ? dwfl_module_addrinfo(open->dwfl, address, &offset,
                                                      &symbol, NULL, NULL, NULL)
                                                : NULL;
    *start = address - offset;
    return name;
}

size_t dwarf_find_symbols(Dwfl_Module *module, const char *name, uint64_t *address)
{
    size_t found = 0;
    const int count = dwfl_module_getsymtab(module);
    for (int i = 0; i < count; i++) {
        GElf_Sym symbol;
        GElf_Addr at;
        const char *const is = dwfl_module_getsym_info(module, i, &symbol, &at, NULL, NULL, NULL);
        if (!is || strcmp(is, name) != 0 || symbol.st_shndx == SHN_UNDEF)
            continue;
        *address = at;
        found++;
    }
    return found;
}

uint64_t dwarf_symbol_address(struct dwarf *dwarf, const char *name)
{
    uint64_t address = 0;
    size_t found = 0;
    for (size_t i = 0; i < dwarf->count; i++) {
        const struct dwarf_open *const open = dwarf_module_at(dwarf, dwarf->open[i].module.begin);
        if (open && open->dwfl)
            found += dwarf_find_symbols(open->dwfl, name, &address);
    }
    return found == 1 ? address : 0;
}
#endif
