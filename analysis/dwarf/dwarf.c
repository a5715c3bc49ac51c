/* SPDX-License-Identifier: MIT
 * A process's modules opened with libdw, and where an address lies in them. Its scopes are
 * dwarf_scope.c, its variables dwarf_static.c and dwarf_local.c, its types dwarf_type.c and
 * dwarf_field.c; without libdw dwarf_none.c stands for all. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf.h"

#include "analysis/dwarf/dwarf_internal.h"
#include "base/debug.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct dwarf_chunk {
    struct dwarf_chunk *next;
    _Alignas(max_align_t) char data[];
};

void *dwarf_keep(struct dwarf *dwarf, const void *data, size_t size)
{
    struct dwarf_chunk *const chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        return NULL;
    chunk->next = dwarf->chunk;
    dwarf->chunk = chunk;
    memcpy(chunk->data, data, size);
    return chunk->data;
}

const char *dwarf_print(struct dwarf *dwarf, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return dwarf_keep(dwarf, text, strlen(text) + 1);
}

/* The path of the debug file: .debug beside the module, and /usr/lib/debug by name and build-id. */
static char *debug_path = NULL;
static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .debuginfo_path = &debug_path,
};

static bool is_other_build(Dwfl_Module *dwfl, const struct dwarf_module *module)
{
    const unsigned char *bits;
    GElf_Addr where;
    const int bytes = dwfl_module_build_id(dwfl, &bits, &where);
    return module->build && bytes > 0 &&
           ((size_t)bytes != module->build_bytes ||
               memcmp(bits, module->build, (size_t)bytes) != 0);
}

static void open_module(struct dwarf *dwarf, struct dwarf_open *open)
{
    const struct dwarf_module *const m = &open->module;
    if (m->path[0] != '/' || access(m->path, R_OK) != 0) {
        open->reason = "the file is not there any more";
        return;
    }
    open->dwfl = dwfl_report_elf(dwarf->dwfl, m->path, m->path, -1, m->bias, true);
    if (!open->dwfl)
        open->reason = "the file is no ELF that can be read";
    else if (is_other_build(open->dwfl, m)) {
        open->reason = "the file is of another build than the one that ran";
        open->dwfl = NULL;
    }
}

static void open_debug(struct dwarf_open *open)
{
    if (open->reason)
        return;
    open->debug = dwfl_module_getdwarf(open->dwfl, &open->bias);
    if (!open->debug)
        open->reason = "it has no debug information (stripped, or built without -g)";
    debug(DEBUG_DWARF, "%s: %s", open->module.path, open->reason ? open->reason : "has DWARF");
}

struct dwarf *dwarf_new(const struct dwarf_module *module, size_t count)
{
    struct dwarf *const dwarf = calloc(1, sizeof *dwarf);
    if (!dwarf)
        return NULL;
    dwarf->dwfl = dwfl_begin(&callbacks);
    dwarf->open = calloc(count ? count : 1, sizeof *dwarf->open);
    if (!dwarf->dwfl || !dwarf->open) {
        dwarf_free(dwarf);
        return NULL;
    }
    dwfl_report_begin(dwarf->dwfl);
    for (size_t i = 0; i < count; i++) {
        struct dwarf_open *const open = &dwarf->open[dwarf->count];
        open->module = module[i];
        open->module.path = dwarf_print(dwarf, "%s", module[i].path);
        open->module.build = module[i].build_bytes
                                 ? dwarf_keep(dwarf, module[i].build, module[i].build_bytes)
                                 : NULL;
        if (!open->module.path)
            continue;
        dwarf->count++;
        open_module(dwarf, open);
        debug(DEBUG_DWARF, "module %s: %s", open->module.path,
            open->reason ? open->reason : "opened");
    }
    dwfl_report_end(dwarf->dwfl, NULL, NULL);
    return dwarf;
}

void dwarf_free(struct dwarf *dwarf)
{
    if (!dwarf)
        return;
    for (size_t i = 0; i < dwarf->count; i++) {
        free(dwarf->open[i].range);
        free(dwarf->open[i].var);
    }
    free(dwarf->open);
    dwfl_end(dwarf->dwfl);
    for (struct dwarf_chunk *next; dwarf->chunk; dwarf->chunk = next) {
        next = dwarf->chunk->next;
        free(dwarf->chunk);
    }
    free(dwarf);
}

struct dwarf_open *dwarf_module_at(struct dwarf *dwarf, uint64_t address)
{
    for (size_t i = 0; i < dwarf->count; i++) {
        struct dwarf_open *const open = &dwarf->open[i];
        if (address < open->module.begin || address >= open->module.end)
            continue;
        if (!open->debug)
            open_debug(open);
        return open;
    }
    return NULL;
}

const char *dwarf_reason(struct dwarf *dwarf, uint64_t address)
{
    const struct dwarf_open *const open = dwarf_module_at(dwarf, address);
    return open ? open->reason : NULL;
}

static bool add_range(struct dwarf_open *open, const struct dwarf_range *range)
{
    if ((open->ranges & (open->ranges - 1)) == 0) {
        const size_t room = open->ranges ? 2 * open->ranges : 1;
        struct dwarf_range *const more = reallocarray(open->range, room, sizeof *more);
        if (!more)
            return false;
        open->range = more;
    }
    open->range[open->ranges++] = *range;
    return true;
}

static void index_units(struct dwarf_open *open)
{
    Dwarf_CU *cu = NULL;
    struct dwarf_range range;
    Dwarf_Addr base;
    uint8_t type;
    Dwarf_Die sub;
    open->indexed = true;
    while (dwarf_get_units(open->debug, cu, &cu, NULL, &type, &range.unit, &sub) == 0) {
        if (type == DW_UT_skeleton && sub.addr)
            range.unit = sub;
        ptrdiff_t at = 0;
        while ((at = dwarf_ranges(&range.unit, at, &base, &range.low, &range.high)) > 0)
            if (!add_range(open, &range))
                return;
    }
}

bool dwarf_unit_at(struct dwarf *dwarf, uint64_t pc, Dwarf_Die *unit, uint64_t *file_pc)
{
    struct dwarf_open *const open = dwarf_module_at(dwarf, pc);
    if (!open || !open->debug)
        return false;
    if (!open->indexed)
        index_units(open);
    *file_pc = pc - open->bias;
    for (size_t i = 0; i < open->ranges; i++)
        if (*file_pc >= open->range[i].low && *file_pc < open->range[i].high) {
            *unit = open->range[i].unit;
            return true;
        }
    return false;
}

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

void dwarf_declared(Dwarf_Die *die, const char **file, const char **folder, unsigned *line)
{
    Dwarf_Die unit;
    *file = *folder = NULL;
    *line = (unsigned)dwarf_number(die, DW_AT_decl_line, 0);
    if (*line && dwarf_diecu(die, &unit, NULL, NULL))
        set_file_number(&unit, dwarf_number(die, DW_AT_decl_file, UINT64_MAX), file, folder);
}

static bool is_function(Dwarf_Die *die)
{
    const int tag = dwarf_tag(die);
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

static size_t frames_in(struct dwarf *dwarf, uint64_t pc, struct dwarf_frame *frame, size_t max)
{
    Dwarf_Die unit, *scope;
    uint64_t file_pc;
    if (!dwarf_unit_at(dwarf, pc, &unit, &file_pc))
        return 0;
    set_line(&unit, file_pc, frame);
    const int scopes = dwarf_scopes_at(dwarf, pc, &scope);
    size_t count = 0;
    for (int i = 0; i < scopes && count < max; i++) {
        if (!is_function(&scope[i]))
            continue;
        frame[count++].function = dwarf_qualified(dwarf, &scope[i]);
        if (dwarf_tag(&scope[i]) == DW_TAG_subprogram)
            break;
        if (count < max)
            set_call(&unit, &scope[i], &frame[count]);
    }
    free(scope);
    return count;
}

size_t dwarf_frames(struct dwarf *dwarf, uint64_t pc, struct dwarf_frame *frame, size_t max)
{
    const struct dwarf_open *const open = dwarf_module_at(dwarf, pc);
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
    if (open && open->dwfl)
        frame->function = dwfl_module_addrname(open->dwfl, pc);
    return 1;
}
#endif
