/* SPDX-License-Identifier: MIT
 * Samples in memory and the strings that belong to them. Writes their CSV
 * by sample_columns; sample_read.c reads it. */
#include "base/sample.h"

#include "base/csv.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

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
    sample->fleet_node = "";
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

void samples_fini(struct samples *samples)
{
    free(samples->row);
    strings_free(samples->strings);
    *samples = (struct samples){0};
}

static const void *cell_of(const struct sample *sample, const struct sample_column *column)
{
    return (const char *)sample + column->offset;
}

/* Prints the shortest digits that read back to the same double. Fewer than 15 need no attempt: %g
 * drops trailing zeros. */
static void print_real(FILE *out, double value, bool first)
{
    char text[40] = "";
    for (int digits = 15; isfinite(value) && digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    csv_print(out, text, first);
}

static void print_int(FILE *out, int64_t value, bool first)
{
    char text[24] = "";
    if (value != SAMPLE_NONE)
        snprintf(text, sizeof(text), "%" PRId64, value);
    csv_print(out, text, first);
}

static void print_cell(FILE *out, const struct sample *sample, size_t i)
{
    const void *cell = cell_of(sample, &sample_columns[i]);
    if (sample_columns[i].type == SAMPLE_TYPE_REAL)
        print_real(out, *(const double *)cell, i == 0);
    else if (sample_columns[i].type == SAMPLE_TYPE_INT)
        print_int(out, *(const int64_t *)cell, i == 0);
    else
        csv_print(out, *(const char *const *)cell ? *(const char *const *)cell : "", i == 0);
}

void samples_write_header(FILE *out)
{
    for (size_t i = 0; i < sample_column_count; i++)
        csv_print(out, sample_columns[i].name, i == 0);
    csv_end(out);
}

void sample_write(const struct sample *sample, FILE *out)
{
    for (size_t i = 0; i < sample_column_count; i++)
        print_cell(out, sample, i);
    csv_end(out);
}

void samples_write(const struct samples *samples, FILE *out)
{
    samples_write_header(out);
    for (size_t row = 0; row < samples->count; row++)
        sample_write(&samples->row[row], out);
}
