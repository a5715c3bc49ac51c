/* SPDX-License-Identifier: MIT
 * Perf maps: whole and broken lines, and code that replaced other code. */
#include "tests/test.h"

#include "analysis/dwarf/code_names.h"

#include <string.h>

static struct code_names *read_text(const char *text)
{
    FILE *const file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    struct code_names *const names = code_names_read(file);
    fclose(file);
    return names;
}

static void test_names(void **state)
{
    (void)state;
    struct code_names *const names = read_text("7f00 20 LazyCompile:~add app.js:3\n"
                                               "0x7f40 10 void Counter.add(int)\n");
    assert_non_null(names);
    assert_null(code_names_find(names, 0x7eff));
    assert_string_equal(code_names_find(names, 0x7f00), "LazyCompile:~add app.js:3");
    assert_string_equal(code_names_find(names, 0x7f1f), "LazyCompile:~add app.js:3");
    assert_null(code_names_find(names, 0x7f20));
    assert_string_equal(code_names_find(names, 0x7f45), "void Counter.add(int)");
    code_names_free(names);
}

static void test_the_latest_counts(void **state)
{
    (void)state;
    struct code_names *const names = read_text("1000 100 old\n1080 10 new\n");
    assert_string_equal(code_names_find(names, 0x1088), "new");
    assert_string_equal(code_names_find(names, 0x1098), "old");
    code_names_free(names);
}

static void test_what_is_no_line_is_skipped(void **state)
{
    (void)state;
    struct code_names *const names =
        read_text("\nname\n10\n10 20\n10 20 \nffffffffffffffff 2 beyond\n30 10 kept");
    assert_null(code_names_find(names, 0x18));
    assert_null(code_names_find(names, UINT64_MAX));
    assert_string_equal(code_names_find(names, 0x30), "kept");
    code_names_free(names);
    assert_null(code_names_find(NULL, 0x30));
}
