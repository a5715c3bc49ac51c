/* SPDX-License-Identifier: MIT
 * Functions and lines of Go programs that have neither DWARF nor symbols. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"

#include <gelf.h>
#include <string.h>

struct sections {
    Elf_Scn *table;
    uint64_t text;
};

/* A program that may lie anywhere has the table among what the loader changes. */
static bool is_table(const char *name)
{
    return strcmp(name, ".gopclntab") == 0 || strcmp(name, ".data.rel.ro.gopclntab") == 0;
}

static struct sections find_sections(Elf *elf)
{
    struct sections found = {0};
    size_t names;
    GElf_Shdr head;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return found;
    for (Elf_Scn *s = elf_nextscn(elf, NULL); s; s = elf_nextscn(elf, s)) {
        const char *const name =
            gelf_getshdr(s, &head) ? elf_strptr(elf, names, head.sh_name) : NULL;
        if (name && is_table(name))
            found.table = s;
        else if (name && strcmp(name, ".text") == 0)
            found.text = head.sh_addr;
    }
    return found;
}

static void open_table(struct dwarf_open *open)
{
    GElf_Addr bias;
    Elf *const elf = dwfl_module_getelf(open->dwfl, &bias);
    const struct sections sections = elf ? find_sections(elf) : (struct sections){0};
    const Elf_Data *const data = sections.table ? elf_rawdata(sections.table, NULL) : NULL;
    if (data && data->d_buf)
        (void)go_pclntab_open(data->d_buf, data->d_size, sections.text, &open->pclntab);
    open->has_looked = true;
}

bool dwarf_go_line(struct dwarf_open *open, uint64_t pc, struct dwarf_frame *out)
{
    struct go_line line;
    if (!open->has_looked)
        open_table(open);
    if (!open->pclntab.functions || !go_pclntab_find(&open->pclntab, pc - open->module.bias, &line))
        return false;
    out->function = line.function;
    out->file = line.file;
    out->line = line.line;
    return true;
}
#endif
