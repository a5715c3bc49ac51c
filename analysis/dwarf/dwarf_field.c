/* SPDX-License-Identifier: MIT
 * The fields of a type within a window of its bytes, by libdw. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH = 16 };

struct walk {
    struct dwarf *dwarf;
    uint64_t first, end; /* the window */
    struct dwarf_field *field;
    size_t count, max;
};

struct spot {
    char path[96];
    uint64_t at, size; /* of what is looked at, from the start of the outermost type */
    bool member, partly;
    bool wrapper; /* of Rust: it is looked into as if it were what it wraps */
    unsigned depth;
    const char *hidden;            /* the last name that was left out of the path */
    const struct dwarf_type *base; /* the base class whose part it is */
};

static bool is_outside(const struct walk *walk, uint64_t at, uint64_t size)
{
    return at >= walk->end || at + size <= walk->first;
}

static void add_spot(struct walk *walk, const struct spot *spot)
{
    if (walk->count == walk->max || spot->size == 0 || is_outside(walk, spot->at, spot->size))
        return;
    struct dwarf_field *const field = &walk->field[walk->count++];
    *field = (struct dwarf_field){.first = spot->at,
        .size = spot->size,
        .member = spot->member,
        .base = spot->base,
        .partly = spot->partly};
    snprintf(field->path, sizeof field->path, "%s",
        spot->path[0] || !spot->hidden ? spot->path : spot->hidden);
}

/* Is every part of the type, those of its bases too, the implementation's? */
static bool is_closed(Dwarf_Die *type, unsigned depth)
{
    Dwarf_Die part, base;
    bool any = false;
    for (int more = dwarf_child(type, &part); more == 0; more = dwarf_siblingof(&part, &part)) {
        if (!dwarf_is_part(&part))
            continue;
        any = true;
        if (dwarf_tag(&part) == DW_TAG_inheritance) {
            if (depth > DEPTH || !dwarf_type_of(&part, &base) ||
                (!is_closed(&base, depth + 1) && dwarf_haschildren(&base) > 0))
                return false;
        } else if (!dwarf_is_reserved(dwarf_diename(&part))) {
            return false;
        }
    }
    return any;
}

static void append_name(struct spot *spot, const char *name)
{
    text_append_item(spot->path, sizeof spot->path, ".", "%s", name);
}

/* The bits of a bit-field, as DWARF 4 and 5 (data_bit_offset) and gcc's DWARF 4 (bit_offset, from
 * the storage unit's most significant end on little-endian machines) describe them. */
static bool bits_of(Dwarf_Die *part, uint64_t at, uint64_t *first_bit, uint64_t *bits)
{
    Dwarf_Die type;
    *bits = dwarf_number(part, DW_AT_bit_size, 0);
    if (*bits == 0)
        return false;
    const uint64_t from_start = dwarf_number(part, DW_AT_data_bit_offset, UINT64_MAX);
    if (from_start != UINT64_MAX) {
        *first_bit = from_start;
        return true;
    }
    uint64_t storage = dwarf_number(part, DW_AT_byte_size, 0);
    if (storage == 0 && dwarf_type_of(part, &type))
        storage = dwarf_size(&type);
    *first_bit = 8 * at + 8 * storage - dwarf_number(part, DW_AT_bit_offset, 0) - *bits;
    return storage > 0;
}

/* Bit-fields that share a byte are one field: that byte is what is loaded and stored. */
static bool join_bits(struct walk *walk, const struct spot *spot, bool follows)
{
    struct dwarf_field *const last = walk->count ? &walk->field[walk->count - 1] : NULL;
    if (!follows || !last || spot->at >= last->first + last->size)
        return false;
    const uint64_t end = spot->at + spot->size;
    const char *const name = strrchr(spot->path, '.') ? strrchr(spot->path, '.') + 1 : spot->path;
    if (end > last->first + last->size)
        last->size = end - last->first;
    char *const open = strchr(last->path, '{');
    if (!open) {
        char *const own = strrchr(last->path, '.') ? strrchr(last->path, '.') + 1 : last->path;
        char text[96];
        snprintf(text, sizeof text, "%s", own);
        snprintf(own, sizeof last->path - (size_t)(own - last->path), "{%s, %s}", text, name);
        return true;
    }
    const size_t length = strlen(last->path);
    if (length > 0 && last->path[length - 1] == '}' &&
        length + strlen(name) + 3 < sizeof last->path)
        snprintf(last->path + length - 1, sizeof last->path - length + 1, ", %.80s}", name);
    return true;
}

static void visit_type(struct walk *walk, Dwarf_Die *type, const struct spot *spot);

/* The counts of an Arc are named in it, what they count is not. */
static bool is_hidden(const char *name, bool rust, bool wrapper)
{
    if (rust)
        return wrapper && strcmp(name, "strong") != 0 && strcmp(name, "weak") != 0;
    return dwarf_is_reserved(name);
}

static void name_member(struct spot *spot, Dwarf_Die *part, bool wrapper)
{
    const bool rust = dwarf_is_rust(part);
    const char *const given = dwarf_diename(part);
    const char *const name = rust ? dwarf_rust_member(given) : given;
    spot->hidden = name && is_hidden(name, rust, wrapper) ? name : NULL;
    if (name && !spot->hidden)
        append_name(spot, strncmp(name, "_vptr", 5) == 0 ? "vptr" : name);
}

/* The T of an Arc<T>: its members are declared there. */
static bool is_plain_in_wrapper(const struct spot *whole, Dwarf_Die *type)
{
    return whole->wrapper && dwarf_is_record(type) && dwarf_rust_kind(type, true) == RUST_PLAIN;
}

static void visit_part(struct walk *walk, Dwarf_Die *part, const struct spot *whole, bool *bits)
{
    struct spot spot = *whole;
    Dwarf_Die type;
    uint64_t first_bit, bit_count;
    const uint64_t at = dwarf_number(part, DW_AT_data_member_location, 0);
    if (dwarf_tag(part) == DW_TAG_member) {
        spot.member = true;
        name_member(&spot, part, whole->wrapper);
    }
    if (bits_of(part, at, &first_bit, &bit_count)) {
        spot.at = whole->at + first_bit / 8;
        spot.size = (first_bit % 8 + bit_count + 7) / 8;
        spot.partly = true;
        if (!join_bits(walk, &spot, *bits))
            add_spot(walk, &spot);
        *bits = true;
        return;
    }
    *bits = false;
    spot.at = whole->at + at;
    if (!dwarf_type_of(part, &type))
        return;
    const bool inherited = dwarf_tag(part) == DW_TAG_inheritance && !spot.path[0];
    if ((inherited || is_plain_in_wrapper(whole, &type)) && walk->dwarf)
        spot.base = dwarf_type_store(walk->dwarf, &type);
    visit_type(walk, &type, &spot);
}

/* The members of a union lie on the same bytes: all are named. */
static void visit_union(struct walk *walk, Dwarf_Die *type, const struct spot *whole)
{
    char names[64] = "";
    Dwarf_Die part;
    size_t members = 0;
    for (int more = dwarf_child(type, &part); more == 0; more = dwarf_siblingof(&part, &part)) {
        const char *const name = dwarf_is_part(&part) ? dwarf_diename(&part) : NULL;
        if (name && ++members && strlen(names) + strlen(name) + 2 < sizeof names)
            text_append_item(names, sizeof names, "|", "%s", name);
    }
    struct spot spot = *whole;
    spot.size = dwarf_size(type);
    spot.member = spot.partly = true;
    append_name(&spot, names);
    if (members)
        add_spot(walk, &spot);
}

/* An anonymous union often contains a struct and the same bytes under another name: a single struct
 * member names them best. Otherwise all members are named. */
static bool visit_record_of_union(struct walk *walk, Dwarf_Die *type, const struct spot *whole)
{
    Dwarf_Die part, inner, found;
    size_t records = 0;
    for (int more = dwarf_child(type, &part); more == 0; more = dwarf_siblingof(&part, &part))
        if (dwarf_is_part(&part) && dwarf_type_of(&part, &inner) && dwarf_is_record(&inner) &&
            records++ == 0)
            found = part;
    bool bits = false;
    if (records == 1)
        visit_part(walk, &found, whole, &bits);
    return records == 1;
}

static void visit_array(struct walk *walk, Dwarf_Die *type, const struct spot *whole)
{
    Dwarf_Die element;
    Dwarf_Word total;
    const uint64_t size = dwarf_type_of(type, &element) ? dwarf_size(&element) : 0;
    if (size == 0)
        return;
    if (dwarf_aggregate_size(type, &total) != 0)
        total = walk->end > whole->at ? walk->end - whole->at : 0; /* a flexible member */
    struct spot spot = *whole;
    /* Text and buffers: an index for each byte is of no use. */
    if (size == 1 && dwarf_tag(&element) == DW_TAG_base_type) {
        spot.size = total;
        spot.partly = true;
        add_spot(walk, &spot);
        return;
    }
    const uint64_t skip = walk->first > whole->at ? (walk->first - whole->at) / size : 0;
    const uint64_t inner = dwarf_inner_count(type);
    for (uint64_t i = skip; i * size < total && walk->count < walk->max; i++) {
        spot = *whole;
        spot.at = whole->at + i * size;
        if (spot.at >= walk->end)
            return;
        if (inner > 1)
            text_append(
                spot.path, sizeof spot.path, "[%" PRIu64 "][%" PRIu64 "]", i / inner, i % inner);
        else
            text_append(spot.path, sizeof spot.path, "[%" PRIu64 "]", i);
        visit_type(walk, &element, &spot);
    }
}

static void visit_record(struct walk *walk, Dwarf_Die *type, const struct spot *whole)
{
    Dwarf_Die part;
    bool bits = false;
    for (int more = dwarf_child(type, &part); more == 0; more = dwarf_siblingof(&part, &part))
        if (dwarf_is_part(&part))
            visit_part(walk, &part, whole, &bits);
}

/* Adds what is one thing in Rust; else notes whether the type only wraps another. */
static bool visit_rust_whole(struct walk *walk, Dwarf_Die *type, struct spot *spot)
{
    const enum dwarf_rust_kind kind = dwarf_rust_kind(type, !spot->path[0] && !spot->wrapper);
    spot->wrapper = kind == RUST_WRAPPER;
    if (kind != RUST_WHOLE)
        return false;
    spot->partly = spot->size > sizeof(uint64_t);
    add_spot(walk, spot);
    return true;
}

static void visit_type(struct walk *walk, Dwarf_Die *type, const struct spot *where)
{
    struct spot spot = *where;
    Dwarf_Word size = 0; /* stays 0 of a flexible array */
    spot.depth++;
    if (spot.depth > DEPTH || (dwarf_aggregate_size(type, &size) == 0 &&
                                  is_outside(walk, spot.at, size) && !dwarf_is_open(type)))
        return;
    spot.size = size;
    const bool rust = dwarf_is_rust(type);
    if (rust && visit_rust_whole(walk, type, &spot))
        return;
    if (!rust && dwarf_unwrap_storage(type)) {
        size = spot.size = dwarf_size(type);
        spot.hidden = "value";
    }
    dwarf_unwrap(type);
    const int tag = dwarf_tag(type);
    if (tag == DW_TAG_array_type)
        visit_array(walk, type, &spot);
    else if (!dwarf_is_record(type) || dwarf_go_is_one(type) ||
             (!rust && (spot.path[0] || tag == DW_TAG_union_type) && is_closed(type, 0))) {
        spot.partly = size > sizeof(uint64_t); /* a std::atomic is accessed as a whole */
        add_spot(walk, &spot);
    } else if (tag != DW_TAG_union_type)
        visit_record(walk, type, &spot);
    else if (!visit_record_of_union(walk, type, &spot))
        visit_union(walk, type, &spot);
}

size_t dwarf_fields(struct dwarf *dwarf, const struct dwarf_type *type, uint64_t first,
    uint64_t size, struct dwarf_field *field, size_t max)
{
    struct walk walk = {
        .dwarf = dwarf, .first = first, .end = first + size, .field = field, .max = max};
    Dwarf_Die die = type->die;
    const struct spot spot = {.depth = 0};
    if (dwarf_peel(&die))
        visit_type(&walk, &die, &spot);
    return walk.count;
}
#endif
