/* SPDX-License-Identifier: MIT
 * Types of Rust as a programmer writes them: analysis/dwarf on a library built here
 * (tests/fixture/types.rs). */
#include "tests/library.h"

static struct {
    struct library library;
    bool built;
} rust;

static int set_up_group(void **state)
{
    char command[512];
    struct library *const l = &rust.library;
    (void)state;
    if (make_folder() != 0)
        return -1;
    snprintf(l->path, sizeof l->path, "%s/libtypes.so", folder);
    snprintf(command, sizeof command,
        "command -v rustc >/dev/null && rustc -g -O --crate-type cdylib -o %s "
        "tests/fixture/types.rs",
        l->path);
    rust.built = system(command) == 0 && machine_of(l->path) == machine_of("/proc/self/exe");
    if (rust.built)
        open_library(l);
    return 0;
}

static int tear_down_group(void **state)
{
    (void)state;
    if (rust.built)
        close_library(&rust.library);
    return remove_folder();
}

#define NEED_RUST()                                                                                \
    do {                                                                                           \
        NEED_LIBDW();                                                                              \
        if (!rust.built)                                                                           \
            SKIP_BECAUSE("no rustc here that builds for this machine");                            \
    } while (0)

static void check_fields(const char *variable, const char *type, const char *const *paths)
{
    struct dwarf *const d = rust.library.dwarf;
    struct dwarf_variable v;
    struct dwarf_field field[16];
    assert_true(dwarf_global(d, address_of(&rust.library, variable), &v));
    assert_string_equal(dwarf_type_name(d, v.type), type);
    assert_int_equal(dwarf_type_language(v.type), DWARF_RUST);
    const size_t count = dwarf_fields(d, v.type, 0, v.size, field, 16);
    for (size_t i = 0; i < count; i++) {
        bool expected = false;
        for (size_t j = 0; paths[j]; j++)
            expected |= strcmp(field[i].path, paths[j]) == 0;
        if (!expected)
            fail_msg("%s has a field '%s'", variable, field[i].path);
    }
    for (size_t j = 0; paths[j]; j++) {
        bool found = false;
        for (size_t i = 0; i < count; i++)
            found |= strcmp(field[i].path, paths[j]) == 0;
        if (!found)
            fail_msg("%s has no field '%s'", variable, paths[j]);
    }
}

static void test_fields(void **state)
{
    static const char *const pairs[] = {"[0].hits", "[0].misses", "[1].hits", "[1].misses", NULL};
    static const char *const lane[] = {"lock", "cell", "both.0", "both.1", "either", "names", NULL};
    (void)state;
    NEED_RUST();
    check_fields("PAIRS", "types::Pair[2]", pairs);
    check_fields("LANE", "types::Lane", lane);
}

/* An enum's parts are there one at a time. */
static void test_enum(void **state)
{
    static const char *const whole[] = {"", NULL};
    (void)state;
    NEED_RUST();
    check_fields("DEFAULT", "types::Either", whole);
}

/* The path of the library is left out, and the program's kept. */
static void test_type_names(void **state)
{
    static const char *const whole[] = {"", NULL};
    (void)state;
    NEED_RUST();
    check_fields("NAMES", "Mutex<Vec<String>>", whole);
    check_fields("FOUND", "OnceLock<types::Pair>", whole);
    assert_int_equal(
        dwarf_language(rust.library.dwarf, address_of(&rust.library, "work")), DWARF_RUST);
}
