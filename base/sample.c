/* SPDX-License-Identifier: MIT
 * Samples in memory and the strings that belong to them. Their CSV form is in sample_csv.c. */
#include "base/sample.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
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

void sample_clear(struct sample *sample)
{
    for (size_t i = 0; i < sample_column_count; i++) {
        void *cell = (char *)sample + sample_columns[i].offset;
        if (sample_columns[i].type == SAMPLE_TYPE_TEXT)
            *(const char **)cell = "";
        else if (sample_columns[i].type == SAMPLE_TYPE_INT)
            *(int64_t *)cell = SAMPLE_NONE;
        else
            *(double *)cell = NAN;
    }
}

int samples_push(struct samples *samples, const struct sample *sample)
{
    if (samples->count == samples->capacity) {
        /* By halves, not doubled: a million rows are 500 MB. */
        const size_t capacity = samples->capacity + samples->capacity / 2 + 64;
        struct sample *row = reallocarray(samples->row, capacity, sizeof(*row));
        if (!row)
            return -ENOMEM;
        samples->row = row;
        samples->capacity = capacity;
    }
    samples->row[samples->count++] = *sample;
    return 0;
}

static struct string *string_new(const char *text, size_t size)
{
    struct string *string = malloc(sizeof(*string) + size + 1);
    if (string)
        memcpy(string->text, text, size + 1);
    return string;
}

static struct string *strings_add(struct strings *strings, const char *text, size_t size)
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

const char *samples_intern(struct samples *samples, const char *text)
{
    if (!samples->strings)
        samples->strings = calloc(1, sizeof(*samples->strings));
    if (!samples->strings)
        return NULL;
    const size_t size = strlen(text);
    struct string *found;
    HASH_FIND(hh, samples->strings->table, text, size, found);
    if (!found)
        found = strings_add(samples->strings, text, size);
    return found ? found->text : NULL;
}

static void strings_free(struct strings *strings)
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

void samples_fini(struct samples *samples)
{
    free(samples->row);
    strings_free(samples->strings);
    *samples = (struct samples){0};
}
