/* SPDX-License-Identifier: MIT
 * Single values of detect's JSON: each kind's check and conversion, in both directions. */
#include "analysis/finding/finding_text.h"
#include "analysis/finding/line_map.h"
#include "analysis/report/detect_schema.h"
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer than any name, path or command line that detect records. */
enum { TEXT_MAX = 65536 };

static const char *text_of(const json_t *value)
{
    return json_string_length(value) <= TEXT_MAX ? json_string_value(value) : NULL;
}

static bool read_text(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    const char *const text = text_of(value);
    (void)key;
    if (text)
        *(const char **)member = view_pool_text(pool, text);
    return text;
}

static json_t *write_text(const struct key *key, const void *member)
{
    (void)key;
    return json_text(*(const char *const *)member);
}

static bool read_chars(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    const char *const text = text_of(value);
    (void)pool;
    if (text)
        snprintf(member, key->bytes, "%s", text);
    return text;
}

static json_t *write_chars(const struct key *key, const void *member)
{
    (void)key;
    return json_text(member);
}

static bool read_count(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    const json_int_t count = json_integer_value(value);
    (void)pool;
    if (!json_is_integer(value) || count < 0)
        return false;
    if (key->bytes == sizeof(uint64_t))
        *(uint64_t *)member = (uint64_t)count;
    else
        *(unsigned *)member = (unsigned)count;
    return true;
}

static json_t *write_count(const struct key *key, const void *member)
{
    const uint64_t count =
        key->bytes == sizeof(uint64_t) ? *(const uint64_t *)member : *(const unsigned *)member;
    return count == 0 && key->is & KEY_MAYBE ? json_null() : json_count(count);
}

static bool read_place(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    (void)key, (void)pool;
    *(int64_t *)member = json_integer_value(value);
    return json_is_integer(value);
}

static json_t *write_place(const struct key *key, const void *member)
{
    const int64_t place = *(const int64_t *)member;
    return place == -1 && key->is & KEY_MAYBE ? json_null() : json_integer(place);
}

static bool read_real(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    (void)key, (void)pool;
    *(double *)member = json_number_value(value);
    return json_is_number(value);
}

static json_t *write_real(const struct key *key, const void *member)
{
    (void)key;
    return json_number(*(const double *)member);
}

static bool read_flag(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    (void)key, (void)pool;
    *(bool *)member = json_is_true(value);
    return json_is_boolean(value);
}

static json_t *write_flag(const struct key *key, const void *member)
{
    (void)key;
    return json_boolean(*(const bool *)member);
}

static bool read_name(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    const char *const text = json_string_value(value);
    unsigned i = key->names[0] ? 0 : 1;
    (void)pool;
    while (text && key->names[i] && strcmp(text, key->names[i]) != 0)
        i++;
    *(unsigned *)member = i;
    return text && key->names[i];
}

static json_t *write_name(const struct key *key, const void *member)
{
    return json_text(key->names[*(const unsigned *)member]);
}

static bool letter_index(char letter, size_t *index)
{
    const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*";
    const char *const at = letter ? strchr(letters, letter) : NULL;
    *index = at ? (size_t)(at - letters) : 0;
    return at;
}

static bool read_letter(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    const char *const text = json_string_value(value);
    (void)key, (void)pool;
    return text && letter_index(text[0], member) && !text[1];
}

static json_t *write_letter(const struct key *key, const void *member)
{
    const char letter[] = {line_map_letter(*(const size_t *)member), '\0'};
    (void)key;
    return json_string(letter);
}

static bool read_letters(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    uint64_t *const set = member;
    size_t index;
    (void)key, (void)pool;
    *set = 0;
    for (const char *at = json_string_value(value); at && *at; at++) {
        if (!letter_index(*at, &index))
            return false;
        *set |= 1ull << index;
    }
    return json_is_string(value);
}

static json_t *write_letters(const struct key *key, const void *member)
{
    char letters[SHARING_SET_BITS + 1];
    (void)key;
    line_map_letters(*(const uint64_t *)member, letters, sizeof letters);
    return json_string(letters);
}

static bool read_address(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    const char *const text = json_string_value(value);
    char *end = NULL;
    (void)key, (void)pool;
    if (text)
        *(uint64_t *)member = strtoull(text, &end, 16);
    return text && end != text && !*end;
}

static json_t *write_address(const struct key *key, const void *member)
{
    char text[32];
    (void)key;
    snprintf(text, sizeof text, "%#" PRIx64, *(const uint64_t *)member);
    return json_string(text);
}

static bool read_ended(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    const char *const text = json_string_value(value);
    struct view_end *const end = member;
    char known[FINDING_TEXT];
    (void)key, (void)pool;
    *end = (struct view_end){.how = ENDED_SIGNAL};
    if (text && sscanf(text, "signal %d", &end->signal) == 1)
        return true;
    for (int how = ENDED_EXIT; text && how < ENDED_SIGNAL; how++) {
        *end = (struct view_end){.how = (enum process_end)how};
        if (strcmp(ended_text(end, known), text) == 0)
            return true;
    }
    return false;
}

static json_t *write_ended(const struct key *key, const void *member)
{
    char text[FINDING_TEXT];
    (void)key;
    return json_string(ended_text(member, text));
}

static bool read_words(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool)
{
    struct view_words *const words = member;
    (void)key;
    VIEW_LIST(pool, words, json_array_size(value));
    for (size_t i = 0; i < words->count; i++) {
        const char *const text = text_of(json_array_get(value, i));
        if (!text)
            return false;
        words->at[i] = view_pool_text(pool, text);
    }
    return json_is_array(value);
}

static json_t *write_words(const struct key *key, const void *member)
{
    const struct view_words *const words = member;
    json_t *const list = json_array();
    (void)key;
    for (size_t i = 0; i < words->count; i++)
        if (json_array_append_new(
                list, *words->at[i] ? json_text(words->at[i]) : json_string("")) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

const struct key_value key_values[] = {
    [KEY_TEXT] = {"is not a text of at most 64 KiB", read_text, write_text},
    [KEY_CHARS] = {"is not a text of at most 64 KiB", read_chars, write_chars},
    [KEY_COUNT] = {"is not a count", read_count, write_count},
    [KEY_PLACE] = {"is not a whole number", read_place, write_place},
    [KEY_REAL] = {"is not a number", read_real, write_real},
    [KEY_FLAG] = {"is neither true nor false", read_flag, write_flag},
    [KEY_NAME] = {"is not a word that is known", read_name, write_name},
    [KEY_LETTER] = {"is not the letter of a thread", read_letter, write_letter},
    [KEY_LETTERS] = {"is not letters of threads", read_letters, write_letters},
    [KEY_ADDRESS] = {"is not an address", read_address, write_address},
    [KEY_ENDED] = {"is not an end that is known", read_ended, write_ended},
    [KEY_WORDS] = {"is not a list of texts of at most 64 KiB", read_words, write_words},
};
