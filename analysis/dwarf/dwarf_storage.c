/* SPDX-License-Identifier: MIT
 * Classes within others, by libdw: base classes, arrays at the end, and what is stored as bytes in
 * a class that has its type as a template parameter. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"

enum { DEPTH = 8, ALIGNED = 16 };

bool dwarf_is_part(Dwarf_Die *die)
{
    const int tag = dwarf_tag(die);
    return (tag == DW_TAG_member && !dwarf_hasattr(die, DW_AT_external) &&
               !dwarf_hasattr(die, DW_AT_declaration)) ||
           tag == DW_TAG_inheritance;
}

static bool is_bytes(Dwarf_Die *type, unsigned depth)
{
    Dwarf_Die part, inner;
    if (dwarf_tag(type) == DW_TAG_array_type)
        return dwarf_type_of(type, &inner) && dwarf_tag(&inner) == DW_TAG_base_type &&
               dwarf_size(&inner) == 1;
    for (int more = dwarf_is_record(type) ? dwarf_child(type, &part) : 1; more == 0;
         more = dwarf_siblingof(&part, &part))
        if (dwarf_is_part(&part))
            return depth < DEPTH && dwarf_type_of(&part, &inner) && is_bytes(&inner, depth + 1);
    return false;
}

struct contents {
    Dwarf_Die parameter, member;
    size_t parameters, members;
};

static void list_contents(Dwarf_Die *type, struct contents *out)
{
    Dwarf_Die die;
    *out = (struct contents){.parameters = 0};
    for (int more = dwarf_child(type, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        if (dwarf_tag(&die) == DW_TAG_template_type_parameter && out->parameters++ == 0)
            out->parameter = die;
        if (dwarf_tag(&die) == DW_TAG_member && dwarf_is_part(&die) && out->members++ == 0)
            out->member = die;
    }
}

/* One type as parameter, and as its only member the bytes for it: __gnu_cxx::__aligned_membuf. */
bool dwarf_unwrap_storage(Dwarf_Die *type)
{
    struct contents c;
    Dwarf_Die stored, bytes;
    if (!dwarf_is_record(type) || dwarf_haschildren(type) <= 0)
        return false;
    list_contents(type, &c);
    if (c.parameters != 1 || c.members != 1 || !dwarf_type_of(&c.parameter, &stored) ||
        !dwarf_type_of(&c.member, &bytes) || !is_bytes(&bytes, 0))
        return false;
    const uint64_t size = dwarf_size(&stored), room = dwarf_size(type);
    if (size == 0 || room < size || room - size >= ALIGNED)
        return false;
    *type = stored;
    return true;
}

static bool find_stored(Dwarf_Die *type, unsigned depth, Dwarf_Die *out)
{
    Dwarf_Die part;
    *out = *type;
    if (dwarf_unwrap_storage(out))
        return true;
    for (int more = dwarf_is_record(type) ? dwarf_child(type, &part) : 1; more == 0;
         more = dwarf_siblingof(&part, &part)) {
        Dwarf_Die inner;
        if (depth < DEPTH && dwarf_is_part(&part) && dwarf_type_of(&part, &inner) &&
            find_stored(&inner, depth + 1, out))
            return true;
    }
    return false;
}

const struct dwarf_type *dwarf_stored(struct dwarf *dwarf, const struct dwarf_type *type)
{
    Dwarf_Die die = type->die, stored;
    return dwarf_peel(&die) && dwarf_is_record(&die) && dwarf_is_reserved(dwarf_diename(&die)) &&
                   find_stored(&die, 0, &stored)
               ? dwarf_type_store(dwarf, &stored)
               : type;
}

/* Does it end in an array of any length, so that it reaches beyond its size? */
bool dwarf_is_open(Dwarf_Die *type)
{
    Dwarf_Die part, last, inner;
    Dwarf_Word size;
    bool any = false;
    for (int more = dwarf_is_record(type) ? dwarf_child(type, &part) : 1; more == 0;
         more = dwarf_siblingof(&part, &part))
        if (dwarf_is_part(&part)) {
            last = part;
            any = true;
        }
    if (!any || !dwarf_type_of(&last, &inner))
        return false;
    if (dwarf_tag(&inner) == DW_TAG_array_type)
        return dwarf_aggregate_size(&inner, &size) != 0 || size == 0;
    return dwarf_is_open(&inner);
}

bool dwarf_is_open_ended(const struct dwarf_type *type)
{
    Dwarf_Die die = type->die;
    return dwarf_peel(&die) && dwarf_is_open(&die);
}

static bool has_base(Dwarf_Die *type, const struct dwarf_type *base, unsigned depth)
{
    Dwarf_Die part;
    for (int more = dwarf_is_record(type) ? dwarf_child(type, &part) : 1; more == 0;
         more = dwarf_siblingof(&part, &part)) {
        struct dwarf_type inner;
        if (dwarf_tag(&part) == DW_TAG_inheritance && dwarf_type_of(&part, &inner.die) &&
            (dwarf_same(&inner, base) || (depth < DEPTH && has_base(&inner.die, base, depth + 1))))
            return true;
    }
    return false;
}

bool dwarf_is_base(const struct dwarf_type *base, const struct dwarf_type *type)
{
    Dwarf_Die die = type->die;
    return dwarf_peel(&die) && has_base(&die, base, 0);
}
#endif
