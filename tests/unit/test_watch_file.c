/* SPDX-License-Identifier: MIT
 * analysis/watch/watch_file: what watch writes of maps and locks, on the page; and what is no such
 * file. */
#include "tests/page.h"

#include <string.h>

static const char maps[] =
    "{\"schema\": 1, \"command\": \"watch --maps\", \"seconds\": 5.0, \"processes\": [{\"pid\": 7, "
    "\"program\": \"app<\", \"go\": \"go1.24\", \"all_samples\": 100, \"share\": 0.6}], \"maps\": "
    "[{\"pid\": 7, \"kind\": \"map\", \"address\": \"0xc0\", \"name\": \"main.cache\", \"type\": "
    "null, \"keys\": 9, \"buckets\": null, \"share\": 0.6, \"share_low\": 0.5, \"share_high\": "
    "0.7, \"sites\": [{\"operation\": \"read\", \"function\": \"main.get\", \"file\": "
    "\"/src/main.go\", \"line\": 12, \"share\": 0.6}]}]}";
static const char locks[] =
    "{\"schema\": 1, \"command\": \"watch --locks\", \"seconds\": 5.0, \"processes\": [{\"pid\": "
    "7, "
    "\"program\": \"app\", \"go\": null, \"waits\": null, \"seconds\": 1.5}], \"waits\": "
    "[{\"pid\": "
    "7, \"role\": \"waiter\", \"lock\": \"pthread_mutex_lock\", \"name\": \"table_lock\", "
    "\"address\": null, \"waits\": 3, \"seconds\": 1.5, \"stack\": [{\"function\": \"update\", "
    "\"file\": \"a.c\", \"line\": 3}]}]}";

static FILE *file_of(const char *text)
{
    FILE *const in = tmpfile();
    assert_non_null(in);
    fputs(text, in);
    rewind(in);
    return in;
}

static char *page_with(const char *text)
{
    struct watch_files files = {0};
    struct dataset dataset = {0};
    struct report report;
    struct err err;
    char *page = NULL;
    size_t size;
    FILE *const in = file_of(text), *const out = open_memstream(&page, &size);
    assert_true(watch_file_is(in));
    assert_int_equal(watch_file_read(in, "x.json", &files, &err), 0);
    fclose(in);
    const struct report_input input = {
        &dataset, &(struct detect_file){0}, &files, &(struct ab_sessions){0}, NULL, NULL};
    assert_int_equal(report_init(&report, &input), 0);
    assert_int_equal(report_html(&report, out), 0);
    assert_int_equal(fclose(out), 0);
    report_fini(&report);
    watch_files_fini(&files);
    return page;
}

static void test_maps_on_the_page(void **state)
{
    char *const page = page_with(maps);
    (void)state;
    check_section(page, "watched", "app&lt;, process 7");
    check_section(page, "watched", "main.cache");
    check_section(page, "watched", "60.0% (50.0–70.0)");
    check_section(page, "watched", "main.go:12");
    check_section(page, "answer", "most time, 60.0%, goes to main.cache, read in main.get.");
    free(page);
}

static void test_locks_on_the_page(void **state)
{
    char *const page = page_with(locks);
    (void)state;
    check_section(page, "watched", "pthread_mutex_lock of table_lock");
    check_section(page, "watched", "Not built by Go");
    check_section(page, "answer", "threads waited longest, 1.500 s, for pthread_mutex_lock");
    free(page);
}

/* The text with one part of it replaced. */
static void assert_refused(const char *text, const char *part, const char *by, const char *message)
{
    struct watch_files files = {0};
    struct err err;
    char broken[1200];
    const char *const at = strstr(text, part);
    assert_non_null(at);
    snprintf(broken, sizeof broken, "%.*s%s%s", (int)(at - text), text, by, at + strlen(part));
    FILE *const in = file_of(broken);
    assert_true(watch_file_is(in));
    assert_int_equal(watch_file_read(in, "x.json", &files, &err), -EINVAL);
    fclose(in);
    assert_string_equal(err.text, message);
    assert_int_equal(files.count, 0);
}

static void test_broken_files(void **state)
{
    (void)state;
    assert_refused(maps, "\"operation\": \"read\"", "\"operation\": 3",
        "x.json: 'operation' is missing or of another type: not what numaprobe watch --json "
        "writes");
    assert_refused(maps, "\"maps\": [", "\"others\": [",
        "x.json: 'maps' is missing or of another type: not what numaprobe watch --json writes");
    assert_refused(locks, "\"seconds\": 1.5, \"stack\"", "\"seconds\": null, \"stack\"",
        "x.json: 'seconds' is missing or of another type: not what numaprobe watch --json writes");
    FILE *const in = file_of("{\"command\": \"detect\"}");
    assert_false(watch_file_is(in));
    fclose(in);
}
