/* SPDX-License-Identifier: MIT
 * The page of what a fuzzer's input was read as. */
#ifndef TESTS_FUZZ_PAGE_H
#define TESTS_FUZZ_PAGE_H

#include "analysis/report/report.h"

#include <stdlib.h>
#include <string.h>

/* Aborts where no page can be made, or a byte of the input is markup: it has one script, its own.
 */
static inline void check_page(
    const struct detect_file *detected, const struct ab_sessions *compared)
{
    struct dataset none = {0};
    const struct report_input input = {
        &none, detected, &(struct watch_files){0}, compared, NULL, NULL};
    struct report report;
    char *text = NULL;
    size_t size, scripts = 0;
    FILE *const out = open_memstream(&text, &size);
    if (!out || dataset_fold(&none, NULL) != 0 || report_init(&report, &input) != 0 ||
        report_html(&report, out) != 0)
        abort();
    fclose(out);
    for (const char *at = text; (at = strstr(at, "<script")); at++)
        scripts++;
    if (scripts != 1)
        abort();
    free(text);
    report_fini(&report);
    dataset_fini(&none);
}

#endif
