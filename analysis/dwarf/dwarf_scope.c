/* SPDX-License-Identifier: MIT
 * The scopes around an address, by libdw. Not dwarf_getscopes(): libdw 0.188 enters nothing that
 * has no addresses, so that it misses what clang defines within a namespace or class;
 * and beyond an inlined function it gives the scopes where that was written, not where it was
 * called. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"

enum { DEPTH = sizeof((struct dwarf_scopes *)0)->at / sizeof(Dwarf_Die) };

struct search {
    uint64_t pc;
    Dwarf_Die scope[DEPTH]; /* the unit first */
    size_t depth;
};

static bool holds_code(Dwarf_Die *die)
{
    static const int tags[] = {DW_TAG_subprogram, DW_TAG_inlined_subroutine, DW_TAG_lexical_block,
        DW_TAG_try_block, DW_TAG_catch_block};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (dwarf_tag(die) == tags[i])
            return true;
    return false;
}

static bool holds_functions(Dwarf_Die *die)
{
    return dwarf_tag(die) == DW_TAG_namespace || dwarf_is_record(die);
}

/* Extends the search below its last scope, as far as it goes. */
static bool descend_scopes(struct search *s)
{
    Dwarf_Die die;
    Dwarf_Die *const parent = &s->scope[s->depth - 1];
    if (s->depth == DEPTH)
        return false;
    for (int more = dwarf_child(parent, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        const bool code = holds_code(&die);
        if (code ? dwarf_haspc(&die, s->pc) <= 0 : !holds_functions(&die))
            continue;
        s->scope[s->depth++] = die;
        if (descend_scopes(s) || code)
            return true;
        s->depth--;
    }
    return false;
}

void dwarf_scopes_at(struct dwarf *dwarf, uint64_t pc, struct dwarf_scopes *out)
{
    struct search s = {.depth = 1};
    out->count = 0;
    if (!dwarf_unit_at(dwarf, pc, &s.scope[0], &s.pc) || !descend_scopes(&s))
        return;
    for (; out->count < s.depth; out->count++)
        out->at[out->count] = s.scope[s.depth - 1 - out->count];
}
#endif
