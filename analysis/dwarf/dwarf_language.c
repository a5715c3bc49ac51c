/* SPDX-License-Identifier: MIT
 * The language that a unit was written in, by libdw. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"

static enum dwarf_language language_of(Dwarf_Die *unit)
{
    switch (dwarf_srclang(unit)) {
    case DW_LANG_Go:
        return DWARF_GO;
    case DW_LANG_Rust:
        return DWARF_RUST;
    default:
        return DWARF_C;
    }
}

enum dwarf_language dwarf_language(struct dwarf *dwarf, uint64_t pc)
{
    Dwarf_Die unit;
    uint64_t file_pc;
    return dwarf_unit_at(dwarf, pc, &unit, &file_pc) ? language_of(&unit) : DWARF_C;
}

enum dwarf_language dwarf_type_language(const struct dwarf_type *type)
{
    Dwarf_Die die = type->die, unit;
    return dwarf_diecu(&die, &unit, NULL, NULL) ? language_of(&unit) : DWARF_C;
}
#endif
