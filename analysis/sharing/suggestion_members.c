/* SPDX-License-Identifier: MIT
 * Members apart, by which threads use them. */
#include "analysis/sharing/suggestion_members.h"

#include "analysis/sharing/conflict.h"
#include "analysis/sharing/suggestion_words.h"
#include "base/text.h"

#include <string.h>

#define APPEND(out, ...) text_append((out)->text, sizeof(out)->text, __VA_ARGS__)

/* The only thread that uses the part, where it writes others that only it uses; 0: none. */
static uint64_t owner_of(const struct sharing *s, const struct sharing_field *part)
{
    const uint64_t user = part->readers | part->writers;
    for (size_t i = 0; (user & (user - 1)) == 0 && i < s->parts; i++)
        if (s->part[i].writers && (s->part[i].readers | s->part[i].writers) == user)
            return user;
    return 0;
}

bool parts_stay_together(
    const struct sharing *s, const struct sharing_field *a, const struct sharing_field *b)
{
    const uint64_t users = a->readers | a->writers;
    if (a->writers == 0 && b->writers == 0)
        return owner_of(s, a) == owner_of(s, b);
    return users == (b->readers | b->writers) &&
           ((users & (users - 1)) == 0 || a->writers == b->writers);
}

static const char *field_member(const struct sharing_field *f)
{
    if (f->name[0] != '[')
        return f->name;
    const char *const dot = strchr(f->name, '.');
    return dot ? dot + 1 : f->name;
}

/* Counts the stretches in which parts that stay together lie, and their kinds. */
static void count_runs(const struct sharing *s, size_t *runs, size_t *kinds)
{
    *runs = *kinds = 0;
    for (size_t i = 0; i < s->parts; i++) {
        bool new_kind = true;
        *runs += i == 0 || !parts_stay_together(s, &s->part[i - 1], &s->part[i]);
        for (size_t j = 0; j < i && new_kind; j++)
            new_kind = !parts_stay_together(s, &s->part[j], &s->part[i]);
        *kinds += new_kind;
    }
}

/* Where a member is declared: a base class, or the type, of an array its element's. */
static const char *class_of(const struct sharing *s, const struct sharing_field *f)
{
    const struct sharing_object *const o = &s->object[f->object];
    if (f->class || !o->type || f->name[0] != '[')
        return f->class ? f->class : o->type_name;
    const char *const element = dwarf_type_name(s->dwarf, dwarf_element(s->dwarf, o->type));
    return element ? element : o->type_name;
}

static double conflict_with(
    const struct sharing *s, const struct conflicts *c, size_t from, size_t part)
{
    double sum = 0;
    for (size_t i = from; i < part; i++)
        if (!parts_stay_together(s, &s->part[i], &s->part[part]))
            sum += conflict_between(c, i, part);
    return sum;
}

/* Which parts begin a line of their own: those that take it from the parts before them, unless that
 * is too rare to be worth it. */
static uint64_t find_cuts(const struct sharing *s)
{
    enum { WORTH = 20 }; /* a twentieth of all */
    struct conflicts c;
    double all = 0;
    uint64_t cuts = 0, any = 0;
    conflicts_find(s, &c);
    for (size_t i = 1; i < s->parts; i++)
        all += conflict_with(s, &c, 0, i);
    for (size_t i = 1, from = 0; i < s->parts; i++) {
        if (parts_stay_together(s, &s->part[i - 1], &s->part[i]))
            continue;
        any |= 1ull << i;
        if (WORTH * conflict_with(s, &c, from, i) < all)
            continue;
        cuts |= 1ull << i;
        from = i;
    }
    return cuts ? cuts : any;
}

/* The members from the part `first` on up to the next that begins a line. */
static void name_group(const struct sharing *s, uint64_t cuts, size_t first, char *out, size_t size)
{
    text_append(out, size, "%s", field_member(&s->part[first]));
    for (size_t i = first + 1; i < s->parts && !(cuts >> i & 1); i++)
        if (strcmp(field_member(&s->part[i]), field_member(&s->part[i - 1])) != 0)
            text_append(out, size, " with %s", field_member(&s->part[i]));
}

static void align_members(const struct sharing *s, unsigned line, struct suggestion *out)
{
    char names[sizeof out->text] = "";
    const char *class = NULL;
    const uint64_t cuts = find_cuts(s);
    const struct suggestion_words *const words = suggestion_words_of(s);
    out->what = SUGGEST_ALIGN;
    for (size_t i = 1; i < s->parts; i++) {
        if (!(cuts >> i & 1))
            continue;
        const char *const own = class_of(s, &s->part[i]);
        if (class && *class && strcmp(class, own) != 0)
            text_append(names, sizeof names, "%s%s", words->member_of, class);
        text_append(names, sizeof names, "%s", class ? " and " : "");
        name_group(s, words->whole_groups ? cuts : UINT64_MAX, i, names, sizeof names);
        class = own;
    }
    if (class && *class)
        text_append(names, sizeof names, "%s%s", words->member_of, class);
    suggestion_put(out, words->members, &(struct suggestion_values){.line = line, .names = names});
}

/* Fields of several threads lie in turn. */
static void move_members(const struct sharing *s, unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_MOVE;
    for (size_t i = 0, said = 0; i < s->parts; i++) {
        bool first = true;
        for (size_t j = 0; j < i && first; j++)
            first = !parts_stay_together(s, &s->part[j], &s->part[i]);
        if (!first)
            continue;
        APPEND(out, "%s%s", said++ ? "; then " : "keep together ", field_member(&s->part[i]));
        for (size_t j = i + 1; j < s->parts; j++)
            if (parts_stay_together(s, &s->part[i], &s->part[j]))
                APPEND(out, ", %s", field_member(&s->part[j]));
    }
    suggestion_put(out, suggestion_words_of(s)->groups, &(struct suggestion_values){.line = line});
}

/* A range is a plural: "byte 8-15" is its name, too. */
static void append_bytes(const char *name, struct suggestion *out)
{
    static const char one[] = "byte ";
    const bool is_range = strncmp(name, one, strlen(one)) == 0 && strchr(name, '-');
    APPEND(out, "%s%s", is_range ? "bytes " : "", is_range ? name + strlen(one) : name);
}

static void apart_bytes(const struct sharing *s, unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_MOVE;
    APPEND(out, "keep ");
    for (size_t i = 0, said = 0; i < s->parts; i++)
        if (i == 0 || !parts_stay_together(s, &s->part[i - 1], &s->part[i])) {
            APPEND(out, "%s", said++ ? " and " : "");
            append_bytes(s->part[i].name, out);
        }
    APPEND(out, " at least %u bytes apart", line);
}

/* A block of at least a page, of which many parts have no name: a pool deals it out. */
static bool is_dealt_out(const struct sharing *s, size_t runs)
{
    enum { MANY = 4, PAGE = 4096 };
    const struct sharing_object *const o = &s->object[s->part[0].object];
    return o->kind == OBJECT_HEAP && o->size >= PAGE && runs > MANY;
}

static void round_pieces(unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_SEPARATE;
    APPEND(out,
        "what is dealt out of this block is closer than a line: round the size of each piece up to "
        "a multiple of %u bytes; NUMAPROBE_ALLOC gives the pieces names here",
        line);
}

static bool has_unknown(const struct sharing *s)
{
    for (size_t i = 0; i < s->parts; i++)
        if (!s->part[i].known)
            return true;
    return false;
}

void suggestion_members(const struct sharing *s, unsigned line, struct suggestion *out)
{
    size_t runs, kinds;
    count_runs(s, &runs, &kinds);
    if (has_unknown(s) && is_dealt_out(s, runs))
        round_pieces(line, out);
    else if (has_unknown(s))
        apart_bytes(s, line, out);
    else if (kinds == 1)
        APPEND(out,
            "the same threads use all of it: only fewer accesses help (a copy for each thread)");
    else if (kinds == runs)
        align_members(s, line, out);
    else
        move_members(s, line, out);
}
