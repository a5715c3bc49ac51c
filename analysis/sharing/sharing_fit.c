/* SPDX-License-Identifier: MIT
 * Types that fit what was accessed. In a block of one type the fields repeat with its size; an
 * arena may have anything in front of it, so that the type and the place have to be unique. */
#include "analysis/sharing/sharing_fit.h"

#include "analysis/sharing/sharing_frame.h"

#include <stdlib.h>
#include <string.h>

enum { POINTERS = 32, TYPES = 64, STEP = 8, WORD = 8, HEADER = 64, PAGE = 4096 };

/* Calls of the library take addresses of whole objects, memcpy any bytes. */
static bool counts(const struct sharing_sites *sites, size_t i)
{
    return sites->at[i].object == sites->index &&
           !(sites->at[i].kind & (RECORD_RANGE | RECORD_SYNC));
}

static bool has_field(
    struct dwarf *dwarf, const struct dwarf_type *type, uint64_t first, uint64_t size)
{
    struct dwarf_field field[2];
    if (dwarf_fields(dwarf, type, first, size, field, 2) != 1)
        return false;
    const uint64_t end = field[0].first + field[0].size;
    return field[0].partly ? field[0].first <= first && end >= first + size
                           : field[0].first == first && end == first + size;
}

/* Where a type is tried: it begins at `start`, once or again and again to the object's end. */
struct trial {
    const struct dwarf_type *type;
    uint64_t start;
    bool repeats;
};

typedef bool is_match(struct dwarf *, const struct dwarf_type *, uint64_t first, uint64_t size);

/* How many sites access what is of the type; -1: one of them does not match. What lies before
 * `from`, and behind one that does not repeat, is not its. */
static long match_sites(struct dwarf *dwarf, const struct sharing_sites *sites,
    const struct trial *t, uint64_t from, is_match *matches)
{
    const uint64_t size = dwarf_type_size(t->type);
    long matched = 0;
    for (size_t i = 0; i < sites->count; i++) {
        const struct sharing_site *const s = &sites->at[i];
        if (!counts(sites, i) || s->first < from || (!t->repeats && s->first >= t->start + size))
            continue;
        if (!matches(dwarf, t->type, (s->first + size - t->start % size) % size, s->size))
            return -1;
        matched++;
    }
    return matched;
}

/* As has_field, but an access of several fields at once may end anywhere: it begins with one, not
 * in padding and not within a number. */
static bool begins_field(
    struct dwarf *dwarf, const struct dwarf_type *type, uint64_t first, uint64_t size)
{
    struct dwarf_field field[2];
    (void)size;
    return dwarf_fields(dwarf, type, first, 1, field, 2) > 0 &&
           (field[0].partly || field[0].first == first);
}

static bool may_repeat(
    const struct sharing_object *o, const struct dwarf_type *type, uint64_t start)
{
    const uint64_t size = dwarf_type_size(type), room = o->size - start;
    return room >= 2 * size && room % size == 0 && !dwarf_is_open_ended(type);
}

static bool try_told(struct dwarf *dwarf, const struct sharing_sites *sites,
    const struct sharing_object *o, struct trial *t, is_match *matches)
{
    if (t->start % STEP || t->start > HEADER || t->start + dwarf_type_size(t->type) > o->size)
        return false;
    const bool open_ended = dwarf_is_open_ended(t->type);
    t->repeats = open_ended || may_repeat(o, t->type, t->start);
    if (match_sites(dwarf, sites, t, t->start, matches) >= 0 && t->repeats) {
        t->repeats = !open_ended;
        return true;
    }
    t->repeats = false;
    return match_sites(dwarf, sites, t, t->start, matches) >= (matches == has_field);
}

static bool try_wrapped(struct dwarf *dwarf, const struct sharing_sites *sites,
    const struct sharing_object *o, struct trial *t)
{
    const uint64_t rest = o->size % dwarf_type_size(t->type);
    const uint64_t likely[] = {rest, 0, 8, 16, 24, 32, 48, 64}, vague[] = {0, rest};
    for (size_t i = 0; i < sizeof likely / sizeof *likely; i++) {
        t->start = likely[i];
        if (try_told(dwarf, sites, o, t, has_field))
            return true;
    }
    for (size_t i = 0; i < sizeof vague / sizeof *vague; i++) {
        t->start = vague[i];
        if (try_told(dwarf, sites, o, t, begins_field))
            return true;
    }
    return false;
}

bool sharing_fit_start(struct dwarf *dwarf, const struct sharing_sites *sites,
    const struct sharing_object *o, const struct dwarf_type *type, bool wrapped,
    struct sharing_start *out)
{
    const uint64_t rest = o->size % dwarf_type_size(type);
    const bool counted = rest && rest == dwarf_cookie(type);
    struct trial t = {.type = type, .start = counted ? rest : 0};
    bool found = true;
    if (counted || !wrapped) {
        if (!try_told(dwarf, sites, o, &t, begins_field))
            t.repeats = may_repeat(o, type, t.start);
    } else
        found = try_wrapped(dwarf, sites, o, &t);
    *out = (struct sharing_start){t.start, t.repeats};
    return found;
}

/* What the function of a site has pointers to. One without pointers, or of a library, excludes
 * nothing. */
struct reach {
    struct dwarf_pointer pointer[POINTERS];
    size_t count;
};

static bool is_in_library(struct dwarf *dwarf, uint64_t pc)
{
    const struct dwarf_frame frame = sharing_frame(dwarf, pc);
    return sharing_frame_is_library(&frame);
}

static void find_reach(struct dwarf *dwarf, const struct sharing_sites *sites, struct reach *reach)
{
    for (size_t i = 0; i < sites->count; i++) {
        const uint64_t pc = sites->at[i].pc;
        if (!counts(sites, i) || is_in_library(dwarf, pc))
            continue;
        const size_t count = dwarf_pointers(dwarf, pc, reach[i].pointer, POINTERS);
        reach[i].count = count < POINTERS ? count : POINTERS;
    }
}

static bool is_or_has_base(const struct dwarf_type *type, const struct dwarf_type *base)
{
    return dwarf_same(type, base) || dwarf_is_base(base, type);
}

static bool is_reached(const struct reach *r, const struct dwarf_type *type)
{
    bool found = r->count == 0;
    for (size_t i = 0; i < r->count && !found; i++)
        found = is_or_has_base(type, r->pointer[i].type);
    return found;
}

static bool is_reached_by_all(
    const struct sharing_sites *sites, const struct reach *reach, const struct dwarf_type *type)
{
    for (size_t i = 0; i < sites->count; i++)
        if (counts(sites, i) && !is_reached(&reach[i], type))
            return false;
    return true;
}

struct types {
    const struct dwarf_type *at[TYPES];
    size_t count;
};

static void add_type(struct types *types, const struct dwarf_type *type)
{
    for (size_t i = 0; i < types->count; i++)
        if (dwarf_same(types->at[i], type))
            return;
    if (types->count < TYPES)
        types->at[types->count++] = type;
}

/* Classes of the C++ library and closures are what calls are made of, not what a program allocates;
 * nearly all of their bytes have no names. */
static bool is_named(struct dwarf *dwarf, const struct dwarf_type *type)
{
    const char *const name = dwarf_type_name(dwarf, type);
    return name && strncmp(name, "std::", 5) != 0 && strncmp(name, "__gnu_cxx::", 11) != 0;
}

static void find_types(struct dwarf *dwarf, const struct sharing_sites *sites,
    const struct reach *reach, struct types *out)
{
    struct types all = {.count = 0};
    for (size_t i = 0; i < sites->count; i++)
        for (size_t j = 0; j < reach[i].count; j++)
            add_type(&all, reach[i].pointer[j].type);
    out->count = 0;
    for (size_t i = 0; i < all.count; i++)
        if (is_named(dwarf, all.at[i]) && is_reached_by_all(sites, reach, all.at[i]))
            out->at[out->count++] = all.at[i];
}

/* The one that the search has found so far. */
struct found {
    const struct dwarf_type *type;
    uint64_t start;
    bool several;
};

/* A single word fits nearly everywhere, and a class wherever its base class does: a larger type and
 * the derived class say more. */
static void add_found(struct found *f, const struct dwarf_type *type, uint64_t start)
{
    const bool word = dwarf_type_size(type) <= WORD;
    const bool had_word = f->type && dwarf_type_size(f->type) <= WORD;
    if (!f->type || (had_word && !word)) {
        *f = (struct found){type, start, false};
        return;
    }
    if ((word && !had_word) || (f->start == start && is_or_has_base(f->type, type)))
        return;
    f->several |= f->start != start || !dwarf_is_base(f->type, type);
    f->type = type;
}

/* Where elements may begin. The surest first: a block of whole elements, one with something in
 * front of them, and an arena, which ends anywhere. Arenas are not made of what is larger than a
 * page, and to look for a megabyte in one takes minutes. */
static const struct places {
    uint64_t first, last;
    bool whole; /* elements fill the rest of the block */
} places[] = {{0, 0, true}, {STEP, HEADER, true}, {0, PAGE, false}};

static bool is_bytes(const struct sharing_object *o)
{
    return o->kind == OBJECT_MMAP || (o->type && dwarf_type_size(o->type) == 1);
}

/* One that ends in an array of any length fits anything behind its start, so in an arena, where the
 * next one begins is not known. */
static bool may_be_in(const struct dwarf_type *type, const struct sharing_object *o)
{
    return !is_bytes(o) || !dwarf_is_open_ended(type);
}

static void try_starts(struct dwarf *dwarf, const struct sharing_sites *sites,
    const struct sharing_object *o, const struct types *types, const struct places *at,
    struct found *out)
{
    for (size_t i = 0; i < types->count; i++) {
        const uint64_t size = dwarf_type_size(types->at[i]);
        if (!may_be_in(types->at[i], o))
            continue;
        for (uint64_t start = at->first;
             start <= at->last && start + size <= o->size && (at->whole || start < size);
             start += STEP)
            if ((!at->whole || (o->size - start) % size <= o->slack) &&
                match_sites(
                    dwarf, sites, &(struct trial){types->at[i], start, true}, 0, has_field) >= 0)
                add_found(out, types->at[i], start);
    }
}

const struct dwarf_type *sharing_fit_type(struct dwarf *dwarf, const struct sharing_sites *sites,
    const struct sharing_object *o, uint64_t *start)
{
    struct reach *const reach = calloc(sites->count + 1, sizeof *reach);
    struct types types = {.count = 0};
    struct found found = {.type = NULL};
    if (!reach)
        return NULL;
    find_reach(dwarf, sites, reach);
    find_types(dwarf, sites, reach, &types);
    for (size_t i = is_bytes(o) ? 2 : 0; i < sizeof places / sizeof *places && !found.type; i++)
        try_starts(dwarf, sites, o, &types, &places[i], &found);
    free(reach);
    *start = found.start;
    return found.several ? NULL : found.type;
}
