/* SPDX-License-Identifier: MIT
 * analysis/go/map_function: functions by their names, and keys as texts. */
#include "tests/test.h"

#include "analysis/go/map_function.h"

#include <string.h>

static void test_functions(void **state)
{
    static const struct {
        const char *name, *operation;
        bool writes;
        enum go_key_passed key;
    } cases[] = {{"runtime.mapaccess1_fast64", "read", false, GO_KEY_64},
        {"runtime.mapaccess2_faststr", "read", false, GO_KEY_TEXT},
        {"runtime.mapaccess1", "read", false, GO_KEY_AT},
        {"runtime.mapaccess1_fat", "read", false, GO_KEY_NONE},
        {"runtime.mapassign_fast32", "write", true, GO_KEY_32},
        {"runtime.mapassign_fast64ptr", "write", true, GO_KEY_64},
        {"runtime.mapdelete", "delete", true, GO_KEY_AT},
        {"runtime.mapclear", "clear", true, GO_KEY_NONE}};
    struct go_map_function f;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(go_map_function_is(cases[i].name, &f));
        assert_string_equal(f.operation, cases[i].operation);
        assert_int_equal(f.writes, cases[i].writes);
        assert_int_equal(f.key, cases[i].key);
    }
    assert_false(go_map_function_is("runtime.mapiterinit", &f));
    assert_false(go_map_function_is("main.mapaccess1", &f));
}

static void test_patterns(void **state)
{
    (void)state;
    assert_true(go_name_matches("main.get", "main.get"));
    assert_false(go_name_matches("main.getName", "main.get"));
    assert_true(go_name_matches("main.getName", "main.get*"));
    assert_true(go_name_matches("main.get", "main.get*"));
    assert_false(go_name_matches("other.get", "main.*"));
    assert_false(go_name_matches("main.get", ""));
}

enum { UNKNOWN = 0, INT = 2, INT16 = 4, UINT64 = 11, POINTER = 22, STRUCT = 25, STRING = 24 };

static void expect_key(
    const void *bytes, size_t size, size_t copied, unsigned kind, const char *expected)
{
    char text[96];
    const struct go_map_key key = {bytes, size, copied, kind == STRING, kind};
    assert_string_equal(go_map_key_text(&key, text, sizeof text), expected);
}

static void test_keys(void **state)
{
    const int64_t minus = -2;
    const uint64_t big = UINT64_MAX;
    (void)state;
    expect_key(&minus, 8, 8, INT, "-2");
    expect_key(&minus, 2, 2, INT16, "-2");
    expect_key(&minus, 2, 2, UNKNOWN, "65534");
    expect_key(&big, 8, 8, UINT64, "18446744073709551615");
    expect_key("\x10\x20\0\0\0\0\0\0", 8, 8, POINTER, "0x2010");
    expect_key("\x10\x20", 2, 2, STRUCT, "0x1020");
    expect_key(
        "abcdefghijklmnop", 24, 16, STRUCT, "0x6162636465666768696a6b6c6d6e6f70... of 24 bytes");
    expect_key("key \"1\"\n", 8, 8, STRING, "\"key \\\"1\\\"\\x0a\"");
    expect_key("", 0, 0, STRING, "\"\"");
    expect_key("abc", 90, 3, STRING, "\"abc\"... of 90 bytes");
    expect_key("", 0, 0, STRUCT, "0x");
}

/* A text that does not fit ends early. */
static void test_long_keys(void **state)
{
    char text[16];
    const struct go_map_key key = {(const uint8_t *)"\n\n\n\n\n\n\n\n\n\n", 10, 10, true, STRING},
                            bytes = {(const uint8_t *)"0123456789abcdef", 16, 16, false, STRUCT};
    (void)state;
    assert_in_range(strlen(go_map_key_text(&key, text, sizeof text)), 8, 15);
    assert_in_range(strlen(go_map_key_text(&bytes, text, sizeof text)), 8, 15);
}
