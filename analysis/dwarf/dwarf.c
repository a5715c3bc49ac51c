/* SPDX-License-Identifier: MIT
 * Functions and lines of an address, and what variables have in common, by libdw. */
#ifdef HAVE_DW
#include "analysis/dwarf/code_names.h"
#include "analysis/dwarf/dwarf_internal.h"
#include "analysis/dwarf/rust_symbol.h"

#include <string.h>

static void set_file(Dwarf_Die *unit, const char *path, const char **file, const char **folder)
{
    Dwarf_Attribute attribute;
    const char *const at = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    const size_t length = at ? strlen(at) : 0;
    if (length && path && strncmp(path, at, length) == 0 && path[length] == '/') {
        *file = path + length + 1;
        *folder = at;
    } else {
        *file = path;
        *folder = path && path[0] != '/' ? at : NULL;
    }
}

static void set_line(Dwarf_Die *unit, uint64_t file_pc, struct dwarf_frame *frame)
{
    int number = 0;
    Dwarf_Line *const line = dwarf_getsrc_die(unit, file_pc);
    if (!line || dwarf_lineno(line, &number) != 0 || number <= 0)
        return;
    frame->line = (unsigned)number;
    set_file(unit, dwarf_linesrc(line, NULL, NULL), &frame->file, &frame->folder);
}

/* A file by its number: dwarf_decl_file() of libdw 0.188 takes the 0 of DWARF 5, the unit's own
 * file, for none. */
static void set_file_number(
    Dwarf_Die *unit, uint64_t number, const char **file, const char **folder)
{
    Dwarf_Files *files;
    size_t count;
    if (dwarf_getsrcfiles(unit, &files, &count) == 0 && number < count)
        set_file(unit, dwarf_filesrc(files, number, NULL, NULL), file, folder);
}

/* Where an inlined function was called. */
static void set_call(Dwarf_Die *unit, Dwarf_Die *inlined, struct dwarf_frame *frame)
{
    frame->line = (unsigned)dwarf_number(inlined, DW_AT_call_line, 0);
    set_file_number(
        unit, dwarf_number(inlined, DW_AT_call_file, UINT64_MAX), &frame->file, &frame->folder);
}

static void set_declaration(Dwarf_Die *die, struct dwarf_variable *out)
{
    Dwarf_Die unit;
    out->line = (unsigned)dwarf_number(die, DW_AT_decl_line, 0);
    if (out->line && dwarf_diecu(die, &unit, NULL, NULL))
        set_file_number(
            &unit, dwarf_number(die, DW_AT_decl_file, UINT64_MAX), &out->file, &out->folder);
}

void dwarf_describe(struct dwarf *dwarf, Dwarf_Die *die, struct dwarf_variable *out)
{
    Dwarf_Die type;
    Dwarf_Attribute a;
    out->name = dwarf_qualified(dwarf, die);
    out->alignment = dwarf_number(die, DW_AT_alignment, 0);
    if (dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &a), &type))
        out->type = dwarf_type_store(dwarf, &type);
    if (out->type && dwarf_alignment(out->type) > out->alignment)
        out->alignment = dwarf_alignment(out->type);
    set_declaration(die, out);
}

static size_t frames_in(struct dwarf *dwarf, uint64_t pc, struct dwarf_frame *frame, size_t max)
{
    Dwarf_Die unit;
    struct dwarf_scopes scopes;
    uint64_t file_pc;
    if (!dwarf_unit_at(dwarf, pc, &unit, &file_pc))
        return 0;
    set_line(&unit, file_pc, frame);
    dwarf_scopes_at(dwarf, pc, &scopes);
    size_t count = 0;
    for (size_t i = 0; i < scopes.count && count < max; i++) {
        Dwarf_Die *const scope = &scopes.at[i];
        if (!dwarf_is_function(scope))
            continue;
        frame[count++].function = dwarf_qualified(dwarf, scope);
        if (dwarf_tag(scope) == DW_TAG_subprogram)
            break;
        if (count < max)
            set_call(&unit, scope, &frame[count]);
    }
    return count;
}

static const char *plain_symbol(struct dwarf *dwarf, const char *symbol)
{
    char path[512];
    return symbol && rust_symbol_path(symbol, path, sizeof path) ? dwarf_print(dwarf, "%s", path)
                                                                 : symbol;
}

void dwarf_name_code(struct dwarf *dwarf, const struct code_names *names)
{
    dwarf->names = names;
}

size_t dwarf_frames(struct dwarf *dwarf, uint64_t pc, struct dwarf_frame *frame, size_t max)
{
    struct dwarf_open *const open = dwarf_module_at(dwarf, pc);
    if (max == 0)
        return 0;
    const uint64_t bias = open ? open->module.bias : 0;
    for (size_t i = 0; i < max; i++)
        frame[i] =
            (struct dwarf_frame){.module = open ? open->module.path : NULL, .offset = pc - bias};
    const size_t count = frames_in(dwarf, pc, frame, max);
    if (count > 0)
        return count;
    /* Without DWARF a symbol may still be there. */
    if (!open)
        frame->function = code_names_find(dwarf->names, pc);
    else if (open->dwfl && !dwarf_go_line(open, pc, frame))
        frame->function = plain_symbol(dwarf, dwfl_module_addrname(open->dwfl, pc));
    return 1;
}
#endif
