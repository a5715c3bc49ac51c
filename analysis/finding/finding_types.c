/* SPDX-License-Identifier: MIT
 * The findings of each type together: a struct is changed once, wherever its objects are. */
#include "analysis/finding/finding_text.h"
#include "base/compare.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = sizeof((struct sharing_object *)0)->type_name };

/* Which element it is does not matter: "stats[2]" becomes "stats[]". */
static void drop_indices(const char *text, char *out)
{
    char *to = out;
    for (const char *from = text; *from && to + 1 < out + NAME_MAX_BYTES; from++)
        if (!(isdigit((unsigned char)*from) && to > out && to[-1] == '['))
            *to++ = *from;
    *to = '\0';
}

/* "struct stats" of "struct stats[2]". */
static const char *element_type(const struct sharing_object *object, char *out)
{
    const bool known = object && *object->type_name;
    drop_indices(known ? object->type_name : object_name(object), out);
    for (size_t length = strlen(out); length > 2 && strcmp(out + length - 2, "[]") == 0;
         length -= 2)
        out[length - 2] = '\0';
    return out;
}

/* "hits" of "[0].hits". */
static const char *member_name(const struct sharing_field *field, char *out)
{
    drop_indices(field->name, out);
    const char *at = out;
    while (at[0] == '[' && at[1] == ']')
        at += 2;
    return at + (*at == '.');
}

/* The list has room for it. */
static void add_word(struct view_words *words, struct view_pool *pool, const char *text)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->at[i], text) == 0)
            return;
    const char *const copy = words->at ? view_pool_text(pool, text) : NULL;
    if (copy)
        words->at[words->count++] = copy;
}

/* Makes room for `more` words after those that are there. */
static void extend_words(struct view_words *words, struct view_pool *pool, size_t more)
{
    struct view_words longer;
    VIEW_LIST(pool, &longer, words->count + more);
    if (longer.at && words->count)
        memcpy(longer.at, words->at, words->count * sizeof *words->at);
    longer.count = longer.at ? words->count : 0;
    *words = longer;
}

/* The list has room for one of each finding. */
static struct view_type *find_type(struct detect_view *view, const char *name)
{
    for (size_t i = 0; i < view->by_type.count; i++)
        if (strcmp(view->by_type.at[i].type, name) == 0)
            return &view->by_type.at[i];
    const char *const copy = view_pool_text(&view->pool, name);
    if (!copy)
        return NULL;
    struct view_type *const type = &view->by_type.at[view->by_type.count++];
    type->type = copy;
    return type;
}

static void add_finding(struct detect_view *view, const struct finding_view *f)
{
    char name[NAME_MAX_BYTES];
    struct view_type *const type = find_type(view, element_type(f->object, name));
    if (!type)
        return;
    type->cache_lines += f->cache_lines;
    type->per_second += f->latent ? 0 : f->handovers.per_second;
    type->possible += f->handovers.possible;
    extend_words(&type->objects, &view->pool, 1);
    add_word(&type->objects, &view->pool, object_name(f->object));
    extend_words(&type->fields, &view->pool, f->fields.count);
    for (size_t i = 0; i < f->fields.count; i++)
        if (f->fields.at[i].object == 0 && *member_name(&f->fields.at[i], name))
            add_word(&type->fields, &view->pool, member_name(&f->fields.at[i], name));
}

/* What happened before what may happen. */
static int by_amount(const void *a, const void *b)
{
    const struct view_type *const x = a, *const y = b;
    const int order = compare_double(y->per_second, x->per_second);
    return order ? order : compare_u64(y->possible, x->possible);
}

void detect_view_group_types(struct detect_view *view)
{
    VIEW_LIST(&view->pool, &view->by_type, view->findings.count);
    view->by_type.count = 0;
    for (size_t i = 0; i < view->findings.count && !view->pool.failed; i++)
        if (finding_view_is_false(&view->findings.at[i]))
            add_finding(view, &view->findings.at[i]);
    if (view->by_type.count)
        qsort(view->by_type.at, view->by_type.count, sizeof *view->by_type.at, by_amount);
}
