/* SPDX-License-Identifier: MIT
 * Reads samples from CSV by sample_columns: each field is bound to its column by its name. */
#include "base/sample.h"

#include "base/csv.h"
#include "base/number.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct sample_reader {
    const char *name;
    struct strings *strings;
    sample_fn *fn;
    void *context;
    struct sample empty, row; /* `row` has the cells that do not change from row to row */
    bool fresh;               /* no row since the header */
    size_t bound;             /* fields in the header; 0 before there is one */
    size_t schema;            /* which field is the first column, schema */
    /* What each field of a record is; NULL for a column unknown to this version. */
    const struct sample_column *column[CSV_FIELDS_MAX];
};

static const struct sample_column *find_column(const char *name)
{
    for (size_t i = 0; i < sample_column_count; i++)
        if (strcmp(sample_columns[i].name, name) == 0)
            return &sample_columns[i];
    return strcmp(sample_node_column.name, name) == 0 ? &sample_node_column : NULL;
}

static bool is_bound(
    const struct sample_reader *r, const struct sample_column *column, size_t fields)
{
    for (size_t i = 0; i < fields; i++)
        if (r->column[i] == column)
            return true;
    return false;
}

/* Columns after reference_for were added later; older files are still read. */
static int check_required(const struct sample_reader *r, size_t line, struct err *err)
{
    const struct sample_column *last = find_column("reference_for");
    for (const struct sample_column *column = sample_columns; column <= last; column++)
        if (!is_bound(r, column, r->bound))
            return err_set(err, -EINVAL,
                "%s:%zu: column '%s' is missing; is this a CSV of numaprobe?", r->name, line,
                column->name);
    return 0;
}

static int bind_header(struct sample_reader *r, const struct csv_record *record, struct err *err)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct sample_column *column = find_column(record->text[i]);
        if (column && is_bound(r, column, i))
            return err_set(err, -EINVAL, "%s:%zu: column '%s' appears twice", r->name, record->line,
                column->name);
        r->column[i] = column;
        if (column == sample_columns)
            r->schema = i;
    }
    r->bound = record->count;
    r->row = r->empty;
    r->fresh = true;
    return check_required(r, record->line, err);
}

/* Files may have been joined by cat, so a header may appear again, perhaps a different one. */
static bool is_header(const struct sample_reader *r, const struct csv_record *record)
{
    return r->bound == 0 ||
           (r->schema < record->count && strcmp(record->text[r->schema], "schema") == 0);
}

static bool read_int(const char *text, int64_t *out)
{
    const char *end = number_i64(text, out);
    return end && *end == '\0' && *out != SAMPLE_NONE;
}

static bool read_real(const char *text, double *out)
{
    const char *end = number_real(text, out);
    return end && *end == '\0';
}

static int read_text(struct sample_reader *r, const char *text, const char **out)
{
    *out = strings_intern(r->strings, text);
    return *out ? 0 : -ENOMEM;
}

static void clear_cell(struct sample_reader *r, const struct sample_column *column)
{
    const bool text = column->type == SAMPLE_TYPE_TEXT;
    memcpy((char *)&r->row + column->offset, (const char *)&r->empty + column->offset,
        text ? sizeof(const char *) : sizeof(int64_t));
}

static int read_cell(struct sample_reader *r, size_t i, const char *text)
{
    const struct sample_column *column = r->column[i];
    if (!column)
        return 0;
    if (!*text) {
        clear_cell(r, column);
        return 0;
    }
    void *cell = (char *)&r->row + column->offset;
    if (column->type == SAMPLE_TYPE_TEXT)
        return read_text(r, text, cell);
    if (column->type == SAMPLE_TYPE_INT)
        return read_int(text, cell) ? 0 : -EINVAL;
    return read_real(text, cell) ? 0 : -EINVAL;
}

static int bad_cell(const struct sample_reader *r, const struct csv_record *record, size_t i,
    int code, struct err *err)
{
    if (code == -ENOMEM)
        return err_set(err, code, "%s:%zu: out of memory", r->name, record->line);
    return err_set(err, code, "%s:%zu: column '%s': '%.40s' is not a %s", r->name, record->line,
        r->column[i]->name, record->text[i],
        r->column[i]->type == SAMPLE_TYPE_INT ? "whole number" : "finite number");
}

/* The times of a row; of a single op 0 is one, since the clock's own cost is subtracted. */
static const struct time_column {
    size_t offset;
    bool zero;
} times[] = {
    {offsetof(struct sample, seconds), false},
    {offsetof(struct sample, ns_per_op), false},
    {offsetof(struct sample, canary_ns), false},
    {offsetof(struct sample, canary_after_ns), false},
    {offsetof(struct sample, lat_min_ns), true},
    {offsetof(struct sample, lat_p50_ns), true},
    {offsetof(struct sample, lat_p90_ns), true},
    {offsetof(struct sample, lat_p99_ns), true},
    {offsetof(struct sample, lat_p999_ns), true},
    {offsetof(struct sample, lat_max_ns), true},
};

static int bad_time(const struct sample_reader *r, const struct csv_record *record,
    const struct time_column *time, struct err *err)
{
    size_t i = 0;
    while (!r->column[i] || r->column[i]->offset != time->offset)
        i++;
    return err_set(err, -EINVAL, "%s:%zu: column '%s': '%.40s' is not a time%s", r->name,
        record->line, r->column[i]->name, record->text[i],
        time->zero ? "" : "; it must be above zero where the row is accepted");
}

/* A trial that was rejected may have had no time in common: its seconds are 0. */
static int check_times(const struct sample_reader *r, const struct csv_record *record,
    const struct sample *sample, struct err *err)
{
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const double *const value = (const void *)((const char *)sample + times[i].offset);
        if (*value < 0 || (*value == 0 && sample->accepted == 1 && !times[i].zero))
            return bad_time(r, record, &times[i], err);
    }
    return 0;
}

static int check_row(const struct sample_reader *r, const struct csv_record *record,
    const struct sample *sample, struct err *err)
{
    if (sample->schema == SAMPLE_NONE)
        return err_set(err, -EINVAL, "%s:%zu: the schema is empty; it must be %d", r->name,
            record->line, SAMPLE_SCHEMA);
    if (sample->schema != SAMPLE_SCHEMA)
        return err_set(err, -EINVAL,
            "%s:%zu: schema %" PRId64 " is not schema %d, which this version reads", r->name,
            record->line, sample->schema, SAMPLE_SCHEMA);
    return check_times(r, record, sample, err);
}

static int read_row(struct sample_reader *r, const struct csv_record *record, struct err *err)
{
    if (record->count != r->bound)
        return err_set(err, -EINVAL, "%s:%zu: %zu fields, but the header has %zu", r->name,
            record->line, record->count, r->bound);
    const size_t cells = r->fresh ? record->count : record->changes;
    for (size_t i = 0; i < cells; i++) {
        const size_t at = r->fresh ? i : record->changed[i];
        const int code = read_cell(r, at, record->text[at]);
        if (code)
            return bad_cell(r, record, at, code, err);
    }
    r->fresh = false;
    const int code = check_row(r, record, &r->row, err);
    return code ? code : r->fn(r->context, &r->row, err);
}

int sample_reader_add(struct sample_reader *r, const struct csv_record *record, struct err *err)
{
    return is_header(r, record) ? bind_header(r, record, err) : read_row(r, record, err);
}

struct sample_reader *sample_reader_new(
    const char *name, struct strings *strings, sample_fn *fn, void *context)
{
    struct sample_reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->name = name;
    r->strings = strings;
    r->fn = fn;
    r->context = context;
    sample_clear(&r->empty);
    return r;
}

void sample_reader_free(struct sample_reader *reader)
{
    free(reader);
}

static int push_row(void *context, const struct sample *row, struct err *err)
{
    return samples_push(context, row) == 0 ? 0
                                           : err_set(err, -ENOMEM, "out of memory for the rows");
}

static int add_record(void *context, const struct csv_record *record, struct err *err)
{
    return sample_reader_add(context, record, err);
}

int samples_read(FILE *in, const char *name, struct samples *samples, struct err *err)
{
    const size_t before = samples->count;
    const bool first = !samples->strings;
    if (first)
        samples->strings = strings_new();
    struct sample_reader *r =
        samples->strings ? sample_reader_new(name, samples->strings, push_row, samples) : NULL;
    if (!r)
        return err_set(err, -ENOMEM, "%s: out of memory", name);
    int code = csv_read(in, name, add_record, r, err);
    if (!code && r->bound == 0)
        code = err_set(err, -EINVAL, "%s:1: empty: there is no header line", name);
    if (code)
        samples->count = before;
    if (code && first) {
        strings_free(samples->strings);
        samples->strings = NULL;
    }
    sample_reader_free(r);
    return code;
}
