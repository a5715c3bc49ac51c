/* SPDX-License-Identifier: MIT
 * Suggestions: parts that the same threads use may stay together, others go to separate lines.
 */
#include "analysis/sharing/suggestion.h"

#include "analysis/sharing/suggestion_elements.h"
#include "analysis/sharing/suggestion_members.h"
#include "analysis/sharing/suggestion_words.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APPEND(out, ...) text_append((out)->text, sizeof(out)->text, __VA_ARGS__)

static bool same_instance(const struct sharing_field *a, const struct sharing_field *b)
{
    return a->object == b->object && a->instance == b->instance;
}

static const char *type_or(const struct sharing_object *o, const char *otherwise)
{
    return o->type_name[0] ? o->type_name : otherwise;
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
    char names[sizeof out->text] = "";
    out->what = SUGGEST_ALIGN;
    for (size_t i = 0; i < s->parts; i++) {
        const struct sharing_object *const o = &s->object[s->part[i].object];
        if (!is_listed(s, i))
            text_append_item(
                names, sizeof names, " and ", "%s", o->name[0] ? o->name : "what has no name");
    }
    suggestion_put(out, suggestion_words_of(s)->variables,
        &(struct suggestion_values){.line = line, .names = names});
}

static void allocate_apart(const struct sharing *s, unsigned line, struct suggestion *out)
{
    const struct sharing_object *const o = &s->object[s->part[0].object];
    const struct suggestion_words *const words = suggestion_words_of(s);
    out->what = SUGGEST_SEPARATE;
    out->bytes = (unsigned)whole_lines(o->size ? o->size : 1, line);
    const struct suggestion_values values = {.line = line,
        .bytes = out->bytes,
        .pad = out->bytes - (unsigned)o->size,
        .names = type_or(o, words->block)};
    suggestion_put(out, words->apart, &values);
    if (o->type)
        suggestion_put(out, words->apart_type, &values);
}

static bool is_library_name(const char *name)
{
    return name[0] == '_' && (name[1] == '_' || (name[1] >= 'A' && name[1] <= 'Z'));
}

static bool has_library(const struct sharing *s)
{
    for (size_t i = 0; i < s->parts; i++)
        if (s->part[i].known && is_library_name(s->part[i].name))
            return true;
    return false;
}

static void keep_off_library(const struct sharing *s, unsigned line, struct suggestion *out)
{
    out->what = SUGGEST_ALIGN;
    suggestion_put(out, suggestion_words_of(s)->library, &(struct suggestion_values){.line = line});
}

/* The parts in groups: those of one object, or of one element of an array. */
struct groups {
    size_t of[SHARING_FIELDS], count;   /* each part's group */
    double within[SHARING_FIELDS], all; /* possible hand-overs within each, and of all parts */
    double across;
    size_t most; /* the group with the most within it */
};

static void weigh_groups(const struct sharing *s, const struct conflicts *c, struct groups *g)
{
    for (size_t i = 0; i < s->parts; i++)
        for (size_t j = i + 1; j < s->parts; j++) {
            const bool together = parts_stay_together(s, &s->part[i], &s->part[j]);
            const double weight = together ? 0 : conflict_between(c, i, j);
            g->all += weight;
            if (g->of[i] == g->of[j])
                g->within[g->of[i]] += weight;
            else
                g->across += weight;
        }
    for (size_t i = 1; i < g->count; i++)
        if (g->within[i] > g->within[g->most])
            g->most = i;
}

/* What is less than a twentieth of all is not worth a change of the layout. */
static bool matters(const struct groups *g, double weight)
{
    return weight > 0 && weight * 20 >= g->all;
}

static void group_by_instance(const struct sharing *s, struct groups *g)
{
    *g = (struct groups){.count = s->parts};
    for (size_t i = 0; i < s->parts; i++)
        while (!same_instance(&s->part[g->of[i]], &s->part[i]))
            g->of[i]++;
}

static void group_by_element(const struct sharing *s, const struct elements *e, struct groups *g)
{
    *g = (struct groups){.count = s->parts};
    for (size_t i = 0; i < s->parts; i++)
        while (elements_index(e, &s->part[g->of[i]]) != elements_index(e, &s->part[i]))
            g->of[i]++;
}

/* A copy with the parts of the group that has the most conflicts within it; the caller frees it.
 * NULL: there is no memory. */
static struct sharing *new_narrowed(const struct sharing *s, const struct groups *g)
{
    struct sharing *const one = malloc(sizeof *one);
    if (!one)
        return NULL;
    *one = *s;
    one->parts = 0;
    for (size_t i = 0; i < s->parts; i++)
        if (g->of[i] == g->most)
            one->part[one->parts++] = s->part[i];
    return one;
}

/* Members by their names within the element. */
static void name_in_element(struct sharing *one, const struct elements *e, const char *element)
{
    for (size_t i = 0; i < one->parts; i++) {
        struct sharing_field *const f = &one->part[i];
        const char *const close = strchr(f->name + e->prefix, ']');
        if (!close || close[1] != '.')
            continue;
        memmove(f->name, close + 2, strlen(close + 1));
        f->class = f->class ? f->class : element;
    }
}

static void suggest_for_object(const struct sharing *s, unsigned line, struct suggestion *out);

/* An aligned member makes the size of its element whole lines, too. */
static void suggest_within_element(const struct sharing *s, struct elements *e,
    const struct groups *g, unsigned line, struct suggestion *out)
{
    char element[160];
    struct sharing *const one = new_narrowed(s, g);
    if (!one)
        return;
    const bool of_array = elements_index(e, &one->part[0]) >= 0;
    elements_name(s, e, element, sizeof element);
    if (of_array)
        name_in_element(one, e, element);
    suggest_for_object(one, line, out);
    if (matters(g, g->across) && of_array) {
        const struct suggestion_words *const words = suggestion_words_of(s);
        const struct suggestion_values values = {.line = line};
        suggestion_put(out, words->too, &values);
        if (s->object[e->part->object].kind == OBJECT_HEAP)
            suggestion_put(out, words->too_heap, &values);
    } else if (matters(g, g->across)) {
        APPEND(out, "; and ");
        elements_pad(s, e, line, out);
    }
    free(one);
}

/* All parts are of one object. */
static void suggest_for_object(const struct sharing *s, unsigned line, struct suggestion *out)
{
    struct conflicts conflicts;
    struct elements elements;
    struct groups groups;
    conflicts_find(s, &conflicts);
    if (has_library(s))
        keep_off_library(s, line, out);
    else if (!elements_find(s, &conflicts, &elements))
        suggestion_members(s, line, out);
    else {
        group_by_element(s, &elements, &groups);
        weigh_groups(s, &conflicts, &groups);
        if (matters(&groups, groups.within[groups.most]))
            suggest_within_element(s, &elements, &groups, line, out);
        else
            elements_pad(s, &elements, line, out);
    }
}

static void suggest_between_objects(const struct sharing *s, unsigned line, struct suggestion *out)
{
    if (s->object[s->part[0].object].kind == OBJECT_HEAP)
        allocate_apart(s, line, out);
    else
        align_variables(s, line, out);
}

static void suggest_for_objects(const struct sharing *s, unsigned line, struct suggestion *out)
{
    struct conflicts conflicts;
    struct groups groups;
    conflicts_find(s, &conflicts);
    group_by_instance(s, &groups);
    weigh_groups(s, &conflicts, &groups);
    if (matters(&groups, groups.within[groups.most])) {
        struct sharing *const one = new_narrowed(s, &groups);
        if (one)
            suggest_for_object(one, line, out);
        free(one);
        if (!matters(&groups, groups.across))
            return;
        APPEND(out, "%s", one ? "; and " : "");
    }
    suggest_between_objects(s, line, out);
}

static bool has_several(const struct sharing *s)
{
    for (size_t i = 1; i < s->parts; i++)
        if (!same_instance(&s->part[0], &s->part[i]))
            return true;
    return false;
}

void suggestion_make(const struct sharing *s, unsigned line_bytes, struct suggestion *out)
{
    const unsigned line = s->latent == LATENT_WIDE ? s->line_bytes : line_bytes;
    *out = (struct suggestion){.what = SUGGEST_NONE, .bytes = line};
    if (s->kind == SHARING_TRUE)
        APPEND(out,
            "the threads use the same bytes: no layout helps, only fewer accesses (a copy for "
            "each thread, batches)");
    else if (s->parts == 0)
        APPEND(out, "nothing is known of what lies there");
    else if (has_several(s))
        suggest_for_objects(s, line, out);
    else
        suggest_for_object(s, line, out);
    if (out->what == SUGGEST_NONE)
        out->bytes = 0;
}
