/* SPDX-License-Identifier: MIT
 * analysis/sharing/line_map: the drawing, byte for byte, within 80 columns. */
#include "analysis/sharing/line_map.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

static char *drawn(const struct sharing *s, bool utf8)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    line_map_print(s, utf8, out);
    fclose(out);
    return text;
}

static void add_part(struct sharing *s, const char *name, uint64_t first)
{
    struct sharing_field *const f = &s->part[s->parts++];
    *f = (struct sharing_field){.first = first, .size = 8, .instance = 0x1000};
    snprintf(f->name, sizeof f->name, "%s", name);
}

static void test_line(void **state)
{
    struct sharing_row rows[] = {
        {.thread = 0, .read = {0xff}, .written = {0xff}},
        {.thread = 1, .read = {0xff00}, .written = {0xff000000}},
    };
    struct sharing s = {.row = rows, .rows = 2, .worst = 0x1000, .line_bytes = 64};
    (void)state;
    add_part(&s, "hits", 0);
    add_part(&s, "misses", 8);
    add_part(&s, "errors", 24);
    char *text = drawn(&s, false);
    assert_string_equal(text,
        "          0       8       16      24      32      40      48      56\n"
        "    A     BBBBBBBB........................................................\n"
        "    B     ........RRRRRRRR........WWWWWWWW................................\n"
        "          ^hits   ^misses         ^errors\n");
    free(text);
    text = drawn(&s, true);
    assert_non_null(strstr(text, "    A     BBBBBBBB····"));
    assert_non_null(strstr(text, "          └hits   └misses         └errors\n"));
    free(text);
}

/* Names that would run into each other go on the next row. */
static void test_crowded_names(void **state)
{
    struct sharing_row row = {.thread = 0, .read = {~0ull}};
    struct sharing s = {.row = &row, .rows = 1, .worst = 0x1000, .line_bytes = 64};
    (void)state;
    add_part(&s, "a_rather_long_name", 0);
    add_part(&s, "second", 8);
    add_part(&s, "third", 24);
    add_part(&s, "a_name_that_would_not_fit_before_the_edge", 60);
    char *const text = drawn(&s, false);
    assert_non_null(strstr(text, "          ^a_rather_long_name     ^third"));
    assert_non_null(strstr(text, "\n                  ^second\n"));
    for (const char *line = text; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 80);
    free(text);
}

static void test_wide_line(void **state)
{
    struct sharing_row row = {.thread = 0, .read = {1, 0}, .written = {0, 2}};
    struct sharing s = {.row = &row, .rows = 1, .worst = 0x1000, .line_bytes = 128};
    (void)state;
    add_part(&s, "low", 0);
    add_part(&s, "high", 65);
    char *const text = drawn(&s, false);
    assert_non_null(strstr(text, "    A     R....."));
    assert_non_null(strstr(text, "          64      72"));
    assert_non_null(strstr(text, "    A     .W...."));
    assert_non_null(strstr(text, "\n           ^high\n"));
    free(text);
}

static void test_many_threads(void **state)
{
    struct sharing_row rows[12];
    struct sharing s = {.row = rows, .rows = 12, .worst = 0x1000, .line_bytes = 64};
    (void)state;
    for (size_t i = 0; i < 12; i++)
        rows[i] = (struct sharing_row){.thread = i, .read = {1}};
    char *const text = drawn(&s, false);
    assert_non_null(strstr(text, "    H     R"));
    assert_null(strstr(text, "    I     R"));
    assert_non_null(strstr(text, "and 4 threads more\n"));
    free(text);
}

/* A field that began on the line before, as the string of a packed struct, is named at its edge. */
static void test_field_from_before(void **state)
{
    struct sharing_row row = {.thread = 0, .read = {0xf}};
    struct sharing s = {.row = &row, .rows = 1, .worst = 0x1040, .line_bytes = 64};
    (void)state;
    add_part(&s, "straddles", 60);
    char *const text = drawn(&s, false);
    assert_non_null(strstr(text, "\n          ^straddles\n"));
    free(text);
}

static void test_letters(void **state)
{
    char text[SHARING_SET_BITS + 1];
    (void)state;
    assert_int_equal(line_map_letter(0), 'A');
    assert_int_equal(line_map_letter(26), 'a');
    assert_int_equal(line_map_letter(52), '*');
    assert_int_equal(line_map_letter(5000), '*');
    line_map_letters(1 | 1ull << 3 | 1ull << 27, text, sizeof text);
    assert_string_equal(text, "ADb");
    line_map_letters(0, text, sizeof text);
    assert_string_equal(text, "");
    line_map_letters(~0ull, text, sizeof text);
    assert_int_equal(strlen(text), 53);
    line_map_letters(~0ull, text, 3);
    assert_string_equal(text, "AB");
}
