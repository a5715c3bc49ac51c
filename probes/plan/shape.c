/* SPDX-License-Identifier: MIT
 * Layouts resolved to offsets, their contract, and the isolated reference. */
#include "probes/plan/shape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE = 64,   /* groups begin at multiples of it; larger lines are covered by the distance */
    APART = 256, /* free bytes between groups: two lines of 128 B, the largest prefetched pair */
    ARRAY_AT = 4096, /* where a layout is questioned: any multiple of a page */
};

size_t shape_size(unsigned shards)
{
    return sizeof(struct shape) + shards * sizeof(uint32_t[WORD_COUNT]);
}

size_t shape_word_bytes(enum layout_word word)
{
    return sizeof(uint64_t) * (word == WORD_DATA ? LAYOUT_SLOTS : 1);
}

static void copy_text(char *to, const char *from)
{
    snprintf(to, SHAPE_TEXT, "%s", from ? from : "");
}

void shape_describe(struct shape *shape, const struct layout *layout, unsigned shards)
{
    shape->file = "";
    copy_text(shape->name, layout->name);
    copy_text(shape->summary, layout->summary);
    copy_text(shape->ops, layout->ops);
    copy_text(shape->role[0], layout->role[0]);
    copy_text(shape->role[1], layout->role[1]);
    shape->cast = layout->cast;
    shape->align_bytes = (unsigned)layout->align_bytes;
    shape->shards = shards;
    shape->element_bytes = layout->element_bytes;
    shape->object_bytes = layout->element_bytes * shards;
}

int shape_of(const struct layout *layout, unsigned shards, struct shape **out, struct err *err)
{
    struct shape *shape = calloc(1, shape_size(shards));
    /* Layouts only take addresses, but of real memory, so that their arithmetic is defined. */
    char *array =
        aligned_alloc(ARRAY_AT, (layout->element_bytes * shards / ARRAY_AT + 1) * ARRAY_AT);
    if (!shape || !array) {
        free(shape);
        free(array);
        return err_set(err, -ENOMEM, "out of memory for %u shards", shards);
    }
    shape_describe(shape, layout, shards);
    for (unsigned i = 0; i < shards; i++)
        for (unsigned w = 0; w < WORD_COUNT; w++) {
            char *at = layout->word(array, i, (enum layout_word)w);
            shape->offset[i][w] = at ? (uint32_t)(at - array) : SHAPE_NONE;
        }
    free(array);
    const int code = shape_check(shape, err);
    if (code)
        free(shape);
    else
        *out = shape;
    return code;
}

const char *const shape_word_names[WORD_COUNT] = {
    "WORD_WRITER", "WORD_READER", "WORD_LOCK", "WORD_DATA"};

static int check_word(const struct shape *s, unsigned shard, enum layout_word w, struct err *err)
{
    const size_t at = s->offset[shard][w], first = shard * s->element_bytes;
    if (at == SHAPE_NONE)
        return 0;
    if (at % sizeof(uint64_t))
        return err_set(err, -EINVAL, "layout %s at %u B: %s of shard %u is not 8-byte aligned",
            s->name, s->align_bytes, shape_word_names[w], shard);
    if (at < first || at + shape_word_bytes(w) > first + s->element_bytes)
        return err_set(err, -EINVAL, "layout %s at %u B: %s of shard %u lies outside its element",
            s->name, s->align_bytes, shape_word_names[w], shard);
    for (unsigned v = 0; v < w; v++) {
        const size_t other = s->offset[shard][v];
        if (other != SHAPE_NONE && at < other + shape_word_bytes(v) &&
            other < at + shape_word_bytes(w))
            return err_set(err, -EINVAL, "layout %s at %u B: %s and %s of shard %u overlap",
                s->name, s->align_bytes, shape_word_names[v], shape_word_names[w], shard);
    }
    return 0;
}

static int check_head(const struct shape *s, struct err *err)
{
    if (!s->name[0] || !s->ops[0] || !s->role[0][0] || s->cast > CAST_PAIRS)
        return err_set(err, -EINVAL, "layout %s: .name, .ops, .role[0] and .cast must be given",
            s->name[0] ? s->name : "without a name");
    if (s->cast != CAST_WRITERS && !s->role[1][0])
        return err_set(err, -EINVAL, "layout %s: its cast needs a second role", s->name);
    if (s->element_bytes == 0 || s->element_bytes % s->align_bytes)
        return err_set(err, -EINVAL,
            "layout %s: an element of %zu B is not a multiple of its %u B alignment", s->name,
            s->element_bytes, s->align_bytes);
    if (s->object_bytes > SHAPE_BYTES_MAX)
        return err_set(err, -EINVAL,
            "layout %s: %u shards of %zu B are more than %d MiB; use fewer --shards", s->name,
            s->shards, s->element_bytes, SHAPE_BYTES_MAX >> 20);
    return 0;
}

int shape_check(const struct shape *shape, struct err *err)
{
    int code = check_head(shape, err);
    for (unsigned i = 0; !code && i < shape->shards; i++) {
        if (shape->offset[i][WORD_WRITER] == SHAPE_NONE)
            return err_set(err, -EINVAL,
                "layout %s: word() returns NULL for WORD_WRITER of shard %u; each shard needs one",
                shape->name, i);
        for (unsigned w = 0; !code && w < WORD_COUNT; w++)
            code = check_word(shape, i, (enum layout_word)w, err);
    }
    return code;
}

/* Places a group's words one after another and moves *end behind them. */
static void place_group(const struct shape *of, struct shape *s, unsigned shard,
    const enum layout_word group[2], size_t *end)
{
    size_t at = *end;
    for (unsigned i = 0; i < 2; i++) {
        const enum layout_word w = group[i];
        if (w == WORD_COUNT || of->offset[shard][w] == SHAPE_NONE)
            continue;
        s->offset[shard][w] = (uint32_t)at;
        at += shape_word_bytes(w);
    }
    if (at > *end)
        *end = (at + LINE - 1) / LINE * LINE + APART;
}

int shape_isolate(const struct shape *of, struct shape **out, struct err *err)
{
    static const enum layout_word groups[][2] = {
        {WORD_WRITER, WORD_LOCK}, /* the first role writes both */
        {WORD_READER, WORD_COUNT},
        {WORD_DATA, WORD_COUNT},
    };
    struct shape *s = malloc(shape_size(of->shards));
    if (!s)
        return err_set(err, -ENOMEM, "out of memory for %u shards", of->shards);
    memcpy(s, of, sizeof *s);
    memset(s->offset, 0xff, of->shards * sizeof *s->offset);
    size_t end = 0;
    for (unsigned i = 0; i < of->shards; i++)
        for (unsigned g = 0; g < sizeof groups / sizeof *groups; g++)
            place_group(of, s, i, groups[g], &end);
    s->align_bytes = 0;
    s->element_bytes = 0;
    s->object_bytes = end;
    *out = s;
    return 0;
}
