/* SPDX-License-Identifier: MIT
 * analysis/dwarf/dwarf.h without libdw: nothing is known but the module and the offset. */
#include "analysis/dwarf/dwarf.h"

#ifndef HAVE_DW
#include <stdlib.h>
#include <string.h>

struct dwarf {
    struct dwarf_module *module;
    size_t count;
};

struct dwarf *dwarf_new(const struct dwarf_module *module, size_t count)
{
    struct dwarf *const dwarf = calloc(1, sizeof *dwarf);
    if (!dwarf)
        return NULL;
    dwarf->module = calloc(count ? count : 1, sizeof *module);
    for (; dwarf->module && dwarf->count < count; dwarf->count++) {
        dwarf->module[dwarf->count] = module[dwarf->count];
        dwarf->module[dwarf->count].path = strdup(module[dwarf->count].path);
    }
    return dwarf;
}

void dwarf_free(struct dwarf *dwarf)
{
    for (size_t i = 0; dwarf && i < dwarf->count; i++)
        free((char *)dwarf->module[i].path);
    if (dwarf)
        free(dwarf->module);
    free(dwarf);
}

const char *dwarf_reason(struct dwarf *dwarf, uint64_t address)
{
    (void)dwarf, (void)address;
    return "this numaprobe was built without libdw (libdw-dev)";
}

size_t dwarf_frames(struct dwarf *dwarf, uint64_t pc, struct dwarf_frame *frame, size_t max)
{
    if (max == 0)
        return 0;
    *frame = (struct dwarf_frame){.offset = pc};
    for (size_t i = 0; i < dwarf->count; i++) {
        const struct dwarf_module *const m = &dwarf->module[i];
        if (pc >= m->begin && pc < m->end)
            *frame = (struct dwarf_frame){.module = m->path, .offset = pc - m->bias};
    }
    return 1;
}

bool dwarf_global(struct dwarf *dwarf, uint64_t address, struct dwarf_variable *out)
{
    (void)dwarf, (void)address, (void)out;
    return false;
}

bool dwarf_thread_local(
    struct dwarf *dwarf, uint64_t module_begin, uint64_t offset, struct dwarf_variable *out)
{
    (void)dwarf, (void)module_begin, (void)offset, (void)out;
    return false;
}

bool dwarf_local(struct dwarf *dwarf, const struct dwarf_call *call, uint64_t address,
    struct dwarf_variable *out)
{
    (void)dwarf, (void)call, (void)address, (void)out;
    return false;
}

size_t dwarf_pointers(struct dwarf *dwarf, uint64_t pc, struct dwarf_pointer *pointer, size_t max)
{
    (void)dwarf, (void)pc, (void)pointer, (void)max;
    return 0;
}

const struct dwarf_type *dwarf_pointee(struct dwarf *dwarf, uint64_t pc, const char *expression)
{
    (void)dwarf, (void)pc, (void)expression;
    return NULL;
}

const struct dwarf_type *dwarf_named(struct dwarf *dwarf, uint64_t pc, const char *name)
{
    (void)dwarf, (void)pc, (void)name;
    return NULL;
}

const struct dwarf_type *dwarf_allocated(struct dwarf *dwarf, uint64_t pc)
{
    (void)dwarf, (void)pc;
    return NULL;
}

const char *dwarf_type_name(struct dwarf *dwarf, const struct dwarf_type *type)
{
    (void)dwarf, (void)type;
    return NULL;
}

uint64_t dwarf_type_size(const struct dwarf_type *type)
{
    (void)type;
    return 0;
}

uint64_t dwarf_alignment(const struct dwarf_type *type)
{
    (void)type;
    return 0;
}

const struct dwarf_type *dwarf_element(struct dwarf *dwarf, const struct dwarf_type *type)
{
    (void)dwarf;
    return type;
}

uint64_t dwarf_stride(const struct dwarf_type *type)
{
    (void)type;
    return 0;
}

bool dwarf_same(const struct dwarf_type *a, const struct dwarf_type *b)
{
    return a == b;
}

size_t dwarf_fields(struct dwarf *dwarf, const struct dwarf_type *type, uint64_t first,
    uint64_t size, struct dwarf_field *field, size_t max)
{
    (void)dwarf, (void)type, (void)first, (void)size, (void)field, (void)max;
    return 0;
}
#endif
