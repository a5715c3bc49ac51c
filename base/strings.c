/* SPDX-License-Identifier: MIT
 * A set of texts. */
#include "base/strings.h"

#include <stdlib.h>
#include <string.h>

/* Without this, uthash ends the program when memory runs out. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct string {
    UT_hash_handle hh;
    char text[];
};

struct strings {
    struct string *table;
};

struct strings *strings_new(void)
{
    return calloc(1, sizeof(struct strings));
}

static struct string *string_new(const char *text, size_t size)
{
    struct string *string = malloc(sizeof(*string) + size + 1);
    if (string)
        memcpy(string->text, text, size + 1);
    return string;
}

static struct string *add_string(struct strings *strings, const char *text, size_t size)
{
    struct string *string = string_new(text, size);
    if (!string)
        return NULL;
    HASH_ADD_KEYPTR(hh, strings->table, string->text, size, string);
    if (string->hh.tbl)
        return string;
    free(string);
    return NULL;
}

const char *strings_intern(struct strings *strings, const char *text)
{
    const size_t size = strlen(text);
    struct string *found;
    HASH_FIND(hh, strings->table, text, size, found);
    if (!found)
        found = add_string(strings, text, size);
    return found ? found->text : NULL;
}

void strings_free(struct strings *strings)
{
    struct string *string, *next;
    if (!strings)
        return;
    HASH_ITER(hh, strings->table, string, next)
    {
        HASH_DEL(strings->table, string); /* NOLINT: the analyzer cannot follow uthash's list */
        free(string);
    }
    free(strings);
}
