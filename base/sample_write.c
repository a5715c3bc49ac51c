/* SPDX-License-Identifier: MIT
 * Writes samples as CSV by sample_columns. */
#include "base/sample.h"

#include "base/csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

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
