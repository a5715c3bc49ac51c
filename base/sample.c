/* SPDX-License-Identifier: MIT
 * Samples in memory and the strings that belong to them. sample_read.c and sample_write.c are
 * their CSV form. */
#include "base/sample.h"

#include <errno.h>
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

const char *samples_intern(struct samples *samples, const char *text)
{
    if (!samples->strings)
        samples->strings = strings_new();
    return samples->strings ? strings_intern(samples->strings, text) : NULL;
}

void samples_fini(struct samples *samples)
{
    free(samples->row);
    strings_free(samples->strings);
    *samples = (struct samples){0};
}
