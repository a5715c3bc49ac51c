/* SPDX-License-Identifier: MIT
 * libFuzzer: any bytes are read as detect's JSON or refused with a message; of what was read a page
 * can be made, with no byte of it as markup. */
#include "tests/fuzz/page.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct detect_file detected = {0};
    struct err err = {0};
    FILE *const in = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    if (!in)
        return 0;
    detect_file_is_json(in);
    const int code = detect_file_read(in, "fuzz.json", &detected, &err);
    if (code != err.code || (code != 0) != (err.text[0] != '\0') || (code && detected.files))
        abort();
    if (code == 0)
        check_page(&detected, &(struct ab_sessions){0});
    detect_file_fini(&detected);
    fclose(in);
    return 0;
}
