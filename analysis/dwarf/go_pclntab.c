/* SPDX-License-Identifier: MIT
 * A file's table is input: each offset is checked where it is used. */
#include "analysis/dwarf/go_pclntab.h"

#include <string.h>

enum {
    POINTER = 8,
    HEADER = 8 + 8 * POINTER,
    ENTRY = 8, /* of the list of functions: where it begins, and where what it has is */
    FUNCTION = 36,
};

static bool read_at(const struct go_pclntab *t, uint64_t offset, void *out, size_t bytes)
{
    if (offset > t->size || t->size - offset < bytes)
        return false;
    memcpy(out, t->data + offset, bytes);
    return true;
}

static uint32_t word_at(const struct go_pclntab *t, uint64_t offset)
{
    uint32_t word = UINT32_MAX;
    (void)read_at(t, offset, &word, sizeof word);
    return word;
}

/* NULL: it does not end within the table. */
static const char *text_at(const struct go_pclntab *t, uint64_t offset)
{
    const bool ends = offset < t->size && memchr(t->data + offset, '\0', t->size - offset);
    return ends ? (const char *)t->data + offset : NULL;
}

bool go_pclntab_open(const void *data, size_t size, uint64_t text, struct go_pclntab *out)
{
    enum { GO_118 = 0xf0, GO_120 = 0xf1 };
    static const uint8_t rest[] = {0xff, 0xff, 0xff, 0, 0};
    const uint8_t *const at = data;
    uint64_t head[8];
    *out = (struct go_pclntab){.data = data, .size = size};
    if (size < HEADER || (at[0] != GO_118 && at[0] != GO_120) ||
        memcmp(at + 1, rest, sizeof rest) != 0 || at[7] != POINTER || at[6] == 0)
        return false;
    memcpy(head, at + 8, sizeof head);
    out->quantum = at[6];
    out->functions = head[0];
    out->text = head[2] ? head[2] : text;
    out->names = head[3];
    out->units = head[4];
    out->files = head[5];
    out->values = head[6];
    out->entries = head[7];
    return out->entries < size && out->functions < (size - out->entries) / ENTRY;
}

/* A number of seven bits a byte, the lowest first. */
static uint32_t next_varint(const struct go_pclntab *t, uint64_t *at)
{
    uint32_t value = 0;
    uint8_t byte = 0x80;
    for (unsigned shift = 0; shift < 32 && byte & 0x80; shift += 7) {
        if (!read_at(t, (*at)++, &byte, 1))
            return 0;
        value |= (uint32_t)(byte & 0x7f) << shift;
    }
    return value;
}

/* A table of changes, of which a value and the distance from the entry to which it is valid are
 * read after the other. */
struct values {
    uint64_t at, reached;
    int32_t value;
};

static struct values values_of(const struct go_pclntab *t, uint32_t table)
{
    return (struct values){.at = t->values + table, .value = -1};
}

/* False: it has ended. */
static bool next_value(const struct go_pclntab *t, struct values *v)
{
    if (v->at >= t->size)
        return false;
    const uint32_t change = next_varint(t, &v->at);
    if (change == 0 && v->reached > 0)
        return false;
    v->value += (int32_t)(change & 1 ? ~(change >> 1) : change >> 1);
    v->reached += (uint64_t)next_varint(t, &v->at) * t->quantum;
    return true;
}

/* The value at `distance` bytes behind the function's entry; -1: none. */
static int32_t value_at(const struct go_pclntab *t, uint32_t table, uint64_t distance)
{
    struct values v = values_of(t, table);
    while (next_value(t, &v))
        if (distance < v.reached)
            return v.value;
    return -1;
}

static uint64_t entry_at(const struct go_pclntab *t, uint64_t index)
{
    return t->entries + index * ENTRY;
}

/* The index of the last function that begins at or before the distance from the text's start. */
static uint64_t function_at(const struct go_pclntab *t, uint64_t distance)
{
    uint64_t low = 0, high = t->functions;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (word_at(t, entry_at(t, middle)) <= distance)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static const char *file_of(const struct go_pclntab *t, uint64_t function, uint64_t distance)
{
    const int32_t number = value_at(t, word_at(t, function + 20), distance);
    const uint32_t unit = word_at(t, function + 32);
    const uint32_t name = word_at(t, t->units + 4 * ((uint64_t)unit + (uint32_t)number));
    return number < 0 || name == UINT32_MAX ? NULL : text_at(t, t->files + name);
}

/* Where what the table has of a function begins. */
static bool find_record(const struct go_pclntab *t, uint64_t index, uint64_t *function)
{
    *function = t->entries + word_at(t, entry_at(t, index) + 4);
    return *function <= t->size && t->size - *function >= FUNCTION;
}

/* Of the function at `pc`: its index, and where what the table has of it begins. */
static bool find_function(
    const struct go_pclntab *t, uint64_t pc, uint64_t *index, uint64_t *function)
{
    const uint64_t distance = pc - t->text;
    if (t->functions == 0 || pc < t->text || distance < word_at(t, entry_at(t, 0)) ||
        distance >= word_at(t, entry_at(t, t->functions)))
        return false;
    *index = function_at(t, distance);
    return find_record(t, *index, function);
}

static const char *name_of(const struct go_pclntab *t, uint64_t function)
{
    return text_at(t, t->names + word_at(t, function + 4));
}

bool go_pclntab_find(const struct go_pclntab *t, uint64_t pc, struct go_line *out)
{
    uint64_t index, function;
    *out = (struct go_line){0};
    if (!find_function(t, pc, &index, &function))
        return false;
    const uint64_t within = pc - t->text - word_at(t, entry_at(t, index));
    const int32_t line = value_at(t, word_at(t, function + 24), within);
    out->function = name_of(t, function);
    out->line = line > 0 ? (unsigned)line : 0;
    out->file = file_of(t, function, within);
    return out->function != NULL;
}

enum { PCSP = 16 }; /* of what the table has of a function: where its frame's sizes are */

static bool fill_function(const struct go_pclntab *t, uint64_t index, uint64_t function,
    uint64_t distance, struct go_function *out)
{
    out->entry = t->text + word_at(t, entry_at(t, index));
    out->end = t->text + word_at(t, entry_at(t, index + 1));
    out->frame = value_at(t, word_at(t, function + PCSP), distance);
    out->name = name_of(t, function);
    return out->name != NULL;
}

bool go_pclntab_function(const struct go_pclntab *t, uint64_t pc, struct go_function *out)
{
    uint64_t index, function;
    *out = (struct go_function){0};
    if (!find_function(t, pc, &index, &function))
        return false;
    return fill_function(t, index, function, pc - t->text - word_at(t, entry_at(t, index)), out);
}

bool go_pclntab_nth(const struct go_pclntab *t, uint64_t index, struct go_function *out)
{
    uint64_t function;
    *out = (struct go_function){0};
    return index < t->functions && find_record(t, index, &function) &&
           fill_function(t, index, function, 0, out);
}

size_t go_pclntab_frame_sizes(
    const struct go_pclntab *t, const struct go_function *f, struct go_frame_size *out, size_t most)
{
    uint64_t index, function, from = 0;
    size_t count = 0;
    if (!find_function(t, f->entry, &index, &function))
        return 0;
    struct values v = values_of(t, word_at(t, function + PCSP));
    while (count < most && next_value(t, &v)) {
        out[count++] = (struct go_frame_size){f->entry + from, v.value};
        from = v.reached;
    }
    return count;
}

bool go_pclntab_named(const struct go_pclntab *t, const char *name, struct go_function *out)
{
    for (uint64_t i = 0; i < t->functions; i++)
        if (go_pclntab_nth(t, i, out) && strcmp(out->name, name) == 0)
            return true;
    return false;
}
