/* SPDX-License-Identifier: MIT
 * base/event_set: what the parser reads, and what it refuses. */
#include "tests/test.h"

#include "base/event_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LOADS "loads thread loads A:B\n"

static void test_parse(void **state)
{
    (void)state;
    struct event_set set;
    assert_int_equal(event_set_parse("x.txt",
                         "# a comment\r\n\n"
                         "name\tSome  cpu \r\n"
                         "match x86_64 V 6 0x10-0x1f\n"
                         "pmu a b\n"
                         "l3-miss  l3 all  A:B + C -\tcpu/event=0x1/  \n"
                         "\tsource a book\n    note  mind it \n"
                         "mem-loads thread loads X\n source y",
                         &set, NULL),
        0);
    assert_string_equal(set.name, "Some  cpu");
    assert_string_equal(set.pmu, "a b");
    assert_int_equal(set.lines, 2);
    const struct event_line *line = &set.line[0];
    assert_int_equal(line->role, EVENT_L3_MISS);
    assert_int_equal(line->scope, EVENT_L3);
    assert_int_equal(line->sees, EVENT_ALL);
    assert_int_equal(line->terms, 3);
    assert_string_equal(line->term[1].name, "C");
    assert_int_equal(line->term[1].sign, 1);
    assert_string_equal(line->term[2].name, "cpu/event=0x1/");
    assert_int_equal(line->term[2].sign, -1);
    assert_string_equal(line->formula, "A:B + C -\tcpu/event=0x1/");
    assert_string_equal(line->source, "a book");
    assert_string_equal(line->note, "mind it");
    assert_int_equal(line->line, 6);
    assert_int_equal(set.line[1].role, EVENT_LOADS);
    assert_string_equal(set.line[1].note, "");
    event_set_fini(&set);
}

static void test_bad_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"lods thread all A\n", "x.txt:1: 'lods' is not a role"},
        {"\n#\nloads", "x.txt:3: '' is not a scope (thread, core, l3)"},
        {"loads package all A\n", "x.txt:1: 'package' is not a scope (thread, core, l3)"},
        {"loads thread some A\n", "x.txt:1: 'some' is not what an event sees (all, loads, stores)"},
        {"loads thread all  \n", "x.txt:1: no events"},
        {"loads thread all A +\n", "x.txt:1: an event is missing"},
        {"loads thread all - A\n", "x.txt:1: an event is missing"},
        {"loads thread all A B\n", "x.txt:1: 'B' where + or - is expected"},
        {"loads thread all A +B\n", "x.txt:1: '+B' where + or - is expected"},
        {"loads thread all A + B + C + D + E\n", "x.txt:1: more than 4 events"},
        {LOADS, "x.txt:1: no source for loads"},
        {LOADS "note n\n\nstores thread stores A\nsource s", "x.txt:1: no source for loads"},
        {"\nsource s\n" LOADS, "x.txt:2: a source before any role"},
        {"note n\n", "x.txt:1: a note before any role"},
        {LOADS "source s\nsource s\n", "x.txt:3: a second source"},
        {LOADS "source\n", "x.txt:2: an empty source"},
        {LOADS "source s\nnote \n", "x.txt:3: an empty note"},
        {"name a\nname b\n", "x.txt:2: a second name"},
        {"name\n", "x.txt:1: an empty name"},
        {"pmu \t\n", "x.txt:1: an empty pmu"},
        {"pmu a\npmu a\n", "x.txt:2: a second pmu"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event_set set;
        struct err err = {0};
        assert_int_equal(event_set_parse("x.txt", cases[i].text, &set, &err), -EINVAL);
        assert_string_equal(err.text + strlen("data/events "), cases[i].want);
        assert_int_equal(strncmp(err.text, "data/events ", strlen("data/events ")), 0);
        assert_null(set.text);
        event_set_fini(&set);
    }
}

static void test_bad_matches(void **state)
{
    (void)state;
    static const char *const cases[] = {"match", "match x86_64", "match x86_64 V",
        "match x86_64 V 6", "match x86_64 V 6 0x", "match x86_64 V 6 -5", "match x86_64 V 6 5-",
        "match x86_64 V 6 5-4", "match x86_64 V 6 5 5", "match x86_64 V six 5",
        "match x86_64 V 6x 5", "match x86_64 V 6 99999999999999999999", "match sparc V 6 5",
        "match aarch64 0x41", "match aarch64 0x41 6 0xd0c", "match aarch64 0x41 d0c",
        "match x86_64 a-vendor-that-is-longer-than-any-there-is 6 5"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event_set set;
        struct err err = {0};
        if (event_set_parse("x.txt", cases[i], &set, &err) != -EINVAL)
            fail_msg("'%s' is taken", cases[i]);
        assert_non_null(strstr(err.text, "x.txt:1: match needs"));
    }
}

static void test_too_long(void **state)
{
    (void)state;
    const size_t size = 1 << 17;
    char *text = malloc(size);
    memset(text, '#', size);
    text[size - 1] = '\0';
    struct event_set set;
    struct err err = {0};
    assert_int_equal(event_set_parse("x.txt", text, &set, &err), -EINVAL);
    assert_non_null(strstr(err.text, "x.txt: longer than 65536 bytes"));
    free(text);
}

static void test_fini_of_zero(void **state)
{
    (void)state;
    struct event_set set = {0};
    event_set_fini(&set);
}
