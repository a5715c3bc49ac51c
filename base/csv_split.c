/* SPDX-License-Identifier: MIT
 * Ordinary records. Reports no errors: libcsv reads what is refused here. */
#include "base/csv_split.h"

#include <endian.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct csv_split {
    const char *line, *next; /* the line before and its end; NULL: none */
    size_t fields;
    /* Of each field: the position of its comma or line end; of 32 bits, so that more are added at
     * once. */
    uint32_t stop[CSV_FIELDS_MAX];
    char *text[CSV_FIELDS_MAX];
    size_t size[CSV_FIELDS_MAX], room[CSV_FIELDS_MAX];
    size_t changed[CSV_FIELDS_MAX], changes;
};

struct csv_split *csv_split_new(void)
{
    return calloc(1, sizeof(struct csv_split));
}

void csv_split_free(struct csv_split *split)
{
    for (size_t i = 0; split && i < CSV_FIELDS_MAX; i++)
        free(split->text[i]);
    free(split);
}

void csv_split_forget(struct csv_split *split)
{
    split->line = NULL;
    split->fields = 0;
}

static uint64_t differing_bits(const char *a, const char *b)
{
    uint64_t x, y;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    return x ^ y;
}

/* How many bytes are equal. */
static size_t common_bytes(const char *a, const char *b, size_t size)
{
    size_t i = 0;
    while (i + 32 <= size &&
           !(differing_bits(a + i, b + i) | differing_bits(a + i + 8, b + i + 8) |
               differing_bits(a + i + 16, b + i + 16) | differing_bits(a + i + 24, b + i + 24)))
        i += 32;
    for (; i + 8 <= size; i += 8) {
        const uint64_t bits = differing_bits(a + i, b + i);
        if (bits)
            return i + (size_t)__builtin_ctzll(le64toh(bits)) / 8;
    }
    while (i < size && a[i] == b[i])
        i++;
    return i;
}

/* Bytes that end the plain part of a field; also NUL, which ends what was read. */
static const bool ends_plain[256] = {
    ['\0'] = true, [','] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};
static const bool ends_quoted[256] = {['\0'] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};

static const char *scan_plain(const char *at, const bool *ends)
{
    while (!ends[(unsigned char)*at])
        at++;
    return at;
}

static bool store_field(struct csv_split *s, size_t i, const char *text, size_t size)
{
    if (size >= s->room[i]) {
        const size_t room = size + 32;
        char *bytes = realloc(s->text[i], room);
        if (!bytes)
            return false;
        s->text[i] = bytes;
        s->room[i] = room;
    }
    memcpy(s->text[i], text, size);
    s->text[i][size] = '\0';
    s->size[i] = size;
    return true;
}

/* Stores field `i` and returns its end: its comma or line end. NULL: the field is not ordinary, or
 * does not end here. */
static const char *read_field(struct csv_split *s, size_t i, const char *at, const char *end)
{
    const bool quoted = *at == '"';
    const char *const from = at + quoted, *const to =
                                              scan_plain(from, quoted ? ends_quoted : ends_plain);
    if (quoted && *to != '"')
        return NULL;
    const char *const stop = to + quoted;
    if (stop == end || (*stop == '\r' && stop[1] != '\n'))
        return NULL;
    if (*stop != ',' && *stop != '\r' && *stop != '\n')
        return NULL;
    return store_field(s, i, from, (size_t)(to - from)) ? stop : NULL;
}

struct walk {
    const char *line;
    const char *at, *old; /* where field `i` begins, in this line and in the one before */
    size_t i;
};

enum { AT_ONCE = 8 }; /* the compiler makes two vectors of them */

/* Adds `shift` to the ends from field `i` on that are before `reach`; returns the field after them.
 */
static size_t shift_stops(uint32_t *stop, size_t i, size_t fields, size_t reach, uint32_t shift)
{
    for (; i + AT_ONCE <= fields && stop[i + AT_ONCE - 1] < reach; i += AT_ONCE)
        for (size_t k = 0; k < AT_ONCE; k++)
            stop[i + k] += shift;
    for (; i < fields && stop[i] < reach; i++)
        stop[i] += shift;
    return i;
}

/* Skips the fields that are equal to those of the line before, commas included. */
static void pass_same(struct csv_split *s, struct walk *w, const char *end)
{
    const size_t left = (size_t)(end - w->at), old_left = (size_t)(s->next - w->old);
    const size_t same = common_bytes(w->at, w->old, left < old_left ? left : old_left);
    const bool all = same == old_left;
    const size_t reach = (size_t)(w->old - s->line) + same, fields = s->fields - !all;
    /* It may be negative: what is added modulo 2^32 is a position again. */
    const uint32_t shift = (uint32_t)((w->at - w->line) - (w->old - s->line));
    const size_t i = shift_stops(s->stop, w->i, fields, reach, shift);
    if (i == w->i)
        return;
    w->i = i;
    w->at = w->line + s->stop[i - 1] + 1;
    w->old = s->line + (uint32_t)(s->stop[i - 1] - shift) + 1;
}

static void change_all(struct csv_split *s, size_t fields)
{
    for (size_t i = 0; i < fields; i++)
        s->changed[i] = i;
    s->changes = fields;
}

/* Stores all fields and returns the end of the last one; NULL: refused. */
static const char *split_fields(struct csv_split *s, struct walk *w, const char *end)
{
    for (;;) {
        if (w->i < s->fields)
            pass_same(s, w, end);
        if (w->i > 0 && w->i == s->fields && w->at[-1] != ',')
            return w->at - 1;
        if (w->i == CSV_FIELDS_MAX)
            return NULL;
        const char *const stop = read_field(s, w->i, w->at, end);
        if (!stop)
            return NULL;
        if (w->i < s->fields)
            w->old = s->line + s->stop[w->i] + 1;
        s->stop[w->i] = (uint32_t)(stop - w->line);
        s->changed[s->changes++] = w->i++;
        if (*stop != ',')
            return stop;
        w->at = stop + 1;
    }
}

size_t csv_split_line(
    struct csv_split *s, const char *line, const char *end, struct csv_record *record)
{
    struct walk w = {.line = line, .at = line, .old = s->line};
    s->changes = 0;
    const char *const stop = split_fields(s, &w, end);
    /* An empty line is not a record; libcsv reads it. */
    if (!stop || stop == line) {
        csv_split_forget(s);
        return 0;
    }
    if (w.i != s->fields)
        change_all(s, w.i);
    s->fields = w.i;
    s->line = line;
    s->next = stop + 1 + (*stop == '\r');
    *record = (struct csv_record){.count = w.i,
        .text = s->text,
        .size = s->size,
        .changed = s->changed,
        .changes = s->changes};
    return (size_t)(s->next - line);
}
