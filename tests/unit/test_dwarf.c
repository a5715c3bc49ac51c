/* SPDX-License-Identifier: MIT
 * analysis/dwarf on libraries built here, by gcc and clang, at -O0 and -O2, as DWARF 4 and 5. They
 * are loaded, so that the addresses asked for are those that a process has. */
#include "analysis/finding/finding_text.h"
#include "analysis/sharing/sharing_frame.h"
#include "tests/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const builds[][3] = {
    {"gcc", "-O0", "-gdwarf-5"},
    {"gcc", "-O2", "-gdwarf-5"},
    {"gcc", "-O2", "-gdwarf-4"},
    {"clang", "-O0", "-gdwarf-5"},
    {"clang", "-O2", "-gdwarf-5"},
    {"clang", "-O2", "-gdwarf-4"},
};
enum { BUILDS = sizeof builds / sizeof *builds };

static int set_up_group(void **state)
{
    (void)state;
    return make_folder();
}

static int tear_down_group(void **state)
{
    (void)state;
    return remove_folder();
}

/* The one field of `size` bytes at `first`. */
static const char *field_at(
    struct dwarf *dwarf, const struct dwarf_type *type, uint64_t first, uint64_t size)
{
    static struct dwarf_field field[4];
    const size_t count = dwarf_fields(dwarf, type, first, size, field, 4);
    if (count != 1)
        return count ? "(several)" : "(none)";
    return field[0].path;
}

static void check_global(const struct library *l)
{
    const uint64_t stats = address_of(l, "stats");
    struct dwarf_variable v;
    assert_true(dwarf_global(l->dwarf, stats + 200, &v));
    assert_string_equal(v.name, "stats");
    assert_int_equal(v.address, stats);
    assert_string_equal(dwarf_type_name(l->dwarf, v.type), "struct stats[4]");
    assert_string_equal(v.file, "tests/fixture/types.c");
    assert_true(v.line > 30 && v.line < 50);
    assert_int_equal(dwarf_stride(v.type), v.size / 4);
    assert_int_equal(dwarf_type_language(v.type), DWARF_C);
    assert_int_equal(dwarf_language(l->dwarf, address_of(l, "work")), DWARF_C);
    assert_true(dwarf_global(l->dwarf, (uint64_t)(uintptr_t)call(l, "lane_address") + 64, &v));
    assert_string_equal(v.name, "lanes");
    assert_string_equal(dwarf_type_name(l->dwarf, v.type), "lane[2]");
    assert_true(dwarf_global(l->dwarf, address_of(l, "hits") + 7, &v));
    assert_string_equal(v.name, "hits");
    assert_int_equal(v.size, 8);
    assert_false(dwarf_global(l->dwarf, address_of(l, "work"), &v));
    uint64_t start;
    assert_string_equal(dwarf_symbol(l->dwarf, stats + 200, &start), "stats");
    assert_int_equal(start, stats);
    assert_int_equal(dwarf_symbol_address(l->dwarf, "stats"), stats);
    assert_int_equal(dwarf_symbol_address(l->dwarf, "no_such_name"), 0);
}

static void check_fields(const struct library *l)
{
    struct dwarf_variable v;
    struct dwarf *const d = l->dwarf;
    assert_true(dwarf_global(d, address_of(l, "stats"), &v));
    const struct dwarf_type *const t = v.type;
    const uint64_t one = dwarf_stride(t);
    assert_string_equal(field_at(d, t, 0, 8), "[0].hits");
    assert_string_equal(field_at(d, t, one, 1), "[1].hits");
    assert_string_equal(field_at(d, t, 12, 4), "[0].pair[0].high");
    assert_string_equal(field_at(d, t, one * 3 + 16, 4), "[3].pair[1].low");
    assert_string_equal(field_at(d, t, 26, 2), "[0].second");
    assert_string_equal(field_at(d, t, 28, 1), "[0].{open, busy}");
    assert_string_equal(field_at(d, t, 32, 8), "[0].text");
    assert_string_equal(field_at(d, t, 40, 40), "[0].lock");
    assert_string_equal(field_at(d, t, 80, 8), "[0].refs");
    assert_string_equal(field_at(d, t, 88, 4), "[0].value.f|i");
    assert_string_equal(field_at(d, t, 92, 4), "(none)"); /* padding */
    const struct dwarf_type *const element = dwarf_element(d, t);
    assert_string_equal(dwarf_type_name(d, element), "struct stats");
    assert_string_equal(field_at(d, element, 20, 4), "pair[1].high");
    assert_true(dwarf_global(d, address_of(l, "matrix"), &v));
    assert_string_equal(field_at(d, v.type, 42, 2), "[1][1]");
    assert_int_equal(dwarf_stride(v.type), 40);
}

/* The number of the line of the fixture that has this text. */
static unsigned line_of(const char *text)
{
    char line[256];
    unsigned number = 0;
    FILE *const in = fopen("tests/fixture/types.c", "r");
    assert_non_null(in);
    do {
        number++;
        assert_non_null(fgets(line, sizeof line, in));
    } while (!strstr(line, text));
    fclose(in);
    return number;
}

static uint64_t pc_in_work(const struct library *l)
{
    void *(*work)(void *, void *);
    static char stats[4096], inner[64];
    *(void **)&work = dlsym(l->handle, "work");
    return (uint64_t)(uintptr_t)work(stats, inner) - 1;
}

static void check_frames(const struct library *l)
{
    struct dwarf_frame frame[4];
    const size_t count = dwarf_frames(l->dwarf, pc_in_work(l), frame, 4);
    assert_int_equal(count, 2);
    assert_string_equal(frame[0].function, "inlined");
    assert_int_equal(frame[0].line, line_of("line: inlined"));
    assert_string_equal(frame[1].function, "work");
    assert_int_equal(frame[1].line, line_of("line: call"));
    assert_string_equal(frame[1].file, "tests/fixture/types.c");
    assert_string_equal(frame[1].module, l->path);
}

static void check_thread_local(const struct library *l)
{
    struct dwarf_variable v;
    assert_true(dwarf_thread_local(l->dwarf, l->module.begin, 4, &v));
    assert_string_equal(v.name, "mine");
    assert_string_equal(field_at(l->dwarf, v.type, 4, 4), "high");
    assert_false(dwarf_thread_local(l->dwarf, l->module.begin, 4096, &v));
}

static void check_pointers(const struct library *l)
{
    void *(*allocate)(void **, void **);
    void *slot, *at;
    *(void **)&allocate = dlsym(l->handle, "allocate");
    free(allocate(&slot, &at));
    const uint64_t pc = (uint64_t)(uintptr_t)at - 1;
    struct dwarf_pointer pointer[8];
    const size_t count = dwarf_pointers(l->dwarf, pc, pointer, 8);
    bool found = false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(pointer[i].name, "fresh") == 0) {
            found = true;
            assert_int_equal(pointer[i].line, line_of("line: fresh"));
            assert_string_equal(dwarf_type_name(l->dwarf, pointer[i].type), "struct stats");
        }
    assert_true(found);
    const struct dwarf_type *const named = dwarf_named(l->dwarf, pc, "struct stats");
    assert_non_null(named);
    assert_int_equal(dwarf_type_size(named), 96);
    assert_true(dwarf_same(named, dwarf_pointee(l->dwarf, pc, "fresh")));
    assert_null(dwarf_pointee(l->dwarf, pc, "slot->hits"));
    assert_null(dwarf_named(l->dwarf, pc, "struct nothing"));
    assert_non_null(dwarf_named(l->dwarf, pc, "lane"));
    assert_int_equal(dwarf_alignment(dwarf_named(l->dwarf, pc, "lane")), 64);
    assert_int_equal(dwarf_alignment(named), 0);
}

static void check_local(const struct library *l)
{
    void *(*on_stack)(void **, uint64_t *);
    struct dwarf_variable v;
    uint64_t frame;
    void *local;
    *(void **)&on_stack = dlsym(l->handle, "on_stack");
    const struct dwarf_call call = {
        .pc = (uint64_t)(uintptr_t)on_stack(&local, &frame) - 1, .frame = frame};
    const uint64_t address = (uint64_t)(uintptr_t)local;
    assert_true(dwarf_local(l->dwarf, &call, address + 12, &v));
    assert_string_equal(v.name, "local");
    assert_int_equal(v.address, address);
    assert_string_equal(field_at(l->dwarf, v.type, 12, 4), "[1].high");
    assert_false(dwarf_local(l->dwarf, &call, address + 4096, &v));
}

static void test_c(void **state)
{
    (void)state;
    NEED_LIBDW();
    for (size_t i = 0; i < BUILDS; i++) {
        struct library l;
        print_message("%s %s %s\n", builds[i][0], builds[i][1], builds[i][2]);
        build(&l, "types.c", builds[i], "-fno-omit-frame-pointer");
        open_library(&l);
        check_global(&l);
        check_fields(&l);
        check_frames(&l);
        check_thread_local(&l);
        check_pointers(&l);
        check_local(&l);
        close_library(&l);
    }
}

static void check_cxx(const struct library *l)
{
    struct dwarf_variable v;
    struct dwarf_frame frame;
    struct dwarf *const d = l->dwarf;
    assert_true(dwarf_global(d, (uint64_t)(uintptr_t)call(l, "map_address"), &v));
    assert_string_equal(v.name, "shard::map");
    assert_string_equal(dwarf_type_name(d, v.type), "shard::Map");
    assert_string_equal(field_at(d, v.type, 0, 8), "vptr");
    assert_string_equal(field_at(d, v.type, 8, 8), "base_hits");
    assert_string_equal(field_at(d, v.type, 16, 8), "refs");
    assert_string_equal(field_at(d, v.type, 40, 8), "seen[0]"); /* of std::array */
    assert_string_equal(field_at(d, v.type, 24 + 12, 4), "slot[1].count");
    assert_true(dwarf_global(d, (uint64_t)(uintptr_t)call(l, "total_address"), &v));
    assert_string_equal(v.name, "shard::Map::total");
    const uint64_t pc = (uint64_t)(uintptr_t)call(l, "add_to_map") - 1;
    assert_int_equal(dwarf_frames(d, pc, &frame, 1), 1);
    assert_string_equal(frame.function, "shard::Map::add");
}

/* The library's own function is inlined there; libdw's own search enters no namespace. */
static void check_hidden(const struct library *l)
{
    const uint64_t pc = (uint64_t)(uintptr_t)call(l, "call_hidden") - 1;
    const struct dwarf_frame frame = sharing_frame(l->dwarf, pc);
    assert_non_null(frame.function);
    assert_string_equal(frame.function, "hidden");
    assert_string_equal(frame.file, "tests/fixture/types.cc");
}

static void test_cxx(void **state)
{
    (void)state;
    NEED_LIBDW();
    for (size_t i = 0; i < BUILDS; i++) {
        struct library l;
        print_message("%s %s %s\n", builds[i][0], builds[i][1], builds[i][2]);
        build(&l, "types.cc", builds[i], "-lstdc++");
        open_library(&l);
        check_cxx(&l);
        check_hidden(&l);
        close_library(&l);
    }
}

static void test_stripped(void **state)
{
    (void)state;
    struct library l;
    struct dwarf_frame frame;
    struct dwarf_variable v;
    char text[FINDING_TEXT];
    NEED_LIBDW();
    build(&l, "types.c", builds[1], "-s");
    open_library(&l);
    const uint64_t hits = address_of(&l, "hits");
    assert_non_null(strstr(dwarf_reason(l.dwarf, hits), "stripped"));
    assert_int_equal(dwarf_frames(l.dwarf, pc_in_work(&l), &frame, 1), 1);
    assert_null(frame.file);
    assert_int_equal(frame.offset, pc_in_work(&l) - l.module.bias);
    frame_text(&frame, text);
    assert_non_null(strstr(text, ".so+0x"));
    assert_true(dwarf_global(l.dwarf, hits, &v)); /* .dynsym */
    assert_string_equal(v.name, "hits");
    assert_null(v.type);
    assert_true(dwarf_thread_local(l.dwarf, l.module.begin, 4, &v));
    assert_string_equal(v.name, "mine");
    assert_false(dwarf_thread_local(l.dwarf, l.module.begin, 4096, &v));
    close_library(&l);
}

/* As Debian packages have it: the debug information in a file of its own, found by .gnu_debuglink
 * beside the library. */
static void test_separate_debug_file(void **state)
{
    (void)state;
    struct library l;
    char command[1024];
    NEED_LIBDW();
    build(&l, "types.c", builds[1], "");
    snprintf(command, sizeof command,
        "cd %s && objcopy --only-keep-debug %s l.debug && strip %s && objcopy "
        "--add-gnu-debuglink=l.debug %s",
        folder, l.path, l.path, l.path);
    assert_int_equal(system(command), 0);
    open_library(&l);
    check_global(&l);
    check_frames(&l);
    close_library(&l);
}

static void test_another_build(void **state)
{
    (void)state;
    struct library l;
    NEED_LIBDW();
    build(&l, "types.c", builds[1], "-Wl,--build-id");
    open_library(&l);
    dwarf_free(l.dwarf);
    l.module.build = (const unsigned char *)"0123456789abcdef0123";
    l.module.build_bytes = 20;
    l.dwarf = dwarf_new(&l.module, 1);
    assert_non_null(strstr(dwarf_reason(l.dwarf, address_of(&l, "hits")), "another build"));
    struct dwarf_variable v;
    assert_false(dwarf_global(l.dwarf, address_of(&l, "hits"), &v));
    close_library(&l);
}

static void test_no_file(void **state)
{
    (void)state;
    const struct dwarf_module gone = {.path = "/nowhere/app", .begin = 0x1000, .end = 0x2000};
    struct dwarf *const d = dwarf_new(&gone, 1);
    struct dwarf_frame frame;
    struct dwarf_variable v;
    assert_non_null(dwarf_reason(d, 0x1500));
    assert_int_equal(dwarf_frames(d, 0x1500, &frame, 1), 1);
    assert_string_equal(frame.module, "/nowhere/app");
    assert_int_equal(frame.offset, 0x1500);
    assert_int_equal(dwarf_frames(d, 0x9999, &frame, 1), 1);
    assert_null(frame.module);
    assert_int_equal(dwarf_frames(d, 0x1500, &frame, 0), 0);
    assert_false(dwarf_global(d, 0x1500, &v));
    dwarf_free(d);
}
