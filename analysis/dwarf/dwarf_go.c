/* SPDX-License-Identifier: MIT
 * What Go's compiler and linker leave in a program, by libdw: types by the address of their runtime
 * description (DW_AT_go_runtime_type of cmd/internal/dwarf), which the code passes to the function
 * that allocates. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"
#include "base/compare.h"
#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

enum { GO_RUNTIME_TYPE = 0x2904 };

/* What a program uses as a whole: locks, counters, and what the language has. */
static const char *const whole[] = {
    "sync.", "internal/sync.", "sync/atomic.", "runtime.", "string", "[]"};

bool dwarf_go_is_one(Dwarf_Die *record)
{
    Dwarf_Die unit;
    const char *const name = dwarf_diename(record);
    bool is = false;
    for (size_t i = 0; name && i < sizeof whole / sizeof *whole; i++)
        is |= strncmp(name, whole[i], strlen(whole[i])) == 0;
    return is && dwarf_diecu(record, &unit, NULL, NULL) && dwarf_srclang(&unit) == DW_LANG_Go;
}

/* cmd/link writes it as an address, though it is an offset. */
static uint64_t description_of(Dwarf_Die *die)
{
    Dwarf_Attribute a;
    Dwarf_Addr address;
    const uint64_t number = dwarf_number(die, GO_RUNTIME_TYPE, 0);
    if (number || dwarf_formaddr(dwarf_attr(die, GO_RUNTIME_TYPE, &a), &address) != 0)
        return number;
    return address;
}

static void add_types(struct dwarf_go *go, Dwarf_Die *unit)
{
    Dwarf_Die die;
    for (int more = dwarf_child(unit, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        const uint64_t offset = description_of(&die);
        if (!offset)
            continue;
        if (GROW(go->type, go->types) != 0)
            return;
        go->type[go->types++] = (struct dwarf_go_type){offset, die};
    }
}

static int compare_types(const void *a, const void *b)
{
    const struct dwarf_go_type *const x = a, *const y = b;
    return compare_u64(x->offset, y->offset);
}

/* Of a module; empty when it is not a Go program. */
static const struct dwarf_go *list_types(struct dwarf_open *open)
{
    Dwarf_CU *cu = NULL;
    Dwarf_Die unit;
    uint8_t kind;
    struct dwarf_go *const go = &open->go;
    if (go->listed)
        return go;
    go->listed = true;
    while (dwarf_get_units(open->debug, cu, &cu, NULL, &kind, &unit, NULL) == 0)
        if (dwarf_srclang(&unit) == DW_LANG_Go)
            add_types(go, &unit);
    if (go->types > 1)
        qsort(go->type, go->types, sizeof *go->type, compare_types);
    if (go->types && dwarf_find_symbols(open->dwfl, "runtime.types", &go->base) > 0)
        go->base -= open->module.bias;
    return go;
}

/* Of its description at this address, as in the file. */
static const struct dwarf_go_type *find_type(const struct dwarf_go *go, uint64_t address)
{
    const struct dwarf_go_type key = {.offset = address - go->base};
    return go->base && address > go->base && go->types
               ? bsearch(&key, go->type, go->types, sizeof key, compare_types)
               : NULL;
}

/* The code in front of an address of the file. Returns how many bytes. */
static size_t code_before(struct dwarf_open *open, uint64_t address, uint8_t *code, size_t size)
{
    GElf_Addr bias;
    GElf_Phdr part;
    size_t count = 0;
    Elf *const elf = dwfl_module_getelf(open->dwfl, &bias);
    if (!elf || elf_getphdrnum(elf, &count) != 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (!gelf_getphdr(elf, (int)i, &part) || part.p_type != PT_LOAD ||
            address - part.p_vaddr > part.p_filesz || address - part.p_vaddr < size)
            continue;
        const Elf_Data *const data = elf_getdata_rawchunk(
            elf, (int64_t)(part.p_offset + (address - part.p_vaddr) - size), size, ELF_T_BYTE);
        if (!data || data->d_size != size)
            return 0;
        memcpy(code, data->d_buf, size);
        return size;
    }
    return 0;
}

/* lea DISPLACEMENT(%rip), any register (Intel SDM 2, LEA and 2.2.1.6). */
static bool is_lea(const uint8_t *code)
{
    return (code[0] & 0xfb) == 0x48 && code[1] == 0x8d && (code[2] & 0xc7) == 0x05;
}

enum { BEFORE = 64, LEA_BYTES = 7 };

const struct dwarf_type *dwarf_go_passed(struct dwarf *dwarf, uint64_t return_address)
{
    uint8_t code[BEFORE];
    struct dwarf_open *const open = dwarf_module_at(dwarf, return_address);
    const struct dwarf_go *const go = open && open->debug ? list_types(open) : NULL;
    const uint64_t end = open ? return_address - open->module.bias : 0;
    const size_t size = go && go->types ? code_before(open, end, code, sizeof code) : 0;
    for (size_t back = LEA_BYTES; back <= size; back++) {
        const uint8_t *const at = code + size - back;
        int32_t displacement;
        if (!is_lea(at))
            continue;
        memcpy(&displacement, at + LEA_BYTES - sizeof displacement, sizeof displacement);
        const struct dwarf_go_type *const type =
            find_type(go, end - back + LEA_BYTES + (uint64_t)(int64_t)displacement);
        Dwarf_Die die = type ? type->die : (Dwarf_Die){0};
        if (type)
            return dwarf_type_store(dwarf, &die);
    }
    return NULL;
}

const struct dwarf_type *dwarf_go_type(struct dwarf *dwarf, uint64_t description)
{
    struct dwarf_open *const open = dwarf_module_at(dwarf, description);
    const struct dwarf_go *const go = open && open->debug ? list_types(open) : NULL;
    const struct dwarf_go_type *const type =
        go ? find_type(go, description - open->module.bias) : NULL;
    Dwarf_Die die = type ? type->die : (Dwarf_Die){0};
    return type ? dwarf_type_store(dwarf, &die) : NULL;
}

/* Where the first call in the code at `address` leads that is not to Go's runtime; 0. */
static uint64_t first_call(struct dwarf *dwarf, uint64_t address, uint64_t size)
{
    enum { CALL = 0xe8, CALL_BYTES = 5 };
    uint8_t code[512];
    struct dwarf_open *const open = dwarf_module_at(dwarf, address);
    const uint64_t start = address - open->module.bias;
    size = size < sizeof code ? size : sizeof code;
    if (code_before(open, start + size, code, size) != size)
        return 0;
    for (size_t i = 0; i + CALL_BYTES <= size; i++) {
        int32_t displacement;
        if (code[i] != CALL)
            continue;
        memcpy(&displacement, code + i + 1, sizeof displacement);
        const uint64_t to = address + i + CALL_BYTES + (uint64_t)(int64_t)displacement;
        const char *const name = dwfl_module_addrname(open->dwfl, to);
        if (name && strncmp(name, "runtime.", 8) != 0)
            return to;
    }
    return 0;
}

const char *dwarf_go_function(struct dwarf *dwarf, uint64_t entry)
{
    struct dwarf_scopes scopes;
    Dwarf_Attribute a;
    dwarf_scopes_at(dwarf, entry, &scopes);
    for (size_t i = 0; i < scopes.count; i++) {
        Dwarf_Die *const die = &scopes.at[i];
        Dwarf_Addr low = 0, high = 0;
        if (dwarf_tag(die) != DW_TAG_subprogram)
            continue;
        if (!dwarf_attr(die, DW_AT_trampoline, &a) || dwarf_lowpc(die, &low) != 0 ||
            dwarf_highpc(die, &high) != 0)
            return dwarf_diename(die);
        const uint64_t to = first_call(dwarf, entry, high - low);
        const struct dwarf_open *const open = to ? dwarf_module_at(dwarf, to) : NULL;
        return open ? dwfl_module_addrname(open->dwfl, to) : dwarf_diename(die);
    }
    return NULL;
}
#endif
