/* SPDX-License-Identifier: MIT
 * The threads of a finding, and its fields by the debug information; bytes that it does not name by
 * their number. */
#include "analysis/sharing/finding_fields.h"

#include "base/compare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_use(const void *a, const void *b)
{
    const struct sharing_thread *const x = a, *const y = b;
    const int order = compare_u64(y->reads + y->writes, x->reads + x->writes);
    return order ? order : compare_u64(x->slot, y->slot);
}

int finding_threads_find(const struct recording *recording, const struct candidate *candidate,
    size_t count, struct sharing *out)
{
    struct sharing_thread *const all = calloc(recording->threads + 1, sizeof *all); /* by slot */
    if (!all)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < candidate[i].touches; j++) {
            const struct touched *const t = &candidate[i].touched[j];
            struct sharing_thread *const thread = &all[t->slot];
            thread->reads += t->from->reads;
            thread->writes += t->from->writes;
            thread->false_in += t->false_in;
            thread->true_in += t->true_in;
        }
    for (size_t i = 0; i < recording->threads; i++) {
        all[i].slot = (uint32_t)i;
        if (all[i].reads + all[i].writes > 0)
            all[out->threads++] = all[i];
    }
    qsort(all, out->threads, sizeof *all, by_use);
    out->thread = all;
    return 0;
}

size_t finding_thread_index(const struct sharing *sharing, uint32_t slot)
{
    size_t i = 0;
    while (i < sharing->threads && sharing->thread[i].slot != slot)
        i++;
    return i;
}

enum { LEAVES = 2 * SHARING_WIDE };

struct byte {
    uint64_t readers, writers;
};

static uint64_t thread_bit(const struct sharing *sharing, uint32_t slot)
{
    const size_t index = finding_thread_index(sharing, slot);
    return 1ull << (index < SHARING_SET_BITS ? index : SHARING_SET_BITS - 1);
}

/* `representing`: of threads that had a slot one after the other, by the one that represents all.
 */
static void find_bytes(const struct candidate *c, const struct sharing *sharing, bool representing,
    struct byte byte[SHARING_WIDE])
{
    memset(byte, 0, SHARING_WIDE * sizeof *byte);
    for (size_t i = 0; i < c->touches; i++) {
        const struct touched *const t = &c->touched[i];
        const uint64_t bit = thread_bit(sharing, t->slot);
        if (representing && !t->represents)
            continue;
        for (unsigned b = 0; b < c->bytes; b++) {
            byte[b].readers |= mask_bit(t->read, b) ? bit : 0;
            byte[b].writers |= mask_bit(t->written, b) ? bit : 0;
        }
    }
}

/* Where fields are collected: of one line with its instances, or of all lines together. */
struct bin {
    struct sharing_field *field;
    size_t *count;
};

static void add_field(struct bin *bin, const struct sharing_field *new)
{
    for (size_t i = 0; i < *bin->count; i++) {
        struct sharing_field *const f = &bin->field[i];
        if (f->object == new->object && f->first == new->first && f->size == new->size &&
            f->instance == new->instance) {
            f->readers |= new->readers;
            f->writers |= new->writers;
            return;
        }
    }
    if (*bin->count < SHARING_FIELDS)
        bin->field[(*bin->count)++] = *new;
}

/* One object's stretch of the window. */
struct stretch {
    struct dwarf *dwarf;
    const struct sharing_object *object; /* with its type */
    size_t index;
    uint64_t start;    /* of this instance */
    uint64_t at, end;  /* offsets from start */
    struct byte *byte; /* of offset `at` */
    bool instances;
};

/* Leaves of the type in the stretch; of an array that malloc made the index comes first. */
static size_t find_leaves(const struct stretch *s, struct dwarf_field *leaf, size_t max)
{
    const struct dwarf_type *const type = s->object->type;
    const uint64_t element = type ? dwarf_type_size(type) : 0;
    const uint64_t start = s->object->type_start, at = s->at > start ? s->at : start;
    size_t count = 0;
    if (element <= 1 || at >= s->end) /* an index for each byte is of no use */
        return 0;
    if (!s->object->array) {
        count = dwarf_fields(s->dwarf, type, at - start, s->end - at, leaf, max);
        for (size_t i = 0; i < count; i++)
            leaf[i].first += start;
        return count;
    }
    for (uint64_t i = (at - start) / element; start + i * element < s->end && count < max; i++) {
        const uint64_t base = start + i * element, from = at > base ? at - base : 0;
        const uint64_t to = s->end - base < element ? s->end - base : element;
        const size_t more =
            dwarf_fields(s->dwarf, type, from, to - from, &leaf[count], max - count);
        for (size_t j = count; j < count + more; j++) {
            char path[sizeof leaf[j].path];
            memcpy(path, leaf[j].path, sizeof path);
            snprintf(leaf[j].path, sizeof leaf[j].path, "[%llu]%s%.80s", (unsigned long long)i,
                path[0] && path[0] != '[' ? "." : "", path);
            leaf[j].first += base;
        }
        count += more;
    }
    return count;
}

static struct sharing_field new_field(const struct stretch *s, uint64_t first, uint64_t size)
{
    struct sharing_field f = {.object = s->index, .first = first, .size = size};
    f.instance = s->instances ? s->start : 0;
    for (uint64_t b = first > s->at ? first : s->at; b < first + size && b < s->end; b++) {
        f.readers |= s->byte[b - s->at].readers;
        f.writers |= s->byte[b - s->at].writers;
    }
    return f;
}

static void add_leaf(struct bin *bin, const struct stretch *s, const struct dwarf_field *leaf)
{
    struct sharing_field f = new_field(s, leaf->first, leaf->size);
    f.known = true;
    f.member = leaf->member;
    f.class = leaf->base ? dwarf_type_name(s->dwarf, leaf->base) : NULL;
    const char *const whole = s->object->name[0] ? s->object->name : s->object->type_name;
    snprintf(f.name, sizeof f.name, "%.95s", leaf->path[0] ? leaf->path : whole);
    if (f.readers | f.writers)
        add_field(bin, &f);
}

static bool is_covered(const struct dwarf_field *leaf, size_t leaves, uint64_t at)
{
    for (size_t i = 0; i < leaves; i++)
        if (at >= leaf[i].first && at - leaf[i].first < leaf[i].size)
            return true;
    return false;
}

/* Touched bytes that no field names: one for each stretch in which the same threads do the same. */
static void add_bytes(
    struct bin *bin, const struct stretch *s, const struct dwarf_field *leaf, size_t leaves)
{
    for (uint64_t at = s->at; at < s->end;) {
        const struct byte *const b = &s->byte[at - s->at];
        uint64_t end = at + 1;
        if ((b->readers | b->writers) == 0 || is_covered(leaf, leaves, at)) {
            at++;
            continue;
        }
        while (end < s->end && memcmp(&s->byte[end - s->at], b, sizeof *b) == 0 &&
               !is_covered(leaf, leaves, end))
            end++;
        struct sharing_field f = new_field(s, at, end - at);
        snprintf(f.name, sizeof f.name, end - at > 1 ? "byte %llu-%llu" : "byte %llu",
            (unsigned long long)at, (unsigned long long)end - 1);
        add_field(bin, &f);
        at = end;
    }
}

static void add_stretch(struct bin *bin, const struct stretch *s)
{
    struct dwarf_field leaf[LEAVES];
    const size_t leaves = find_leaves(s, leaf, LEAVES);
    for (size_t i = 0; i < leaves; i++)
        add_leaf(bin, s, &leaf[i]);
    add_bytes(bin, s, leaf, leaves);
}

static size_t find_object(const struct sharing *sharing, uint64_t identity)
{
    size_t i = 0;
    while (i < sharing->objects && sharing->object[i].identity != identity)
        i++;
    return i;
}

/* Where the object ends; where its size is not known, what the same threads do the same with. */
static unsigned stretch_end(const struct sharing_context *context, const struct candidate *c,
    const struct byte *byte, unsigned first, const struct sharing_object *o)
{
    const uint64_t left = o->start + o->size - (c->start + first);
    unsigned end = first + 1;
    if (o->size)
        return left < c->bytes - first ? first + (unsigned)left : c->bytes;
    for (; end < c->bytes && memcmp(&byte[end], &byte[first], sizeof *byte) == 0; end++) {
        struct sharing_object next;
        candidate_object(context, c, end, &next);
        if (next.identity != o->identity)
            break;
    }
    return end;
}

static void add_line(const struct sharing_context *context, const struct candidate *c,
    bool instances, struct sharing *out, struct bin *bin)
{
    struct byte byte[SHARING_WIDE];
    find_bytes(c, out, instances, byte);
    for (unsigned b = 0, end; b < c->bytes; b = end) {
        struct sharing_object o;
        const uint64_t address = c->start + b;
        end = b + 1;
        if ((byte[b].readers | byte[b].writers) == 0)
            continue;
        candidate_object(context, c, b, &o);
        end = stretch_end(context, c, byte, b, &o);
        const size_t index = find_object(out, o.identity);
        if (index < out->objects)
            add_stretch(bin, &(struct stretch){.dwarf = context->dwarf,
                                 .object = &out->object[index],
                                 .index = index,
                                 .start = o.start,
                                 .at = address - o.start,
                                 .end = address - o.start + (end - b),
                                 .byte = &byte[b],
                                 .instances = instances});
    }
}

void finding_fields(const struct sharing_context *context, const struct candidate *candidate,
    size_t count, bool instances, struct sharing *out)
{
    struct bin bin = {out->field, &out->fields};
    if (instances)
        bin = (struct bin){out->part, &out->parts};
    for (size_t i = 0; i < count; i++)
        add_line(context, &candidate[i], instances, out, &bin);
}
