/* SPDX-License-Identifier: MIT
 * Rows of a stat CSV, along one table of its columns. */
#include "analysis/dataset/dataset_internal.h"
#include "base/grow.h"
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 14 };

static const struct column {
    const char *name;
    enum sample_type type;
    size_t offset;
} columns[COLUMNS] = {
#define COLUMN(name, type)                                                                         \
    {                                                                                              \
#name, SAMPLE_TYPE_##type, offsetof(struct dataset_stat, name)                             \
    }
    COLUMN(tool, TEXT), COLUMN(host, TEXT), COLUMN(cpu_model, TEXT), COLUMN(kernel, TEXT),
    COLUMN(command, TEXT), COLUMN(seconds, REAL), COLUMN(status, INT), COLUMN(cpu, INT),
    COLUMN(role, TEXT), COLUMN(event, TEXT), COLUMN(scope, TEXT), COLUMN(count, INT),
    COLUMN(share, REAL), COLUMN(reason, TEXT)
#undef COLUMN
};

struct stat_reader {
    const char *name;
    struct dataset *dataset;
    size_t fields;
    size_t field[COLUMNS]; /* where in the record each column is */
};

struct stat_reader *stat_reader_new(const char *name, struct dataset *dataset)
{
    struct stat_reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->name = name;
    r->dataset = dataset;
    return r;
}

void stat_reader_free(struct stat_reader *reader)
{
    free(reader);
}

static size_t find_column(const struct csv_record *record, const char *name)
{
    size_t i = 0;
    while (i < record->count && strcmp(record->text[i], name) != 0)
        i++;
    return i;
}

static int bind_header(struct stat_reader *r, const struct csv_record *record, struct err *err)
{
    r->fields = record->count;
    for (size_t i = 0; i < COLUMNS; i++) {
        r->field[i] = find_column(record, columns[i].name);
        if (r->field[i] == record->count)
            return err_set(err, -EINVAL,
                "%s:%zu: column '%s' is missing; is this a CSV of numaprobe stat?", r->name,
                record->line, columns[i].name);
    }
    return 0;
}

static int read_cell(struct strings *strings, enum sample_type type, const char *text, void *out)
{
    const char *end = "";
    if (type == SAMPLE_TYPE_TEXT) {
        *(const char **)out = strings_intern(strings, text);
        return *(const char **)out ? 0 : -ENOMEM;
    }
    if (type == SAMPLE_TYPE_INT)
        end = *text ? number_i64(text, out) : (*(int64_t *)out = SAMPLE_NONE, "");
    else
        end = *text ? number_real(text, out) : (*(double *)out = NAN, "");
    return end && *end == '\0' ? 0 : -EINVAL;
}

static int read_row(const struct stat_reader *r, const struct csv_record *record,
    struct dataset_stat *out, struct err *err)
{
    if (record->count != r->fields)
        return err_set(err, -EINVAL, "%s:%zu: %zu fields, but the header has %zu", r->name,
            record->line, record->count, r->fields);
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *const text = record->text[r->field[i]];
        const int code =
            read_cell(r->dataset->strings, columns[i].type, text, (char *)out + columns[i].offset);
        if (code == -ENOMEM)
            return err_set(err, code, "%s:%zu: out of memory", r->name, record->line);
        if (code)
            return err_set(err, code, "%s:%zu: column '%s': '%.40s' is not a number", r->name,
                record->line, columns[i].name, text);
    }
    return 0;
}

int stat_reader_add(struct stat_reader *r, const struct csv_record *record, struct err *err)
{
    if (find_column(record, "tool") < record->count && find_column(record, "event") < record->count)
        return bind_header(r, record, err);
    struct dataset_stat stat = {.source = strings_intern(r->dataset->strings, r->name)};
    const int code = read_row(r, record, &stat, err);
    if (code)
        return code;
    if (!stat.source || GROW(r->dataset->stat, r->dataset->stats))
        return err_set(err, -ENOMEM, "%s:%zu: out of memory", r->name, record->line);
    r->dataset->stat[r->dataset->stats++] = stat;
    return 0;
}

static int copy_stat(
    struct strings *strings, const struct dataset_stat *from, struct dataset_stat *to)
{
    *to = *from;
    to->source = strings_intern(strings, from->source);
    int failed = !to->source;
    for (size_t i = 0; i < COLUMNS && !failed; i++)
        if (columns[i].type == SAMPLE_TYPE_TEXT) {
            const char **const text = (void *)((char *)to + columns[i].offset);
            *text = strings_intern(strings, *text);
            failed = !*text;
        }
    return failed ? -ENOMEM : 0;
}

int dataset_add_stats(struct dataset *dataset, const struct dataset *from)
{
    if (!dataset->strings)
        dataset->strings = strings_new();
    for (size_t i = 0; i < from->stats; i++) {
        if (!dataset->strings || GROW(dataset->stat, dataset->stats) ||
            copy_stat(dataset->strings, &from->stat[i], &dataset->stat[dataset->stats]))
            return -ENOMEM;
        dataset->stats++;
    }
    return 0;
}
