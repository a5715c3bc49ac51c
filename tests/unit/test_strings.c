/* SPDX-License-Identifier: MIT
 * base/strings: each text once, at an address that stays. */
#include "tests/test.h"

#include "base/strings.h"

#include <stdio.h>

static void test_interning(void **state)
{
    (void)state;
    struct strings *const strings = strings_new();
    char text[] = "abc";
    const char *first = strings_intern(strings, text);
    text[0] = 'x';
    assert_string_equal(first, "abc");
    assert_ptr_equal(strings_intern(strings, "abc"), first);
    assert_ptr_not_equal(strings_intern(strings, "xbc"), first);
    assert_string_equal(strings_intern(strings, ""), "");
    for (int i = 0; i < 5000; i++) {
        char number[16];
        snprintf(number, sizeof(number), "%d", i);
        assert_string_equal(strings_intern(strings, number), number);
    }
    assert_string_equal(first, "abc");
    strings_free(strings);
}
