/* SPDX-License-Identifier: MIT
 * base/err: one line, cut where it must be, never torn. */
#include "tests/test.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

static void test_returns_its_code(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(err_set(&err, -22, "%s: '%d'", "--align", 7), -22);
    assert_int_equal(err.code, -22);
    assert_string_equal(err.text, "--align: '7'");
    assert_int_equal(err_set(NULL, -5, "%s", "nobody listens"), -5);
}

static void test_controls_become_blanks(void **state)
{
    (void)state;
    struct err err = {0};
    err_set(&err, -1, "%s", "a\nb\r\n\tc\033[31m\x7f µ");
    assert_string_equal(err.text, "a b   c [31m  µ");
}

static void test_long_text_is_cut(void **state)
{
    (void)state;
    struct err err = {0};
    err_set(&err, -1, "%01000d", 7);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    err_set(&err, -1, "%s", "short again");
    assert_string_equal(err.text, "short again");
}

/* Filled up to `left` bytes before the end, then one character of several bytes. */
static size_t length_with(int left, const char *character)
{
    struct err err = {0};
    err_set(&err, -1, "%0*d%s%s", (int)sizeof(err.text) - 1 - left, 0, character, "tail");
    return strlen(err.text);
}

static void test_no_half_characters(void **state)
{
    (void)state;
    const size_t full = sizeof(((struct err *)0)->text) - 1;
    assert_int_equal(length_with(1, "µ"), full - 1);
    assert_int_equal(length_with(2, "µ"), full);
    assert_int_equal(length_with(1, "–"), full - 1);
    assert_int_equal(length_with(2, "–"), full - 2);
    assert_int_equal(length_with(3, "–"), full);
    assert_int_equal(length_with(3, "\xf0\x9f\x98\x80"), full - 3);
    assert_int_equal(length_with(4, "\xf0\x9f\x98\x80"), full);
    assert_int_equal(length_with(1, "a"), full);
}

static void test_own_text_as_argument(void **state)
{
    (void)state;
    struct err err = {0};
    err_set(&err, -1, "inner");
    err_set(&err, -2, "outer: %s", err.text);
    assert_string_equal(err.text, "outer: inner");
}
