/* SPDX-License-Identifier: MIT
 * A file that detect wrote, changed in places, and the page of it. */
#ifndef TESTS_DETECTED_MADE_H
#define TESTS_DETECTED_MADE_H

#include "analysis/report/report.h"
#include "tests/made.h"

#include <errno.h>
#include <stdlib.h>

static const char whole[] =
    "{'command': ['./app', '-n', '<2>'], 'mode': 'sampled', 'line_bytes': 64, 'below': 0, "
    "'speedup_of_all': null,"
    " 'suppressed': [], 'processes': [{'pid': 7, 'command': ['./app'], 'seconds': 0.5, 'threads': "
    "3, 'ended': 'exit',"
    "  'notes': [], 'accesses': {'seen': 6540000, 'share': 0.14}}],"
    " 'findings': [{'kind': 'false', 'latent': null, 'pid': 7, 'beside': [], 'cache_lines': 1, "
    "'share': 0.5,"
    "  'object': {'kind': 'global', 'name': 'stats', 'type': 'struct stats[2]', 'size': 32, "
    "'count': 1,"
    "   'declared': {'file': 'app.c', 'line': 8}, 'allocated': []},"
    "  'fields': [{'name': '[0].hits', 'object': 0, 'first': 0, 'size': 8, 'readers': 'A', "
    "'writers': 'A'}],"
    "  'lines': [{'function': 'serve', 'file': 'app.c', 'line': 17, 'module': '/app', 'offset': 1, "
    "'read': true,"
    "   'write': true, 'count': 3, 'thread': 'A'},"
    "   {'function': null, 'file': null, 'line': null, 'module': '/lib/libx.so', 'offset': 4660, "
    "'read': false,"
    "   'write': true, 'count': 1, 'thread': 'A'}],"
    "  'threads': [{'letter': 'A', 'tid': 8, 'name': 'w', 'started': null, 'reads': 11, 'writes': "
    "12}],"
    "  'handovers': {'false': 12600, 'true': 0, 'per_second': 658000, 'possible': null},"
    "  'price': {'ns_per_access': {'mid': 2.68, 'low': 2, 'high': 3, 'n': 40}, 'reason': null, "
    "'verdict': 'gain',"
    "   'padded_ns_per_access': {'mid': 1.11, 'low': 1, 'high': 2, 'n': 40},"
    "   'speedup': {'mid': 1.88, 'low': 1.83, 'high': 1.93, 'n': 40}},"
    "  'suggestion': {'text': 'pad it'},"
    "  'picture': {'address': '0x40', 'bytes': 64, 'threads': [{'letter': 'A', 'bytes': "
    "'....BBBBBBBBWWWWR'}],"
    "   'fields': [{'name': '[0].hits', 'first': -4, 'size': 12}, {'name': 'last', 'first': 8, "
    "'size': 8},"
    "    {'name': 'beyond', 'first': 60, 'size': 8}]}}]}";

static inline int read_text(const char *text, size_t size, struct detect_file *out, struct err *err)
{
    FILE *const in = fmemopen((void *)(uintptr_t)text, size, "r");
    assert_non_null(in);
    assert_true(detect_file_is_json(in));
    const int code = detect_file_read(in, "d.json", out, err);
    fclose(in);
    return code;
}

/* `text`, in which `from` became `to`. Inlined twice, gcc 12 warns of a dangling pointer. */
static __attribute__((noinline, unused)) char *replaced(
    const char *text, const char *from, const char *to)
{
    char *out;
    const char *const at = strstr(text, from);
    if (!at)
        fail_msg("'%s' is not there", from);
    assert_true(asprintf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) >= 0);
    return out;
}

/* The same of `whole`, as JSON. */
static inline char *changed(const char *from, const char *to)
{
    char *const text = replaced(whole, from, to);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    return text;
}

static inline char *page_of_json(const char *json)
{
    char *text;
    size_t size;
    struct samples none = {0};
    struct dataset dataset = made_dataset(&none);
    struct detect_file d = {0};
    struct report r;
    struct err err = {0};
    if (read_text(json, strlen(json), &d, &err))
        fail_msg("%s", err.text);
    FILE *const out = open_memstream(&text, &size);
    assert_int_equal(report_init(&r, &(struct report_input){&dataset, &d, &(struct watch_files){0},
                                         &(struct ab_sessions){0}, NULL, NULL}),
        0);
    assert_int_equal(report_html(&r, out), 0);
    fclose(out);
    report_fini(&r);
    detect_file_fini(&d);
    dataset_fini(&dataset);
    return text;
}

static inline char *page_of(const char *from, const char *to)
{
    char *const json = changed(from, to), *const page = page_of_json(json);
    free(json);
    return page;
}

static inline void shows(const char *from, const char *to, const char *part)
{
    char *const page = page_of(from, to);
    has(page, part);
    free(page);
}

#endif
