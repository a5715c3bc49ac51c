/* SPDX-License-Identifier: MIT
 * libFuzzer: any bytes are read as detect's JSON or refused with a message; of what was read a page
 * can be made, with no byte of it as markup. */
#include "analysis/report/report.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_scripts(const char *page)
{
    size_t count = 0;
    while ((page = strstr(page, "<script"))) {
        count++;
        page++;
    }
    return count;
}

static void check_page(const struct detect_file *detected)
{
    static const struct ab_sessions compared;
    struct dataset none = {0};
    struct report report;
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    if (!out || dataset_fold(&none, NULL) != 0 ||
        report_init(&report, &(struct report_input){&none, detected, &compared}) != 0 ||
        report_html(&report, out) != 0)
        abort();
    fclose(out);
    if (count_scripts(text) != 1)
        abort();
    free(text);
    report_fini(&report);
    dataset_fini(&none);
}

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
        check_page(&detected);
    detect_file_fini(&detected);
    fclose(in);
    return 0;
}
