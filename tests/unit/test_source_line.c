/* SPDX-License-Identifier: MIT
 * analysis/dwarf/source_type_hint: which words of an allocation's text name its type. */
#include "tests/test.h"

#include "analysis/dwarf/source_type_hint.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Words as "type T" and "pointer P", each ended by a semicolon. */
static void check(const char *text, const char *want)
{
    struct type_hint words;
    char got[512] = "";
    type_hint_words(text, &words);
    for (size_t i = 0; i < words.count; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s %s;",
            words.word[i].expression ? "pointer" : "type", words.word[i].text);
    assert_string_equal(got, want);
}

static void test_c(void **state)
{
    (void)state;
    check("    struct ring *r = malloc(sizeof(struct ring));", "type struct ring;pointer r;");
    check("q->ring = calloc(n, sizeof *q->ring);", "pointer q->ring;pointer q->ring;");
    check("x = calloc(n, sizeof( *x ) );", "pointer x;pointer x;");
    check("lists.of[i % 2] = malloc(16);", "pointer lists.of[i%2];");
    check("return (struct node *)alloc(pool);", "type struct node;");
    check("job_t *jobs = xmalloc(sizeof (job_t) * n);", "type job_t;pointer jobs;");
    check("if (a == b) f();", "");
    check("x += malloc(3);", "");
    check("my_sizeof(y)", "");
    check("", "");
}

static void test_cxx(void **state)
{
    (void)state;
    check("auto *p = new shard::Map(3);", "type shard::Map;pointer p;");
    check("p = new (std::nothrow) Map[4];", "type Map;pointer p;");
    check("auto p = std::make_unique<Lane[]>(8);", "type Lane;pointer p;");
    check("return std::make_shared<const_ns::Route>(x);", "type const_ns::Route;");
    check("newest(x)", "");
}

static void test_alignment(void **state)
{
    struct type_hint words;
    (void)state;
    type_hint_words("p = aligned_alloc(64, 64);", &words);
    assert_true(words.aligned);
    type_hint_words("posix_memalign(&p, 64, 64);", &words);
    assert_true(words.aligned);
    type_hint_words("p = malloc(64);", &words);
    assert_false(words.aligned);
}

static void test_long_words(void **state)
{
    char text[600] = "x = (";
    struct type_hint words;
    (void)state;
    memset(text + 5, 'y', 500);
    strcpy(text + 505, " *)f();");
    type_hint_words(text, &words);
    assert_int_equal(words.count, 1); /* x */
    type_hint_words(
        "sizeof(a) sizeof(b) sizeof(c) sizeof(d) sizeof(e) sizeof(f) sizeof(g) sizeof(h) sizeof(i)",
        &words);
    assert_int_equal(words.count, TYPE_HINT_WORDS);
    type_hint_words("sizeof", &words);
    type_hint_words("a[", &words);
    type_hint_words("sizeof(*", &words);
    type_hint_words("new (", &words);
}

static void put(const char *path, const char *text, long seconds)
{
    FILE *const out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void test_statement(void **state)
{
    char folder[] = "/tmp/test_source.XXXXXX", module[64], file[64], text[256];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(module, sizeof module, "%s/app", folder);
    snprintf(file, sizeof file, "%s/a.c", folder);
    put(file, "one();\ntwo(a,\n    b);\nthree(1,\n2,\n3,\n4,\n5);\n", 1000);
    put(module, "", 2000);
    type_hint_statement(folder, "a.c", 2, module, text, sizeof text);
    assert_string_equal(text, "two(a,\n    b);\n");
    type_hint_statement(NULL, file, 1, module, text, sizeof text);
    assert_string_equal(text, "one();\n");
    type_hint_statement(folder, "a.c", 4, module, text, sizeof text);
    assert_string_equal(text, "three(1,\n2,\n3,\n4,\n");
    type_hint_statement(folder, "a.c", 99, module, text, sizeof text);
    assert_string_equal(text, "");
    type_hint_statement(folder, "none.c", 1, module, text, sizeof text);
    assert_string_equal(text, "");
    type_hint_statement(folder, "a.c", 2, module, text, 6);
    assert_string_equal(text, "two(a");
    put(file, "changed();\n", 3000); /* after the build: it says nothing of what ran */
    type_hint_statement(folder, "a.c", 1, module, text, sizeof text);
    assert_string_equal(text, "");
    unlink(file);
    unlink(module);
    rmdir(folder);
}
