/* SPDX-License-Identifier: MIT
 * Which places in the source addresses belong to, as one number each, by libdw. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"
#include "base/grow.h"

#include <string.h>

struct hash {
    uint64_t value;
};

/* FNV-1a, a word at a time. */
static void add_word(struct hash *h, uint64_t word)
{
    h->value = (h->value ^ word) * 0x100000001b3ull;
    h->value ^= h->value >> 32; /* the product moves bits only up */
}

static bool add_line(struct hash *h, Dwarf_Die *unit, uint64_t file_pc)
{
    int line = 0, column = 0;
    Dwarf_Line *const at = dwarf_getsrc_die(unit, file_pc);
    if (!at || dwarf_lineno(at, &line) != 0 || line == 0)
        return false;
    dwarf_linecol(at, &column);
    if (column == 0) /* as Go writes it: one line may make several blocks */
        return false;
    add_word(h, (uint64_t)line);
    add_word(h, (uint64_t)column);
    return true;
}

/* A function by what it is an instance of, and where it was inlined. */
static void add_function(struct hash *h, Dwarf_Die *function)
{
    Dwarf_Die origin = dwarf_origin(function);
    add_word(h, (uint64_t)(uintptr_t)origin.addr);
    add_word(h, dwarf_number(function, DW_AT_call_line, 0));
    add_word(h, dwarf_number(function, DW_AT_call_column, 0));
}

static uint64_t find_place(struct dwarf *dwarf, uint64_t pc)
{
    struct hash h = {0xcbf29ce484222325ull};
    struct dwarf_scopes scopes;
    Dwarf_Die unit;
    uint64_t file_pc;
    if (!dwarf_unit_at(dwarf, pc, &unit, &file_pc) || !add_line(&h, &unit, file_pc))
        return pc;
    dwarf_scopes_at(dwarf, pc, &scopes);
    for (size_t i = 0; i < scopes.count; i++)
        if (dwarf_is_function(&scopes.at[i]))
            add_function(&h, &scopes.at[i]);
    return scopes.count ? h.value : pc;
}

/* The first known address from `pc` on. */
static size_t search_place(const struct dwarf *dwarf, uint64_t pc)
{
    size_t low = 0, high = dwarf->places;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (dwarf->place[middle].pc < pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t dwarf_place(struct dwarf *dwarf, uint64_t pc)
{
    const size_t at = search_place(dwarf, pc);
    if (at < dwarf->places && dwarf->place[at].pc == pc)
        return dwarf->place[at].place;
    const uint64_t place = find_place(dwarf, pc);
    if (GROW(dwarf->place, dwarf->places) != 0)
        return place;
    memmove(
        &dwarf->place[at + 1], &dwarf->place[at], (dwarf->places++ - at) * sizeof *dwarf->place);
    dwarf->place[at] = (struct dwarf_place){pc, place};
    return place;
}
#endif
