/* SPDX-License-Identifier: MIT
 * Single values of detect's JSON: each kind's check and conversion, in both directions. */
#include "analysis/finding/finding_text.h"
#include "analysis/finding/line_map.h"
#include "analysis/report/detect_schema.h"
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer than any name, path or command line that detect records. */
enum { TEXT_MAX = 65536 };

static const char *text_of(const json_t *value)
{
    const char *const text = json_string_value(value);
    return text && json_string_length(value) <= TEXT_MAX ? text : NULL;
}

static bool read_count(const struct key *key, const json_t *value, void *member)
{
    const json_int_t count = json_integer_value(value);
    if (key->bytes == sizeof(uint64_t))
        *(uint64_t *)member = (uint64_t)count;
    else
        *(unsigned *)member = (unsigned)count;
    return json_is_integer(value) && count >= 0;
}

static bool read_name(const struct key *key, const char *text, unsigned *out)
{
    *out = key->names[0] ? 0 : 1;
    while (key->names[*out] && strcmp(text, key->names[*out]) != 0)
        ++*out;
    return key->names[*out];
}

static bool read_letters(const char *text, uint64_t *set)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*";
    *set = 0;
    for (; *text && strchr(letters, *text); text++)
        *set |= 1ull << (strchr(letters, *text) - letters);
    return !*text;
}

static bool read_letter(const char *text, size_t *thread)
{
    uint64_t set;
    const bool is_one = read_letters(text, &set) && *text && !text[1];
    *thread = is_one ? (size_t)__builtin_ctzll(set) : 0;
    return is_one;
}

static bool read_address(const char *text, uint64_t *address)
{
    char *end;
    *address = strtoull(text, &end, 16);
    return end != text && !*end;
}

static bool read_end(const char *text, struct view_end *out)
{
    char known[FINDING_TEXT];
    *out = (struct view_end){.how = ENDED_SIGNAL};
    if (sscanf(text, "signal %d", &out->signal) == 1)
        return true;
    for (out->how = ENDED_EXIT; out->how < ENDED_SIGNAL; out->how++)
        if (strcmp(ended_text(out, known), text) == 0)
            return true;
    return false;
}

static bool read_text(const struct key *key, const char *text, void *member, struct view_pool *pool)
{
    switch (key->is & KEY_KIND) {
    case KEY_TEXT:
        *(const char **)member = view_pool_text(pool, text);
        return true;
    case KEY_CHARS:
        snprintf(member, key->bytes, "%s", text);
        return true;
    case KEY_NAME:
        return read_name(key, text, member);
    case KEY_LETTER:
        return read_letter(text, member);
    case KEY_LETTERS:
        return read_letters(text, member);
    case KEY_ADDRESS:
        return read_address(text, member);
    default:
        return read_end(text, member);
    }
}

static bool read_words(const json_t *value, struct view_words *words, struct view_pool *pool)
{
    VIEW_LIST(pool, words, json_array_size(value));
    for (size_t i = 0; i < words->count; i++) {
        const char *const text = text_of(json_array_get(value, i));
        if (!text)
            return false;
        words->at[i] = view_pool_text(pool, text);
    }
    return json_is_array(value);
}

static bool read_any(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    switch (key->is & KEY_KIND) {
    case KEY_COUNT:
        return read_count(key, value, member);
    case KEY_PLACE:
        *(int64_t *)member = json_integer_value(value);
        return json_is_integer(value);
    case KEY_REAL:
        *(double *)member = json_number_value(value);
        return json_is_number(value);
    case KEY_FLAG:
        *(bool *)member = json_is_true(value);
        return json_is_boolean(value);
    case KEY_WORDS:
        return read_words(value, member, pool);
    default:
        return text_of(value) && read_text(key, text_of(value), member, pool);
    }
}

const char *detect_value_read(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    static const char *const is_not[] = {[KEY_TEXT] = "is not a text of at most 64 KiB",
        [KEY_CHARS] = "is not a text of at most 64 KiB",
        [KEY_COUNT] = "is not a count",
        [KEY_PLACE] = "is not a whole number",
        [KEY_REAL] = "is not a number",
        [KEY_FLAG] = "is neither true nor false",
        [KEY_NAME] = "is not a word that is known",
        [KEY_LETTER] = "is not the letter of a thread",
        [KEY_LETTERS] = "is not letters of threads",
        [KEY_ADDRESS] = "is not an address",
        [KEY_END] = "is not an end that is known",
        [KEY_WORDS] = "is not a list of texts of at most 64 KiB"};
    return read_any(key, value, member, pool) ? NULL : is_not[key->is & KEY_KIND];
}

static json_t *write_words(const struct view_words *words)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < words->count; i++)
        if (json_array_append_new(
                list, *words->at[i] ? json_text(words->at[i]) : json_string("")) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *write_text(const struct key *key, const void *member)
{
    char text[FINDING_TEXT] = "";
    if ((key->is & KEY_KIND) == KEY_LETTER)
        text[0] = line_map_letter(*(const size_t *)member);
    else if ((key->is & KEY_KIND) == KEY_LETTERS)
        line_map_letters(*(const uint64_t *)member, text, sizeof text);
    else if ((key->is & KEY_KIND) == KEY_ADDRESS)
        snprintf(text, sizeof text, "%#" PRIx64, *(const uint64_t *)member);
    else
        ended_text(member, text);
    return json_string(text);
}

static json_t *write_count(const struct key *key, const void *member)
{
    const uint64_t count =
        key->bytes == sizeof(uint64_t) ? *(const uint64_t *)member : *(const unsigned *)member;
    return count == 0 && key->is & KEY_MAYBE ? json_null() : json_count(count);
}

json_t *detect_value_write(const struct key *key, const void *member)
{
    switch (key->is & KEY_KIND) {
    case KEY_TEXT:
        return json_text(*(const char *const *)member);
    case KEY_CHARS:
        return json_text(member);
    case KEY_COUNT:
        return write_count(key, member);
    case KEY_PLACE:
        return json_index(*(const int64_t *)member, key->is & KEY_MAYBE ? -1 : INT64_MIN);
    case KEY_REAL:
        return json_number(*(const double *)member);
    case KEY_FLAG:
        return json_boolean(*(const bool *)member);
    case KEY_NAME:
        return json_text(key->names[*(const unsigned *)member]);
    case KEY_WORDS:
        return write_words(member);
    default:
        return write_text(key, member);
    }
}
