/* SPDX-License-Identifier: MIT
 * A process's modules opened with libdw, the memory that belongs to them, and the module and unit
 * of an address. Functions are dwarf.c, scopes dwarf_scope.c, places dwarf_place.c, variables
 * dwarf_static.c and dwarf_local.c, types dwarf_type.c, dwarf_storage.c and dwarf_field.c,
 * allocations dwarf_supply.c; without libdw dwarf_none.c replaces all. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"
#include "base/debug.h"
#include "base/grow.h"
#include "base/regular.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct dwarf_chunk {
    struct dwarf_chunk *next;
    _Alignas(max_align_t) char data[];
};

void *dwarf_store(struct dwarf *dwarf, const void *data, size_t size)
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
    return dwarf_store(dwarf, text, strlen(text) + 1);
}

/* The path of the debug file: in .debug next to the module, and in /usr/lib/debug by name and
 * build-id. */
static char *debug_path = NULL;

/* libdw would ask the servers of DEBUGINFOD_URLS, which distributions set, for what is not here:
 * the network, a minute where a server does not answer, and files below ~/.cache. Only who wants
 * that sets NUMAPROBE_DEBUGINFOD. The programs that are started keep their environment. */
static char *hide_servers(void)
{
    const char *const asked = getenv("NUMAPROBE_DEBUGINFOD"), *const urls =
                                                                  getenv("DEBUGINFOD_URLS");
    char *const kept = urls && !(asked && *asked) ? strdup(urls) : NULL;
    if (urls && !(asked && *asked))
        unsetenv("DEBUGINFOD_URLS");
    return kept;
}

static void show_servers(char *urls)
{
    if (urls)
        setenv("DEBUGINFOD_URLS", urls, 1);
    free(urls);
}

static int find_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
    const char *file, const char *link, GElf_Word sum, char **path)
{
    char *const urls = hide_servers();
    const int fd = dwfl_standard_find_debuginfo(module, data, name, base, file, link, sum, path);
    show_servers(urls);
    return fd;
}

static int find_elf(
    Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base, char **path, Elf **elf)
{
    char *const urls = hide_servers();
    const int fd = dwfl_build_id_find_elf(module, data, name, base, path, elf);
    show_servers(urls);
    return fd;
}

static const Dwfl_Callbacks callbacks = {
    .find_elf = find_elf,
    .find_debuginfo = find_debuginfo,
    .debuginfo_path = &debug_path,
};

static bool is_other_build(Dwfl_Module *dwfl, const struct dwarf_module *module)
{
    const unsigned char *bits;
    GElf_Addr where;
    const int bytes = dwfl_module_build_id(dwfl, &bits, &where);
    return module->build_bytes && bytes > 0 &&
           ((size_t)bytes != module->build_bytes ||
               memcmp(bits, module->build, (size_t)bytes) != 0);
}

static void open_module(struct dwarf *dwarf, struct dwarf_open *open)
{
    const struct dwarf_module *const m = &open->module;
    if (m->path[0] != '/' || access(m->path, R_OK) != 0) {
        open->reason = "the file does not exist any more";
        return;
    }
    if (!is_regular(m->path)) {
        open->reason = "it is not a regular file any more";
        return;
    }
    open->dwfl = dwfl_report_elf(dwarf->dwfl, m->path, m->path, -1, m->bias, true);
    if (!open->dwfl)
        open->reason = "the file is not an ELF file that can be read";
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
        struct dwarf_open *const open = &dwarf->open[dwarf->count++];
        open->module = module[i];
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
        free(dwarf->open[i].tls);
        free(dwarf->open[i].go.type);
    }
    free(dwarf->open);
    free(dwarf->place);
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
    struct dwarf_open *const open = dwarf_module_at(dwarf, address);
    struct dwarf_frame frame;
    return open && !(open->dwfl && dwarf_go_line(open, address, &frame)) ? open->reason : NULL;
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
        while ((at = dwarf_ranges(&range.unit, at, &base, &range.low, &range.high)) > 0) {
            if (GROW(open->range, open->ranges) != 0)
                return;
            open->range[open->ranges++] = range;
        }
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
#endif
