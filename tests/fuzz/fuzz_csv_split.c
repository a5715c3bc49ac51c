/* SPDX-License-Identifier: MIT
 * libFuzzer: base/csv and libcsv alone make the same of any bytes. */
#include "tests/csv_plain.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size + 1);
    if (!bytes || memchr(data, '\0', size) || memchr(data, 1, size) || memchr(data, 2, size)) {
        free(bytes);
        return 0;
    }
    memcpy(bytes, data, size);
    if (!csv_agrees(bytes, size))
        abort();
    free(bytes);
    return 0;
}
