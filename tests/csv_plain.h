/* SPDX-License-Identifier: MIT
 * base/csv against libcsv alone: the same records, or both refuse. Without NUL bytes and over-long
 * fields, which libcsv knows nothing of. */
#ifndef TESTS_CSV_PLAIN_H
#define TESTS_CSV_PLAIN_H

#include "base/csv.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fields end with 1, records with 2: bytes that the inputs compared do not have. */
static inline void plain_field(void *text, size_t size, void *out)
{
    fwrite(text, 1, size, out);
    putc(1, out);
}

static inline void plain_record(int end, void *out)
{
    (void)end;
    putc(2, out);
}

static inline int plain_no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static inline int plain_read(const char *bytes, size_t size, FILE *out)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI))
        abort();
    csv_set_space_func(&parser, plain_no_space);
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        bytes += 3, size -= 3;
    const bool ok = csv_parse(&parser, bytes, size, plain_field, plain_record, out) == size &&
                    csv_fini(&parser, plain_field, plain_record, out) == 0;
    csv_free(&parser);
    return ok ? 0 : -1;
}

struct ours {
    FILE *out;
    char **last; /* the record before */
    size_t count;
};

static inline void ours_keep(struct ours *o, const struct csv_record *record)
{
    for (size_t i = 0; i < o->count; i++)
        free(o->last[i]);
    o->last = realloc(o->last, (record->count + 1) * sizeof *o->last);
    o->count = record->count;
    for (size_t i = 0; i < record->count; i++)
        o->last[i] = strdup(record->text[i]);
}

/* Ends the process where a field changed and was not said to have. */
static inline void ours_check(const struct ours *o, const struct csv_record *record)
{
    size_t k = 0;
    for (size_t i = 0; i < record->count; i++) {
        if (strlen(record->text[i]) != record->size[i])
            abort();
        if (k < record->changes && record->changed[k] == i)
            k++;
        else if (o->count != record->count || strcmp(o->last[i], record->text[i]) != 0)
            abort();
    }
    if (k != record->changes)
        abort();
}

static inline int ours_record(void *context, const struct csv_record *record, struct err *err)
{
    struct ours *o = context;
    (void)err;
    ours_check(o, record);
    ours_keep(o, record);
    for (size_t i = 0; i < record->count; i++)
        plain_field(record->text[i], record->size[i], o->out);
    plain_record(0, o->out);
    return 0;
}

/* Whether both agree about the bytes. */
static inline bool csv_agrees(char *bytes, size_t size)
{
    char *want, *got;
    size_t want_size, got_size;
    FILE *plain = open_memstream(&want, &want_size), *out = open_memstream(&got, &got_size);
    FILE *in = size ? fmemopen(bytes, size, "r") : fopen("/dev/null", "r");
    struct ours ours = {.out = out};
    const int refused = plain_read(bytes, size, plain);
    const int code = csv_read(in, "x", ours_record, &ours, NULL);
    for (size_t i = 0; i < ours.count; i++)
        free(ours.last[i]);
    free(ours.last);
    fclose(in);
    fclose(plain);
    fclose(out);
    /* What was handed on before the error may be a record more or less. */
    const bool same = refused
                          ? code != 0
                          : code == 0 && want_size == got_size && memcmp(want, got, got_size) == 0;
    free(want);
    free(got);
    return same;
}

#endif
