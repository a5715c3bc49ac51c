/* SPDX-License-Identifier: MIT
 * libFuzzer: any bytes are read as samples or refused with a message; what was read survives write
 * and read unchanged. The header is long, so that an input that begins with 'H' gets a whole one
 * before it. */
#include "base/sample.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int read_bytes(char *bytes, size_t size, struct samples *samples, struct err *err)
{
    FILE *in = fmemopen(bytes, size, "r");
    if (!in)
        abort();
    const int code = samples_read(in, "fuzz.csv", samples, err);
    fclose(in);
    return code;
}

/* Reals are compared as bits: -0 must stay -0, and NaN is the one that sample_clear sets. */
static bool equal(const struct sample *a, const struct sample *b)
{
    for (size_t i = 0; i < sample_column_count; i++) {
        const void *x = (const char *)a + sample_columns[i].offset;
        const void *y = (const char *)b + sample_columns[i].offset;
        const bool text = sample_columns[i].type == SAMPLE_TYPE_TEXT;
        if (text ? strcmp(*(const char *const *)x, *(const char *const *)y) : memcmp(x, y, 8))
            return false;
    }
    return true;
}

static void check_round_trip(const struct samples *samples)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    samples_write(samples, out);
    fclose(out);
    struct samples again = {0};
    if (read_bytes(text, size, &again, NULL) != 0 || again.count != samples->count)
        abort();
    for (size_t i = 0; i < again.count; i++)
        if (!equal(&samples->row[i], &again.row[i]))
            abort();
    samples_fini(&again);
    free(text);
}

static char *input_new(const uint8_t *data, size_t size, size_t *length)
{
    const struct samples none = {0};
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    const bool header = data[0] == 'H';
    if (header)
        samples_write(&none, out);
    fwrite(data + header, 1, size - header, out);
    fclose(out);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length;
    char *text = size > 0 ? input_new(data, size, &length) : NULL;
    struct samples samples = {0};
    struct err err = {0};
    if (!text)
        return 0;
    const int code = read_bytes(text, length, &samples, &err);
    if (code != err.code || (code != 0) != (err.text[0] != '\0') || (code && samples.count))
        abort();
    if (code == 0)
        check_round_trip(&samples);
    samples_fini(&samples);
    free(text);
    return 0;
}
