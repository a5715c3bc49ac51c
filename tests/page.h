/* SPDX-License-Identifier: MIT
 * The page of a dataset, and its sections, for the tests of report. */
#ifndef TESTS_PAGE_H
#define TESTS_PAGE_H

#include "analysis/report/report.h"
#include "tests/made.h"

#include <errno.h>
#include <stdlib.h>

/* The page without charts, as where there is no gnuplot. Inlined, gcc takes the stream's buffer for
 * a local variable and warns. */
__attribute__((noinline, unused)) static char *page_of(
    const struct dataset *dataset, struct report *report)
{
    static const struct detect_file no_programs;
    static const struct watch_files nothing_watched;
    static const struct ab_sessions nothing_compared;
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    assert_int_equal(report_init(report, &(struct report_input){dataset, &no_programs,
                                             &nothing_watched, &nothing_compared, NULL, NULL}),
        0);
    err_set(&report->no_charts, -ENOENT, "no gnuplot here");
    assert_int_equal(report_html(report, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* From where a section begins to its end; the caller frees it. */
static inline char *section(const char *page, const char *id)
{
    char mark[64];
    snprintf(mark, sizeof mark, "<section id=\"%s\">", id);
    const char *const from = strstr(page, mark);
    if (!from)
        fail_msg("no section '%s'", id);
    const char *const to = strstr(from, "</section>");
    return strndup(from, (size_t)(to - from));
}

static inline void check_section(const char *page, const char *id, const char *part)
{
    char *const text = section(page, id);
    has(text, part);
    free(text);
}

#endif
