/* SPDX-License-Identifier: MIT
 * base/table: one table, three renderings. */
#include "tests/test.h"

#include "base/table.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

typedef int render_fn(const struct table *table, FILE *out);

static char *rendered(const struct table *table, render_fn *render)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(render(table, out), 0);
    fclose(out);
    return text;
}

static void check(const struct table *table, render_fn *render, const char *want)
{
    char *text = rendered(table, render);
    assert_string_equal(text, want);
    free(text);
}

static void check_text(const struct table *table, struct table_look look, const char *want)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(table_text(table, out, look), 0);
    fclose(out);
    assert_string_equal(text, want);
    free(text);
}

static struct table *example(void)
{
    struct table *table = table_new();
    table_column(table, "layout", TABLE_LEFT);
    table_column(table, "ns", TABLE_RIGHT);
    table_column(table, "verdict", TABLE_LEFT);
    table_row(table);
    table_cell(table, PAINT_NONE, "%s", "counter");
    table_cell(table, PAINT_BAD, "%.1f", 15.7);
    table_cell(table, PAINT_NONE, "false sharing, 2.8× the reference");
    table_row(table);
    table_cell(table, PAINT_DIM, "–");
    table_cell(table, PAINT_GOOD, "%d", 5);
    return table;
}

static void test_text(void **state)
{
    (void)state;
    struct table *table = example();
    assert_int_equal(table_rows(table), 2);
    check_text(table, (struct table_look){0},
        "layout     ns  verdict\n"
        "counter  15.7  false sharing, 2.8× the reference\n"
        "–           5\n");
    check_text(table, (struct table_look){.colour = true},
        "layout     ns  verdict\n"
        "counter  \033[31m15.7\033[0m  false sharing, 2.8× the reference\n"
        "\033[2m–\033[0m           \033[32m5\033[0m\n");
    table_free(table);
}

static void test_wrapping(void **state)
{
    (void)state;
    struct table *table = example();
    check_text(table, (struct table_look){.width = 35},
        "layout     ns  verdict\n"
        "counter  15.7  false sharing, 2.8×\n"
        "               the reference\n"
        "–           5\n");
    check_text(table, (struct table_look){.width = 48},
        "layout     ns  verdict\n"
        "counter  15.7  false sharing, 2.8× the reference\n"
        "–           5\n");
    /* Too narrow for wrapping: long lines rather than a ribbon of words. */
    check_text(table, (struct table_look){.width = 20},
        "layout     ns  verdict\n"
        "counter  15.7  false sharing, 2.8× the reference\n"
        "–           5\n");
    table_free(table);
}

static void test_wrapping_long_words(void **state)
{
    (void)state;
    struct table *table = table_new();
    table_column(table, "a", TABLE_RIGHT);
    table_column(table, "path", TABLE_LEFT);
    table_row(table);
    table_cell(table, PAINT_NONE, "1");
    table_cell(table, PAINT_WARN, "/a/very/long/path/without/any/blank  and  more  ");
    check_text(table, (struct table_look){.width = 20},
        "a  path\n1  /a/very/long/path/without/any/blank\n   and  more\n");
    check_text(table, (struct table_look){.width = 20, .colour = true},
        "a  path\n1  \033[33m/a/very/long/path/without/any/blank\033[0m\n"
        "   \033[33mand  more\033[0m\n");
    table_free(table);
}

static void test_wrapping_events(void **state)
{
    (void)state;
    struct table *table = table_with("role>|event");
    TABLE_ROW(table, "rfo", "FILLS_FROM:LOCAL:NEAR:FAR");
    TABLE_ROW(table, "loads", "LS_DISPATCH:LD_DISPATCH - LS:ST");
    TABLE_ROW(table, "no", "ANYTHING_WITHOUT_A_MASK");
    TABLE_ROW(table, "path", "/usr/src/long/name.c:1234");
    TABLE_ROW(table, "terms", "cpu/event=0xb7,umask=0x1,offcore_rsp=0x10003c0003/");
    check_text(table, (struct table_look){.width = 25},
        " role  event\n"
        "  rfo  FILLS_FROM:LOCAL:\n"
        "       NEAR:FAR\n"
        "loads  LS_DISPATCH:\n"
        "       LD_DISPATCH -\n"
        "       LS:ST\n"
        "   no  ANYTHING_WITHOUT_A_MASK\n"
        " path  /usr/src/long/name.c:1234\n"
        "terms  cpu/event=0xb7,\n"
        "       umask=0x1,\n"
        "       offcore_rsp=0x10003c0003/\n");
    table_free(table);
}

static void test_right_aligned_last_column_is_not_wrapped(void **state)
{
    (void)state;
    struct table *table = table_new();
    table_column(table, "", TABLE_LEFT);
    table_column(table, "", TABLE_RIGHT);
    table_row(table);
    table_cell(table, PAINT_NONE, "x");
    table_cell(table, PAINT_NONE, "several words that are too long");
    check_text(table, (struct table_look){.width = 20}, "x  several words that are too long\n");
    table_free(table);
}

static void test_controls_do_not_tear_the_text(void **state)
{
    (void)state;
    struct table *table = table_new();
    table_column(table, "a", TABLE_LEFT);
    table_row(table);
    table_cell(table, PAINT_NONE, "x\ny\033[1mz  ");
    check_text(table, (struct table_look){0}, "a\nx y [1mz\n");
    table_free(table);
}

static void test_no_rows_and_no_columns(void **state)
{
    (void)state;
    struct table *table = table_new();
    check_text(table, (struct table_look){0}, "");
    check(table, table_json, "[\n]\n");
    check(table, table_csv, "\r\n");
    table_column(table, "a", TABLE_LEFT);
    table_column(table, "b", TABLE_LEFT);
    check_text(table, (struct table_look){0}, "a  b\n");
    check(table, table_csv, "a,b\r\n");
    check(table, table_json, "[\n]\n");
    table_row(table);
    check_text(table, (struct table_look){0}, "a  b\n\n");
    check(table, table_csv, "a,b\r\n,\r\n");
    table_free(table);
}

static void test_csv(void **state)
{
    (void)state;
    struct table *table = example();
    table_row(table);
    table_cell(table, PAINT_NONE, "%s", "a,b");
    table_cell(table, PAINT_NONE, NULL);
    table_cell(table, PAINT_NONE, "say \"hi\"");
    check(table, table_csv,
        "layout,ns,verdict\r\ncounter,15.7,\"false sharing, 2.8× the reference\"\r\n–,5,\r\n"
        "\"a,b\",,\"say \"\"hi\"\"\"\r\n");
    table_free(table);
}

static struct table *column_of(const char *const *cell, size_t count)
{
    struct table *table = table_new();
    table_column(table, "v", TABLE_LEFT);
    for (size_t i = 0; i < count; i++) {
        table_row(table);
        table_cell(table, PAINT_NONE, "%s", cell[i]);
    }
    return table;
}

/* A number keeps its digits; what JSON would not take as one, and what is not finite, is a string.
 */
static void test_json_values(void **state)
{
    (void)state;
    static const char *const cell[] = {"0.28", "0.280", "-5", "1e3", "18446744073709551615", "",
        "007", "0x10", "nan", "inf", "1e999", "+1", ".5", "5.", "1 ", "-", "µs \"\n\\",
        "bad \xff\xc3"};
    struct table *table = column_of(cell, sizeof(cell) / sizeof(cell[0]));
    check(table, table_json,
        "[\n{\"v\": 0.28},\n{\"v\": 0.280},\n{\"v\": -5},\n{\"v\": 1e3},\n"
        "{\"v\": 18446744073709551615},\n{\"v\": null},\n{\"v\": \"007\"},\n{\"v\": \"0x10\"},\n"
        "{\"v\": \"nan\"},\n{\"v\": \"inf\"},\n{\"v\": \"1e999\"},\n{\"v\": \"+1\"},\n{\"v\": "
        "\".5\"},\n"
        "{\"v\": \"5.\"},\n{\"v\": \"1 \"},\n{\"v\": \"-\"},\n{\"v\": \"µs \\\"\\n\\\\\"},\n"
        "{\"v\": \"bad ??\"}\n]\n");
    table_free(table);
}

static void test_json_is_json(void **state)
{
    (void)state;
    struct table *table = example();
    char *text = rendered(table, table_json);
    json_t *array = json_loads(text, 0, NULL);
    assert_int_equal(json_array_size(array), 2);
    const json_t *row = json_array_get(array, 0);
    assert_string_equal(json_string_value(json_object_get(row, "layout")), "counter");
    assert_true(json_real_value(json_object_get(row, "ns")) == 15.7);
    assert_true(json_is_null(json_object_get(json_array_get(array, 1), "verdict")));
    json_decref(array);
    free(text);
    table_free(table);
}

static void test_null_table(void **state)
{
    (void)state;
    table_column(NULL, "a", TABLE_LEFT);
    table_row(NULL);
    table_cell(NULL, PAINT_NONE, "x");
    assert_int_equal(table_rows(NULL), 0);
    assert_int_equal(table_text(NULL, stdout, (struct table_look){0}), -ENOMEM);
    assert_int_equal(table_csv(NULL, stdout), -ENOMEM);
    assert_int_equal(table_json(NULL, stdout), -ENOMEM);
    table_free(NULL);
}

static void test_full_disk(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    if (!full)
        SKIP_BECAUSE("no /dev/full");
    struct table *table = example();
    assert_int_equal(table_text(table, full, (struct table_look){0}), -EIO);
    assert_int_equal(table_csv(table, full), -EIO);
    assert_int_equal(table_json(table, full), -EIO);
    table_free(table);
    fclose(full);
}

static void test_many_rows(void **state)
{
    (void)state;
    struct table *table = table_new();
    table_column(table, "n", TABLE_RIGHT);
    for (int i = 0; i < 5000; i++) {
        table_row(table);
        table_cell(table, PAINT_NONE, "%d", i);
    }
    char *text = rendered(table, table_csv);
    assert_int_equal(table_rows(table), 5000);
    assert_non_null(strstr(text, "\r\n4999\r\n"));
    free(text);
    table_free(table);
}
