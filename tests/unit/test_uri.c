/* SPDX-License-Identifier: MIT */
#include "tests/test.h"

#include "analysis/format/uri.h"

#include <stdlib.h>
#include <string.h>

static void a_path_is_relative_to_its_folder_and_that_to_the_root(void **state)
{
    static const struct {
        const char *folder, *file, *path;
    } cases[] = {
        {NULL, "a.c", "/top/a.c"},
        {"/build", "../src/./a.c", "/src/a.c"},
        {"sub", "a//b.c", "/top/sub/a/b.c"},
        {"/build", "/src/a.c", "/src/a.c"},
        {"/", "../../a.c", "/a.c"},
        {"/b", "..a/...", "/b/..a/..."},
        {"/b", "..", "/"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *const path = uri_path("/top", cases[i].folder, cases[i].file);
        assert_string_equal(path, cases[i].path);
        free(path);
    }
}

static void a_uri_is_relative_below_the_root_and_escaped(void **state)
{
    static const struct {
        const char *root, *path, *uri;
        bool is_below;
    } cases[] = {
        {"/top", "/top/a.c", "a.c", true},
        {"/top", "/topmost/a.c", "file:///topmost/a.c", false},
        {"/top", "/top", "file:///top", false},
        {"/", "/top/a.c", "top/a.c", true},
        {"/", "/", "file:///", false},
        {"/top", "/top/a b%:?#\xc3\xbc~.c", "a%20b%25%3A%3F%23%C3%BC~.c", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool is_below;
        char *const uri = uri_of_path(cases[i].root, cases[i].path, &is_below);
        assert_string_equal(uri, cases[i].uri);
        assert_int_equal(is_below, cases[i].is_below);
        free(uri);
    }
}
