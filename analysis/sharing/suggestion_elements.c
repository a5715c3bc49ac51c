/* SPDX-License-Identifier: MIT
 * Elements of an array apart: by the indices in the names of fields. */
#include "analysis/sharing/suggestion_elements.h"

#include "analysis/sharing/suggestion_members.h"
#include "analysis/sharing/suggestion_words.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APPEND(out, ...) text_append((out)->text, sizeof(out)->text, __VA_ARGS__)

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

static bool is_same_array(const struct elements *e, const struct sharing_field *f)
{
    return strncmp(f->name, e->part->name, e->prefix + 1) == 0;
}

static void find_stride(const struct sharing *s, struct elements *e)
{
    for (size_t i = 0; i < s->parts; i++)
        for (size_t j = i + 1; j < s->parts; j++) {
            const struct sharing_field *const a = &s->part[i], *const b = &s->part[j];
            struct difference d;
            if (is_same_array(e, a) && find_difference(a->name, b->name, &d) && d.same_rest &&
                d.prefix == e->prefix)
                e->stride = (b->first - a->first) / (uint64_t)(d.b - d.a);
        }
}

bool elements_find(const struct sharing *s, const struct conflicts *c, struct elements *out)
{
    double most = 0;
    *out = (struct elements){.part = NULL};
    for (size_t i = 0; i < s->parts; i++)
        for (size_t j = i + 1; j < s->parts; j++) {
            const struct sharing_field *const a = &s->part[i], *const b = &s->part[j];
            struct difference d;
            const double weight = conflict_between(c, i, j);
            if (weight <= most || parts_stay_together(s, a, b) ||
                !find_difference(a->name, b->name, &d))
                continue;
            most = weight;
            *out = (struct elements){.part = a, .prefix = d.prefix};
        }
    if (out->part)
        find_stride(s, out);
    return out->part != NULL;
}

long elements_index(const struct elements *e, const struct sharing_field *f)
{
    return e->part && is_same_array(e, f) ? strtol(f->name + e->prefix + 1, NULL, 10) : -1;
}

static uint64_t stride_of(const struct sharing_object *o)
{
    if (!o->type)
        return 0;
    return o->array ? dwarf_type_size(o->type) : dwarf_stride(o->type);
}

/* The name of an element's type where the array is the whole object. */
void elements_name(const struct sharing *s, const struct elements *e, char *out, size_t size)
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
    const bool heap = s->object[e->part->object].kind == OBJECT_HEAP;
    const struct suggestion_words *const words = suggestion_words_of(s);
    out->what = SUGGEST_ALIGN;
    suggestion_put(out, heap ? words->fill_heap : words->fill,
        &(struct suggestion_values){.line = line, .names = element});
}

void elements_pad(
    const struct sharing *s, struct elements *e, unsigned line, struct suggestion *out)
{
    const struct sharing_object *const o = &s->object[e->part->object];
    char element[160];
    if (!e->stride && e->prefix == 0)
        e->stride = stride_of(o);
    const uint64_t padded = whole_lines(e->stride ? e->stride : 1, line);
    elements_name(s, e, element, sizeof element);
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
    const struct suggestion_words *const words = suggestion_words_of(s);
    const struct suggestion_values values = {
        .line = line, .bytes = out->bytes, .pad = (unsigned)(padded - e->stride), .names = element};
    suggestion_put(out, is_record_part(e) ? words->pad_record : words->pad_value, &values);
    if (o->kind == OBJECT_HEAP)
        suggestion_put(out, words->pad_heap, &values);
}
