/* SPDX-License-Identifier: MIT
 * Samples as the text of a CSV, and back. */
#ifndef TESTS_SAMPLE_TEXT_H
#define TESTS_SAMPLE_TEXT_H

#include "base/sample.h"
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

/* The caller frees it. */
static inline char *written(const struct samples *samples)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    samples_write(samples, out);
    fclose(out);
    return text;
}

static inline int read_text(const char *text, struct samples *samples, struct err *err)
{
    FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    const int code = samples_read(in, "x.csv", samples, err);
    fclose(in);
    return code;
}

#endif
