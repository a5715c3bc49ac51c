/* SPDX-License-Identifier: MIT
 * analysis/dwarf/dwarf.h without libdw: nothing is known but the module and the offset. */
#include "analysis/dwarf/dwarf.h"

#ifndef HAVE_DW
#include "analysis/dwarf/code_names.h"

#include <stdlib.h>

struct dwarf {
    struct dwarf_module *module;
    size_t count;
    const struct code_names *names;
};

struct dwarf *dwarf_new(const struct dwarf_module *module, size_t count)
{
    struct dwarf *const dwarf = calloc(1, sizeof *dwarf);
    if (!dwarf)
        return NULL;
    dwarf->module = calloc(count + 1, sizeof *module);
    for (; dwarf->module && dwarf->count < count; dwarf->count++)
        dwarf->module[dwarf->count] = module[dwarf->count];
    return dwarf;
}

void dwarf_free(struct dwarf *dwarf)
{
    if (dwarf)
        free(dwarf->module);
    free(dwarf);
}

const char *dwarf_reason(struct dwarf *dwarf, uint64_t address)
{
    (void)dwarf, (void)address;
    return "this numaprobe was built without libdw (libdw-dev)";
}

void dwarf_name_code(struct dwarf *dwarf, const struct code_names *names)
{
    dwarf->names = names;
}

size_t dwarf_frames(struct dwarf *dwarf, uint64_t pc, struct dwarf_frame *frame, size_t max)
{
    if (max == 0)
        return 0;
    *frame = (struct dwarf_frame){.offset = pc, .function = code_names_find(dwarf->names, pc)};
    for (size_t i = 0; i < dwarf->count; i++) {
        const struct dwarf_module *const m = &dwarf->module[i];
        if (pc >= m->begin && pc < m->end)
            *frame = (struct dwarf_frame){.module = m->path, .offset = pc - m->bias};
    }
    return 1;
}

void dwarf_supply(struct dwarf *dwarf, uint64_t pc, size_t level, struct dwarf_supply *out)
{
    (void)dwarf, (void)pc, (void)level;
    *out = (struct dwarf_supply){.type = NULL};
}

uint64_t dwarf_place(struct dwarf *dwarf, uint64_t pc)
{
    (void)dwarf;
    return pc;
}

#pragma GCC diagnostic ignored "-Wunused-parameter"
#define NOT_KNOWN(type, function, ...)                                                             \
    type function(__VA_ARGS__)                                                                     \
    {                                                                                              \
        return (type){0};                                                                          \
    }
#define DWARF struct dwarf *dwarf
#define TYPE const struct dwarf_type *type

NOT_KNOWN(enum dwarf_language, dwarf_language, DWARF, uint64_t pc)
NOT_KNOWN(enum dwarf_language, dwarf_type_language, TYPE)
NOT_KNOWN(
    size_t, dwarf_unwind, DWARF, const struct dwarf_stopped *stopped, uint64_t *pc, size_t max)
NOT_KNOWN(const struct dwarf_type *, dwarf_go_passed, DWARF, uint64_t return_address)
NOT_KNOWN(const struct dwarf_type *, dwarf_go_type, DWARF, uint64_t description)
NOT_KNOWN(const char *, dwarf_go_function, DWARF, uint64_t entry)
NOT_KNOWN(const char *, dwarf_symbol, DWARF, uint64_t address, uint64_t *start)
NOT_KNOWN(uint64_t, dwarf_symbol_address, DWARF, const char *name)
NOT_KNOWN(bool, dwarf_is_uninstrumented, DWARF, size_t module)
NOT_KNOWN(bool, dwarf_global, DWARF, uint64_t address, struct dwarf_variable *out)
NOT_KNOWN(bool, dwarf_thread_local, DWARF, uint64_t module_begin, uint64_t offset,
    struct dwarf_variable *out)
NOT_KNOWN(bool, dwarf_local, DWARF, const struct dwarf_call *call, uint64_t address,
    struct dwarf_variable *out)
NOT_KNOWN(size_t, dwarf_pointers, DWARF, uint64_t pc, struct dwarf_pointer *pointer, size_t max)
NOT_KNOWN(const struct dwarf_type *, dwarf_pointee, DWARF, uint64_t pc, const char *expression)
NOT_KNOWN(const struct dwarf_type *, dwarf_named, DWARF, uint64_t pc, const char *name)
NOT_KNOWN(const struct dwarf_type *, dwarf_constructed, DWARF, uint64_t pc, size_t level,
    unsigned line, uint64_t bytes)
NOT_KNOWN(uint64_t, dwarf_cookie, TYPE)
NOT_KNOWN(bool, dwarf_is_open_ended, TYPE)
NOT_KNOWN(const struct dwarf_type *, dwarf_stored, DWARF, TYPE)
NOT_KNOWN(bool, dwarf_is_base, const struct dwarf_type *base, TYPE)
NOT_KNOWN(const struct dwarf_type *, dwarf_element, DWARF, TYPE)
NOT_KNOWN(const char *, dwarf_type_name, DWARF, TYPE)
NOT_KNOWN(uint64_t, dwarf_type_size, TYPE)
NOT_KNOWN(uint64_t, dwarf_alignment, TYPE)
NOT_KNOWN(uint64_t, dwarf_stride, TYPE)
NOT_KNOWN(bool, dwarf_same, const struct dwarf_type *a, const struct dwarf_type *b)
NOT_KNOWN(size_t, dwarf_fields, DWARF, TYPE, uint64_t first, uint64_t size,
    struct dwarf_field *field, size_t max)
#undef NOT_KNOWN
#undef DWARF
#undef TYPE
#endif
