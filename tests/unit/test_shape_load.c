/* SPDX-License-Identifier: MIT
 * probes/plan/shape_load: users' layouts, good and bad. Whatever they do ends as a message, and
 * nothing is left in /tmp. */
#include "tests/test.h"

#include "probes/plan/shape.h"
#include "tests/probes.h"

#include <fcntl.h>
#include <stdbool.h>
#include <time.h>

enum { SHARDS = 5 };

static int load(const char *text, unsigned align, struct shape **shape, struct err *err)
{
    char path[64];
    source_new(path, text);
    const int code = shape_load(path, align, SHARDS, shape, err);
    unlink(path);
    return code;
}

static void refuse(const char *text, int code, const char *message)
{
    struct shape *shape = (struct shape *)(void *)&code; /* an error must not leave this */
    struct err err = {0};
    assert_refused(load(text, 64, &shape, &err), code, &err, message);
    assert_null(shape);
}

static const struct layout *counter_at(unsigned align)
{
    for (size_t i = 0; i < layout_count; i++)
        if (strcmp(layout_table[i]->name, "counter") == 0 && layout_table[i]->align_bytes == align)
            return layout_table[i];
    return NULL;
}

static void assert_same(const struct shape *a, const struct shape *b)
{
    assert_int_equal(a->align_bytes, b->align_bytes);
    assert_int_equal(a->shards, b->shards);
    assert_int_equal(a->element_bytes, b->element_bytes);
    assert_int_equal(a->object_bytes, b->object_bytes);
    assert_memory_equal(a->offset, b->offset, SHARDS * sizeof *a->offset);
}

static void a_counter_of_ones_own_is_like_the_built_in_one(void **state)
{
    NEEDS_COMPILER;
    for (unsigned align = 8; align <= 256; align *= 2) {
        struct shape *own = NULL, *built_in = NULL;
        struct err err = {0};
        if (load(SOURCE(GOOD_WORD, ""), align, &own, &err))
            fail_msg("%s", err.text);
        assert_int_equal(shape_of(counter_at(align), SHARDS, &built_in, &err), 0);
        assert_same(own, built_in);
        assert_string_equal(own->name, "mine");
        assert_string_equal(own->ops, "add");
        assert_string_equal(own->role[0], "adder");
        assert_string_equal(own->role[1], "");
        free(own);
        free(built_in);
    }
}

static void a_compiler_error_is_shown(void **state)
{
    NEEDS_COMPILER;
    refuse(SOURCE_HEAD "int x = nobody_knows_me;\n", -ENOEXEC, "does not compile: ");
    refuse(SOURCE_HEAD "int x = nobody_knows_me;\n", -ENOEXEC, "nobody_knows_me");
    refuse("#include <no/such/header.h>\n", -ENOEXEC, "no/such/header.h");
}

static void a_missing_compiler_is_told(void **state)
{
    (void)state;
    const char *const set = getenv("CC");
    char *const before = set ? strdup(set) : NULL;
    setenv("CC", "no-such-compiler", 1);
    refuse(SOURCE(GOOD_WORD, ""), -ENODEV, "no compiler");
    if (before)
        setenv("CC", before, 1);
    else
        unsetenv("CC");
    free(before);
}

static void the_entry_must_be_there(void **state)
{
    NEEDS_COMPILER;
    refuse(SOURCE_HEAD, -ENOEXEC, "has no entry 'layout'");
    refuse(SOURCE(GOOD_WORD, ", .word = NULL"), -ENOEXEC, "has no entry 'layout' with a word()");
    refuse(SOURCE(GOOD_WORD, ", .abi = LAYOUT_ABI + 1"), -ENOEXEC, "set .abi = LAYOUT_ABI");
}

static void an_object_that_cannot_be_loaded_is_told(void **state)
{
    NEEDS_COMPILER;
    refuse("extern int nobody(void);\nint (*const call)(void) = nobody;\n", -ENOEXEC,
        "cannot be loaded: ");
}

static void the_alignment_must_be_obeyed(void **state)
{
    NEEDS_COMPILER;
    refuse(SOURCE(GOOD_WORD, ", .align_bytes = 8"), -ENOEXEC, "must set .align_bytes = ALIGN");
    refuse(SOURCE(GOOD_WORD, ", .element_bytes = 72"), -ENOEXEC, "not a multiple of its 64 B");
}

static void names_must_be_given(void **state)
{
    NEEDS_COMPILER;
    refuse(SOURCE(GOOD_WORD, ", .name = NULL"), -ENOEXEC, "without a name");
    refuse(SOURCE(GOOD_WORD, ", .ops = NULL"), -ENOEXEC, "must be given");
}

static void words_must_lie_in_their_element(void **state)
{
    NEEDS_COMPILER;
    refuse(SOURCE("return word ? NULL : &e[shard + 1].size", ""), -ENOEXEC, "outside its element");
    refuse(SOURCE("return word ? NULL : (char *)array - 8", ""), -ENOEXEC, "outside its element");
    refuse(
        SOURCE("return word ? NULL : (char *)&e[shard] + 4", ""), -ENOEXEC, "not 8-byte aligned");
    refuse(SOURCE("return NULL", ""), -ENOEXEC, "NULL for WORD_WRITER of shard 0");
}

/* 4 GiB and 8 GiB away: offsets of 32 bits would take them for the element itself. */
static void far_words_are_not_taken_for_near_ones(void **state)
{
    NEEDS_COMPILER;
    refuse(SOURCE("return word ? NULL : (char *)&e[shard] + (1ull << 32)", ""), -ENOEXEC,
        "outside its element");
    refuse(SOURCE("return word ? NULL : (char *)&e[shard] - (1ull << 33)", ""), -ENOEXEC,
        "outside its element");
}

static void a_huge_object_is_refused(void **state)
{
    NEEDS_COMPILER;
    refuse(SOURCE(GOOD_WORD, ", .element_bytes = 1 << 30"), -ENOEXEC, "fewer --shards");
}

static void a_crash_costs_nothing_but_the_layout(void **state)
{
    NEEDS_COMPILER;
    refuse(SOURCE("return *(void **)8", ""), -ECHILD, "crashed while it was asked for addresses");
    refuse(SOURCE("abort()", ""), -ECHILD, "crashed while it was asked for addresses");
    refuse(SOURCE("raise(SIGKILL); return NULL", ""), -ECHILD, "crashed");
}

static void leaving_is_no_answer(void **state)
{
    NEEDS_COMPILER;
    refuse(SOURCE("exit(0)", ""), -ENOEXEC, "ended without an answer");
    refuse("#include <stdlib.h>\n"
           "__attribute__((constructor)) static void leave(void) { exit(3); }\n",
        -ENOEXEC, "ended without an answer");
}

/* Counts what a file holds of `text`, at most as much as fits its first bytes. */
static unsigned times_in_file(const char *path, const char *text)
{
    char content[4096] = "";
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    content[fread(content, 1, sizeof content - 1, f)] = '\0';
    fclose(f);
    unsigned n = 0;
    for (const char *s = strstr(content, text); s; s = strstr(s + 1, text))
        n++;
    return n;
}

static void leaving_prints_nothing_twice(void **state)
{
    NEEDS_COMPILER;
    char path[] = "/tmp/stdout-of-a-test-XXXXXX";
    const int fd = mkstemp(path), before = dup(STDOUT_FILENO);
    assert_true(fd >= 0 && before >= 0);
    fflush(stdout);
    dup2(fd, STDOUT_FILENO);
    fputs("waits in the buffer", stdout);
    struct shape *shape = NULL;
    struct err err = {0};
    const int code = load(SOURCE("exit(0)", ""), 64, &shape, &err);
    fflush(stdout);
    dup2(before, STDOUT_FILENO);
    close(before);
    close(fd);
    const unsigned times = times_in_file(path, "waits in the buffer");
    unlink(path);
    assert_refused(code, -ENOEXEC, &err, "ended without an answer");
    assert_int_equal(times, 1);
}

static void a_hang_ends_after_five_seconds(void **state)
{
    NEEDS_COMPILER;
    const time_t before = time(NULL);
    refuse(SOURCE("for (;;) __asm__ volatile(\"\"); return e", ""), -ECHILD,
        "did not answer within 5 s");
    assert_true(time(NULL) - before >= 4);
}

static void a_missing_file_is_told(void **state)
{
    (void)state;
    struct shape *shape = NULL;
    struct err err = {0};
    assert_refused(
        shape_load("./no/such/file.c", 8, SHARDS, &shape, &err), -ENOEXEC, &err, "cannot read");
    assert_refused(shape_load("/tmp", 8, SHARDS, &shape, &err), -ENOEXEC, &err, "is a folder");
}

/* In a private TMPDIR: other numaprobes run at the same time. What is left keeps it from being
 * removed. */
static void nothing_is_left_behind(void **state)
{
    NEEDS_COMPILER;
    static const char *const texts[] = {SOURCE(GOOD_WORD, ""), SOURCE("abort()", ""),
        SOURCE("exit(0)", ""), SOURCE_HEAD, "no C at all\n"};
    char folder[] = "/tmp/numaprobe-test.XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("TMPDIR", folder, 1), 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct shape *shape = NULL;
        load(texts[i], 8, &shape, NULL);
        free(shape);
    }
    assert_int_equal(unsetenv("TMPDIR"), 0);
    assert_int_equal(rmdir(folder), 0);
}

static int set_up_group(void **state)
{
    return look_for_compiler(state);
}
