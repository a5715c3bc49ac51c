/* SPDX-License-Identifier: MIT
 * The end of a function's name is how it gets the key. */
#include "analysis/go/map_function.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const go_map_functions[] = {
    "runtime.mapaccess*", "runtime.mapassign*", "runtime.mapdelete*", "runtime.mapclear", NULL};

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), part = strlen(end);
    return length >= part && strcmp(text + length - part, end) == 0;
}

bool go_name_matches(const char *name, const char *pattern)
{
    const size_t length = strlen(pattern);
    return length > 0 && pattern[length - 1] == '*' ? strncmp(name, pattern, length - 1) == 0
                                                    : strcmp(name, pattern) == 0;
}

/* mapaccess1_fat calls mapaccess1, which has the key. */
static enum go_key_passed key_of(const char *name)
{
    static const struct {
        const char *end;
        enum go_key_passed key;
    } ends[] = {{"_fast32", GO_KEY_32}, {"_fast64", GO_KEY_64}, {"_fast32ptr", GO_KEY_32},
        {"_fast64ptr", GO_KEY_64}, {"_faststr", GO_KEY_TEXT}, {"_fat", GO_KEY_NONE},
        {"clear", GO_KEY_NONE}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(name, ends[i].end))
            return ends[i].key;
    return GO_KEY_AT;
}

bool go_map_function_is(const char *name, struct go_map_function *out)
{
    static const struct {
        const char *prefix, *operation;
        bool writes;
    } functions[] = {{"runtime.mapaccess", "read", false}, {"runtime.mapassign", "write", true},
        {"runtime.mapdelete", "delete", true}, {"runtime.mapclear", "clear", true}};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (begins_with(name, functions[i].prefix)) {
            *out =
                (struct go_map_function){functions[i].operation, functions[i].writes, key_of(name)};
            return true;
        }
    return false;
}

/* What every type has, and behind it of a map the types of its keys and values. */
enum { TYPE_BYTES = 48, KIND_AT = 23, KIND_MASK = 31, WORD = 8 };
enum { KIND_INT = 2, KIND_INT64 = 6, KIND_UINTPTR = 12, KIND_CHAN = 18, KIND_POINTER = 22 };

unsigned go_map_key_kind(const struct go_binary *binary, uint64_t map_type)
{
    uint64_t key = 0;
    const uint8_t *const map = go_binary_code(binary, map_type, TYPE_BYTES + WORD);
    if (map)
        memcpy(&key, map + TYPE_BYTES, sizeof key);
    const uint8_t *const type = key ? go_binary_code(binary, key, TYPE_BYTES) : NULL;
    return type ? type[KIND_AT] & KIND_MASK : 0;
}

/* Bytes of UTF-8 are left; control codes and quotes are not. */
static size_t escape(uint8_t c, char *out, size_t size)
{
    if (c < ' ' || c == 0x7f)
        return (size_t)snprintf(out, size, "\\x%02x", c);
    return (size_t)snprintf(out, size, "%s%c", c == '"' || c == '\\' ? "\\" : "", c);
}

static const char *text_key(const struct go_map_key *key, char *out, size_t size)
{
    enum { ESCAPED = 5 };
    size_t at = (size_t)snprintf(out, size, "\"");
    for (size_t i = 0; i < key->copied && at + ESCAPED < size; i++)
        at += escape(key->bytes[i], out + at, size - at);
    if (key->copied < key->size)
        snprintf(out + at, size - at, "\"... of %zu bytes", key->size);
    else
        snprintf(out + at, size - at, "\"");
    return out;
}

static const char *bytes_key(const struct go_map_key *key, char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "0x");
    for (size_t i = 0; i < key->copied && at + 4 < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%02x", key->bytes[i]);
    if (key->copied < key->size)
        snprintf(out + at, size - at, "... of %zu bytes", key->size);
    return out;
}

/* Of fewer than 64 bits, as the processor would extend it. */
static int64_t extended(uint64_t value, size_t bytes)
{
    const unsigned shift = (unsigned)(64 - 8 * bytes);
    return (int64_t)(value << shift) >> shift;
}

const char *go_map_key_text(const struct go_map_key *key, char *out, size_t size)
{
    uint64_t value = 0;
    if (key->is_text)
        return text_key(key, out, size);
    const bool fits = key->size > 0 && key->size <= sizeof value && key->copied == key->size;
    const bool is_pointer = key->kind == KIND_CHAN || key->kind == KIND_POINTER;
    if (!fits || (key->kind > KIND_UINTPTR && !is_pointer))
        return bytes_key(key, out, size);
    memcpy(&value, key->bytes, key->size);
    if (is_pointer)
        snprintf(out, size, "%#" PRIx64, value);
    else if (key->kind >= KIND_INT && key->kind <= KIND_INT64)
        snprintf(out, size, "%" PRId64, extended(value, key->size));
    else
        snprintf(out, size, "%" PRIu64, value);
    return out;
}
