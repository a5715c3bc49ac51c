/* SPDX-License-Identifier: MIT
 * Suggestions: parts that the same threads use may stay together, others go to lines of their own.
 */
#include "analysis/suggestion.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(struct suggestion *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void say(struct suggestion *out, const char *format, ...)
{
    const size_t length = strlen(out->text);
    va_list list;
    va_start(list, format);
    vsnprintf(out->text + length, sizeof out->text - length, format, list);
    va_end(list);
}

/* What is only read can lie with anything that is only read, whoever reads it. */
static bool stay_together(const struct sharing_field *a, const struct sharing_field *b)
{
    if (a->writers == 0 && b->writers == 0)
        return true;
    return (a->readers | a->writers) == (b->readers | b->writers) &&
           (a->writers == 0) == (b->writers == 0);
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

/* Element of an array, by the part's place in it; 0 when the object is none. */
static uint64_t stride_of(const struct sharing_object *o)
{
    if (!o->type)
        return 0;
    return o->array ? dwarf_type_size(o->type) : dwarf_stride(o->type);
}

/* Is it the elements of an array that different threads use? */
static bool elements_apart(const struct sharing *s, uint64_t stride)
{
    bool apart = false;
    for (size_t i = 1; stride && i < s->parts; i++) {
        const struct sharing_field *const a = &s->part[i - 1], *const b = &s->part[i];
        if (a->object != s->part[0].object || !same_instance(a, b))
            return false;
        if (a->first / stride != b->first / stride)
            apart |= !stay_together(a, b);
    }
    return apart;
}

static void element_name(
    struct dwarf *dwarf, const struct sharing_object *o, char *out, size_t size)
{
    const struct dwarf_type *const type = o->array ? o->type : dwarf_element(dwarf, o->type);
    const char *const name = dwarf_type_name(dwarf, type);
    snprintf(out, size, "%s", name ? name : "element");
}

static void pad_elements(
    const struct sharing *s, uint64_t stride, unsigned line, struct suggestion *out)
{
    const struct sharing_object *const o = &s->object[s->part[0].object];
    const uint64_t padded = whole_lines(stride, line);
    char element[128];
    element_name(s->dwarf, o, element, sizeof element);
    out->what = SUGGEST_PAD;
    out->bytes = (unsigned)padded;
    if (padded == stride) {
        out->what = SUGGEST_ALIGN;
        out->bytes = line;
        say(out,
            o->kind == OBJECT_HEAP ? "allocate the array with aligned_alloc(%u, ...)"
                                   : "put alignas(%u) before the array",
            line);
        say(out, ": each %s fills whole lines, but does not begin with one", element);
    } else if (s->part[0].member) {
        say(out, "pad %s from %llu to %llu bytes: alignas(%u) before its first member", element,
            (unsigned long long)stride, (unsigned long long)padded, line);
        if (o->kind == OBJECT_HEAP)
            say(out, ", and allocate with aligned_alloc(%u, ...)", line);
    } else {
        say(out,
            "give each element (%llu bytes) lines of its own: an array of struct { alignas(%u) "
            "%s value; }",
            (unsigned long long)stride, line, element);
    }
}

static bool is_listed(const struct sharing *s, size_t part)
{
    for (size_t i = 0; i < part; i++)
        if (s->part[i].object == s->part[part].object)
            return true;
    return false;
}

/* Variables side by side. */
static void align_variables(const struct sharing *s, unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_ALIGN;
    out->bytes = line;
    say(out, "put alignas(%u) before ", line);
    for (size_t i = 0, said = 0; i < s->parts; i++) {
        const struct sharing_object *const o = &s->object[s->part[i].object];
        if (!is_listed(s, i))
            say(out, "%s%s", said++ ? " and " : "", o->name[0] ? o->name : "what has no name");
    }
    say(out, ", or keep what one thread uses in a struct of its own");
}

static void allocate_apart(const struct sharing *s, unsigned line, struct suggestion *out)
{
    const struct sharing_object *const o = &s->object[s->part[0].object];
    out->what = SUGGEST_SEPARATE;
    out->bytes = (unsigned)whole_lines(o->size ? o->size : 1, line);
    say(out, "allocate each %s by itself on whole lines: aligned_alloc(%u, %u)",
        type_or(o, "block"), line, out->bytes);
    if (o->type)
        say(out, "; in C++, alignas(%u) on the type", line);
}

static bool several_instances(const struct sharing *s)
{
    for (size_t i = 1; i < s->parts; i++)
        if (!same_instance(&s->part[0], &s->part[i]))
            return true;
    return false;
}

/* In how many stretches the parts lie that stay together, and how many kinds there are. */
static void count_runs(const struct sharing *s, size_t *runs, size_t *kinds)
{
    *runs = *kinds = 0;
    for (size_t i = 0; i < s->parts; i++) {
        bool new_kind = true;
        *runs += i == 0 || !stay_together(&s->part[i - 1], &s->part[i]);
        for (size_t j = 0; j < i && new_kind; j++)
            new_kind = !stay_together(&s->part[j], &s->part[i]);
        *kinds += new_kind;
    }
}

static void align_members(const struct sharing *s, unsigned line, struct suggestion *out)
{
    const struct sharing_object *const o = &s->object[s->part[0].object];
    out->what = SUGGEST_ALIGN;
    out->bytes = line;
    say(out, "put alignas(%u) before ", line);
    for (size_t i = 1, said = 0; i < s->parts; i++)
        if (!stay_together(&s->part[i - 1], &s->part[i]))
            say(out, "%s%s", said++ ? " and " : "", field_member(&s->part[i]));
    say(out, o->type_name[0] ? " in %s" : "%s", o->type_name);
}

/* Fields of several threads lie in turn. */
static void move_members(const struct sharing *s, unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_MOVE;
    out->bytes = line;
    for (size_t i = 0, said = 0; i < s->parts; i++) {
        bool first = true;
        for (size_t j = 0; j < i && first; j++)
            first = !stay_together(&s->part[j], &s->part[i]);
        if (!first)
            continue;
        say(out, "%s%s", said++ ? "; then " : "keep together ", field_member(&s->part[i]));
        for (size_t j = i + 1; j < s->parts; j++)
            if (stay_together(&s->part[i], &s->part[j]))
                say(out, ", %s", field_member(&s->part[j]));
    }
    say(out, "; each group behind an alignas(%u)", line);
}

static void apart_bytes(const struct sharing *s, unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_MOVE;
    out->bytes = line;
    say(out, "keep ");
    for (size_t i = 0, said = 0; i < s->parts; i++)
        if (i == 0 || !stay_together(&s->part[i - 1], &s->part[i]))
            say(out, "%s%s", said++ ? " and " : "", s->part[i].name);
    say(out, " at least %u bytes apart", line);
}

static bool all_known(const struct sharing *s)
{
    for (size_t i = 0; i < s->parts; i++)
        if (!s->part[i].known)
            return false;
    return true;
}

static void within_one(const struct sharing *s, unsigned line, struct suggestion *out)
{
    const uint64_t stride = stride_of(&s->object[s->part[0].object]);
    size_t runs, kinds;
    count_runs(s, &runs, &kinds);
    if (elements_apart(s, stride) || (kinds == 1 && stride && all_known(s)))
        pad_elements(s, stride, line, out);
    else if (!all_known(s))
        apart_bytes(s, line, out);
    else if (kinds == 1)
        say(out,
            "the same threads use all of it: only fewer accesses help (a copy for each thread)");
    else if (kinds == runs)
        align_members(s, line, out);
    else
        move_members(s, line, out);
}

void suggestion_make(const struct sharing *s, unsigned line_bytes, struct suggestion *out)
{
    *out = (struct suggestion){.what = SUGGEST_NONE};
    const unsigned line = s->latent == LATENT_WIDE ? s->line_bytes : line_bytes;
    if (s->kind == SHARING_TRUE)
        say(out, "the threads use the same bytes: no layout helps, only fewer accesses (a copy for "
                 "each thread, batches)");
    else if (s->parts == 0)
        say(out, "nothing is known of what lies there");
    else if (!several_instances(s))
        within_one(s, line, out);
    else if (s->object[s->part[0].object].kind == OBJECT_HEAP)
        allocate_apart(s, line, out);
    else
        align_variables(s, line, out);
}

const char *suggestion_name(enum suggestion_what what)
{
    static const char *const names[] = {"none", "align", "pad", "move", "separate"};
    return names[what];
}
