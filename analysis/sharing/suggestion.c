/* SPDX-License-Identifier: MIT
 * Suggestions: parts that the same threads use may stay together, others go to separate lines.
 */
#include "analysis/sharing/suggestion.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
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

/* Parts that one thread alone uses, that are only read, or that the same threads write and read.
 * What a thread reads alone belongs to what it writes, not to what others read. */
static bool stay_together(
    const struct sharing *s, const struct sharing_field *a, const struct sharing_field *b)
{
    const uint64_t users = a->readers | a->writers;
    if (a->writers == 0 && b->writers == 0)
        return owner_of(s, a) == owner_of(s, b);
    return users == (b->readers | b->writers) &&
           ((users & (users - 1)) == 0 || a->writers == b->writers);
}

static bool same_instance(const struct sharing_field *a, const struct sharing_field *b)
{
    return a->object == b->object && a->instance == b->instance;
}

static const char *field_member(const struct sharing_field *f)
{
    if (f->name[0] != '[')
        return f->name;
    const char *const dot = strchr(f->name, '.');
    return dot ? dot + 1 : f->name;
}

static uint64_t whole_lines(uint64_t size, unsigned line)
{
    return (size + line - 1) / line * line;
}

static const char *type_or(const struct sharing_object *o, const char *otherwise)
{
    return o->type_name[0] ? o->type_name : otherwise;
}

/* Where two names differ in an index: "worker[2].tasks" and "worker[3].steps". */
struct difference {
    size_t prefix; /* bytes before the '[' */
    long a, b;     /* the indices */
    bool same_rest;
};

static bool find_difference(const char *a, const char *b, struct difference *out)
{
    size_t at = 0, open = 0;
    bool inside = false;
    for (; a[at] && a[at] == b[at]; at++) {
        inside = a[at] == '[' || (inside && a[at] != ']');
        open = a[at] == '[' ? at : open;
    }
    if (!inside)
        return false;
    char *rest_a, *rest_b;
    *out = (struct difference){.prefix = open};
    out->a = strtol(a + open + 1, &rest_a, 10);
    out->b = strtol(b + open + 1, &rest_b, 10);
    out->same_rest = strcmp(rest_a, rest_b) == 0;
    return true;
}

/* An array whose elements different threads use. */
struct elements {
    const struct sharing_field *part; /* one of them */
    size_t prefix;
    uint64_t stride; /* 0: not known */
};

static bool find_elements(const struct sharing *s, struct elements *out)
{
    *out = (struct elements){.part = NULL};
    for (size_t i = 0; i < s->parts; i++)
        for (size_t j = i + 1; j < s->parts; j++) {
            const struct sharing_field *const a = &s->part[i], *const b = &s->part[j];
            struct difference d;
            if (!find_difference(a->name, b->name, &d))
                continue;
            if (!stay_together(s, a, b) && !out->part)
                *out = (struct elements){.part = a, .prefix = d.prefix};
            if (d.same_rest && out->part && d.prefix == out->prefix)
                out->stride = (b->first - a->first) / (uint64_t)(d.b - d.a);
        }
    return out->part != NULL;
}

static uint64_t stride_of(const struct sharing_object *o)
{
    if (!o->type)
        return 0;
    return o->array ? dwarf_type_size(o->type) : dwarf_stride(o->type);
}

/* The name of an element's type where the array is the whole object. */
static void element_name(const struct sharing *s, const struct elements *e, char *out, size_t size)
{
    const struct sharing_object *const o = &s->object[e->part->object];
    const char *name = NULL;
    if (e->prefix == 0 && o->type)
        name = dwarf_type_name(s->dwarf, o->array ? o->type : dwarf_element(s->dwarf, o->type));
    if (name)
        snprintf(out, size, "%s", name);
    else
        snprintf(
            out, size, "each element of %.*s", (int)e->prefix, e->prefix ? e->part->name : "it");
    if (!name && !e->prefix)
        snprintf(out, size, "each element of %.80s", o->name[0] ? o->name : "the array");
}

static bool is_record_part(const struct elements *e)
{
    const char *const close = strchr(e->part->name + e->prefix, ']');
    return close && strchr(close, '.');
}

static void fill_lines(const struct sharing *s, const struct elements *e, const char *element,
    unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_ALIGN;
    if (s->object[e->part->object].kind == OBJECT_HEAP)
        APPEND(out, "allocate the array with aligned_alloc(%u, ...)", line);
    else
        APPEND(out, "put alignas(%u) before the array", line);
    APPEND(out, ": %s fills whole lines, but does not begin with one", element);
}

static void pad_elements(
    const struct sharing *s, struct elements *e, unsigned line, struct suggestion *out)
{
    const struct sharing_object *const o = &s->object[e->part->object];
    char element[160];
    if (!e->stride && e->prefix == 0)
        e->stride = stride_of(o);
    const uint64_t padded = whole_lines(e->stride ? e->stride : 1, line);
    element_name(s, e, element, sizeof element);
    if (padded == e->stride) {
        fill_lines(s, e, element, line, out);
        return;
    }
    out->what = SUGGEST_PAD;
    out->bytes = (unsigned)padded;
    APPEND(out, "pad %s", element);
    if (e->stride)
        APPEND(out, " from %llu to %llu bytes", (unsigned long long)e->stride,
            (unsigned long long)padded);
    else
        APPEND(out, " to whole lines");
    if (is_record_part(e))
        APPEND(out, ": alignas(%u) before its first member", line);
    else
        APPEND(out, ": an array of struct { alignas(%u) ... value; }", line);
    if (o->kind == OBJECT_HEAP)
        APPEND(out, ", allocated so (aligned_alloc; C++17's new does so)");
}

static bool is_listed(const struct sharing *s, size_t part)
{
    for (size_t i = 0; i < part; i++)
        if (s->part[i].object == s->part[part].object)
            return true;
    return false;
}

/* Variables next to each other. */
static void align_variables(const struct sharing *s, unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_ALIGN;
    APPEND(out, "put alignas(%u) before ", line);
    for (size_t i = 0, said = 0; i < s->parts; i++) {
        const struct sharing_object *const o = &s->object[s->part[i].object];
        if (!is_listed(s, i))
            APPEND(out, "%s%s", said++ ? " and " : "", o->name[0] ? o->name : "what has no name");
    }
    APPEND(out, ", or keep what one thread uses in a separate struct");
}

static void allocate_apart(const struct sharing *s, unsigned line, struct suggestion *out)
{
    const struct sharing_object *const o = &s->object[s->part[0].object];
    out->what = SUGGEST_SEPARATE;
    out->bytes = (unsigned)whole_lines(o->size ? o->size : 1, line);
    APPEND(out, "allocate each %s separately on whole lines: aligned_alloc(%u, %u)",
        type_or(o, "block"), line, out->bytes);
    if (o->type)
        APPEND(out, "; in C++, alignas(%u) on the type", line);
}

/* Counts the stretches in which parts that stay together lie, and their kinds. */
static void count_runs(const struct sharing *s, size_t *runs, size_t *kinds)
{
    *runs = *kinds = 0;
    for (size_t i = 0; i < s->parts; i++) {
        bool new_kind = true;
        *runs += i == 0 || !stay_together(s, &s->part[i - 1], &s->part[i]);
        for (size_t j = 0; j < i && new_kind; j++)
            new_kind = !stay_together(s, &s->part[j], &s->part[i]);
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

static void align_members(const struct sharing *s, unsigned line, struct suggestion *out)
{
    const char *class = NULL;
    out->what = SUGGEST_ALIGN;
    APPEND(out, "put alignas(%u) before ", line);
    for (size_t i = 1; i < s->parts; i++) {
        const struct sharing_field *const f = &s->part[i];
        if (stay_together(s, &s->part[i - 1], f))
            continue;
        const char *const own = class_of(s, f);
        if (class && *class && strcmp(class, own) != 0)
            APPEND(out, " in %s", class);
        APPEND(out, "%s%s", class ? " and " : "", field_member(f));
        class = own;
    }
    APPEND(out, class && *class ? " in %s" : "%s", class ? class : "");
}

/* Fields of several threads lie in turn. */
static void move_members(const struct sharing *s, unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_MOVE;
    for (size_t i = 0, said = 0; i < s->parts; i++) {
        bool first = true;
        for (size_t j = 0; j < i && first; j++)
            first = !stay_together(s, &s->part[j], &s->part[i]);
        if (!first)
            continue;
        APPEND(out, "%s%s", said++ ? "; then " : "keep together ", field_member(&s->part[i]));
        for (size_t j = i + 1; j < s->parts; j++)
            if (stay_together(s, &s->part[i], &s->part[j]))
                APPEND(out, ", %s", field_member(&s->part[j]));
    }
    APPEND(out, "; each group behind an alignas(%u)", line);
}

static void apart_bytes(const struct sharing *s, unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_MOVE;
    APPEND(out, "keep ");
    for (size_t i = 0, said = 0; i < s->parts; i++)
        if (i == 0 || !stay_together(s, &s->part[i - 1], &s->part[i]))
            APPEND(out, "%s%s", said++ ? " and " : "", s->part[i].name);
    APPEND(out, " at least %u bytes apart", line);
}

static bool is_library_name(const char *name)
{
    return name[0] == '_' && (name[1] == '_' || (name[1] >= 'A' && name[1] <= 'Z'));
}

struct traits {
    bool several; /* instances */
    bool unknown; /* some of them */
    bool library; /* some of it is, for example a reference count next to a make_shared object */
};

static struct traits traits_of(const struct sharing *s)
{
    struct traits t = {false, false, false};
    for (size_t i = 0; i < s->parts; i++) {
        t.several |= !same_instance(&s->part[0], &s->part[i]);
        t.unknown |= !s->part[i].known;
        t.library |= s->part[i].known && is_library_name(s->part[i].name);
    }
    return t;
}

static void keep_off_library(unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_ALIGN;
    APPEND(out,
        "part of it is the library's own (a reference count, a lock): alignas(%u) on your type "
        "in it keeps it on separate lines",
        line);
}

static void within_one(
    const struct sharing *s, struct traits traits, unsigned line, struct suggestion *out)
{
    struct elements elements;
    size_t runs, kinds;
    count_runs(s, &runs, &kinds);
    if (traits.library)
        keep_off_library(line, out);
    else if (find_elements(s, &elements))
        pad_elements(s, &elements, line, out);
    else if (traits.unknown)
        apart_bytes(s, line, out);
    else if (kinds == 1)
        APPEND(out,
            "the same threads use all of it: only fewer accesses help (a copy for each thread)");
    else if (kinds == runs)
        align_members(s, line, out);
    else
        move_members(s, line, out);
}

void suggestion_make(const struct sharing *s, unsigned line_bytes, struct suggestion *out)
{
    const unsigned line = s->latent == LATENT_WIDE ? s->line_bytes : line_bytes;
    const struct traits traits = traits_of(s);
    *out = (struct suggestion){.what = SUGGEST_NONE, .bytes = line};
    if (s->kind == SHARING_TRUE)
        APPEND(out,
            "the threads use the same bytes: no layout helps, only fewer accesses (a copy for "
            "each thread, batches)");
    else if (s->parts == 0)
        APPEND(out, "nothing is known of what lies there");
    else if (!traits.several)
        within_one(s, traits, line, out);
    else if (s->object[s->part[0].object].kind == OBJECT_HEAP)
        allocate_apart(s, line, out);
    else
        align_variables(s, line, out);
    if (out->what == SUGGEST_NONE)
        out->bytes = 0;
}
