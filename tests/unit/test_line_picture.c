/* SPDX-License-Identifier: MIT
 * analysis/finding/line_map: the drawing, byte for byte, within 80 columns. */
#include "tests/test.h"

#include "analysis/finding/line_map.h"

#include <stdlib.h>
#include <string.h>

static char *drawn(const struct view_picture *p, bool utf8)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    line_map_print(p, utf8, out);
    fclose(out);
    return text;
}

static struct sharing_field fields[8];

static struct view_picture picture_of(struct sharing_row *row, size_t rows, unsigned bytes)
{
    return (struct view_picture){
        .address = 0x1000, .bytes = bytes, .threads = {row, rows}, .fields = {fields, 0}};
}

static void add_part(struct view_picture *p, const char *name, int64_t first)
{
    struct sharing_field *const field = &fields[p->fields.count++];
    *field = (struct sharing_field){.place = first, .size = 8};
    snprintf(field->name, sizeof field->name, "%s", name);
}

/* "4R8.2W" in full. */
static void set_bytes(struct sharing_row *row, size_t thread, const char *runs)
{
    char *out = row->bytes, *at;
    row->thread = thread;
    for (; *runs; runs = at + 1) {
        const size_t count = strtoul(runs, &at, 10);
        out = (char *)memset(out, *at, count) + count;
    }
    *out = '\0';
}

static void test_line(void **state)
{
    struct sharing_row rows[2];
    struct view_picture s = picture_of(rows, 2, 64);
    (void)state;
    set_bytes(&rows[0], 0, "8B56.");
    set_bytes(&rows[1], 1, "8.8R8.8W32.");
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
    struct sharing_row row;
    struct view_picture s = picture_of(&row, 1, 64);
    (void)state;
    set_bytes(&row, 0, "64R");
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
    struct sharing_row row;
    struct view_picture s = picture_of(&row, 1, 128);
    (void)state;
    set_bytes(&row, 0, "1R64.1W62.");
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
    struct view_picture s = picture_of(rows, 12, 64);
    (void)state;
    for (size_t i = 0; i < 12; i++)
        set_bytes(&rows[i], i, "1R63.");
    char *const text = drawn(&s, false);
    assert_non_null(strstr(text, "    H     R"));
    assert_null(strstr(text, "    I     R"));
    assert_non_null(strstr(text, "and 4 more threads\n"));
    free(text);
}

/* A field that began on the line before, as the string of a packed struct, is named at its edge. */
static void test_field_from_before(void **state)
{
    struct sharing_row row;
    struct view_picture s = picture_of(&row, 1, 64);
    (void)state;
    set_bytes(&row, 0, "4R60.");
    add_part(&s, "straddles", -4);
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
