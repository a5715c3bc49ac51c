/* SPDX-License-Identifier: MIT
 * analysis/suggestion on findings made by hand: what a person should change, by who touches what.
 */
#include "tests/test.h"

#include "analysis/sharing/suggestion.h"

#include <stdio.h>
#include <string.h>

enum { A = 1, B = 2, C = 4, AB = A | B };

static struct sharing new_finding(enum sharing_object_kind kind, const char *name, const char *type)
{
    struct sharing s = {.objects = 1, .line_bytes = 64};
    s.object[0] = (struct sharing_object){.kind = kind, .count = 1, .size = 48};
    snprintf(s.object[0].name, sizeof s.object[0].name, "%s", name);
    snprintf(s.object[0].type_name, sizeof s.object[0].type_name, "%s", type);
    return s;
}

static void add_part(
    struct sharing *s, const char *name, uint64_t first, uint64_t readers, uint64_t writers)
{
    struct sharing_field *const f = &s->part[s->parts++];
    *f = (struct sharing_field){.first = first,
        .size = 8,
        .readers = readers,
        .writers = writers,
        .known = strncmp(name, "byte", 4) != 0,
        .member = true};
    snprintf(f->name, sizeof f->name, "%s", name);
}

static void check(const struct sharing *s, enum suggestion_what what, const char *text)
{
    struct suggestion got;
    suggestion_make(s, 64, &got);
    assert_string_equal(got.text, text);
    assert_int_equal(got.what, what);
}

static void test_members(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "server", "struct server");
    add_part(&s, "limits", 0, A, 0);
    add_part(&s, "name", 8, A, A);
    add_part(&s, "served", 16, B, B);
    check(&s, SUGGEST_ALIGN, "put alignas(64) before served in struct server");
    add_part(&s, "errors", 24, C, C);
    check(&s, SUGGEST_ALIGN, "put alignas(64) before served and errors in struct server");
}

static void test_members_of_a_base_class(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_HEAP, "", "SortedIndex<Order>");
    add_part(&s, "vptr", 0, A, 0);
    add_part(&s, "keys", 8, B, B);
    s.part[1].class = "Index";
    check(&s, SUGGEST_ALIGN, "put alignas(64) before keys in Index");
    add_part(&s, "mask", 16, C, C);
    check(&s, SUGGEST_ALIGN, "put alignas(64) before keys in Index and mask in SortedIndex<Order>");
}

static void test_only_read_stays_together(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "x", "struct x");
    add_part(&s, "table", 0, A, 0);
    add_part(&s, "size", 8, AB, 0);
    add_part(&s, "count", 16, B, B);
    check(&s, SUGGEST_ALIGN, "put alignas(64) before count in struct x");
}

/* A site of a thread on the worst line. */
static void add_site(
    struct footprint *touch, uint8_t first, uint8_t size, unsigned kind, uint64_t count)
{
    touch->site[touch->sites++] = (struct record_site){
        .pc = first, .count = count, .first = first, .size = size, .kind = (uint8_t)kind};
}

/* A flag that both look at once in a while may stay with the first's count. */
static void test_rarely_read_stays(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "server", "struct server");
    struct sharing_thread thread[2] = {{.slot = 1}, {.slot = 2}};
    struct footprint touch[2] = {{.slot = 1, .next = 2}, {.slot = 2}};
    struct line_stat line = {.address = 0, .touch = 1};
    const struct line_stat *lines[] = {&line};
    struct recording recording = {.touch = touch, .touches = 2};
    s.recording = &recording;
    s.thread = thread;
    s.threads = 2;
    s.line = lines;
    s.lines = 1;
    add_part(&s, "closed", 0, AB, 0);
    add_part(&s, "first", 8, A, A);
    add_part(&s, "second", 16, B, B);
    for (unsigned often = 1000; often <= 100000; often *= 100) {
        for (uint8_t i = 0; i < 2; i++) {
            touch[i].sites = 0;
            add_site(&touch[i], 0, 8, RECORD_READ, often);
            add_site(&touch[i], 8 + 8 * i, 8, RECORD_READ | RECORD_WRITE, 100000);
        }
        check(&s, SUGGEST_ALIGN,
            often == 1000 ? "put alignas(64) before second in struct server"
                          : "put alignas(64) before first and second in struct server");
    }
}

/* What its writer reads alone is no bridge between it and what others read. */
static void test_read_by_its_writer_only(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "loop", "struct loop");
    add_part(&s, "wake_fd", 0, B | C, 0);
    add_part(&s, "timers", 8, A, 0);
    add_part(&s, "now", 32, A, A);
    check(&s, SUGGEST_ALIGN, "put alignas(64) before timers in struct loop");
}

static void test_ring(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "ring", "struct ring");
    add_part(&s, "head", 0, B, A);
    add_part(&s, "tail", 8, A, B);
    check(&s, SUGGEST_ALIGN, "put alignas(64) before tail in struct ring");
}

static void test_members_in_turn(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "q", "struct queue");
    add_part(&s, "pushed", 0, A, A);
    add_part(&s, "popped", 8, B, B);
    add_part(&s, "push_sum", 16, A, A);
    check(&s, SUGGEST_MOVE,
        "keep together pushed, push_sum; then popped; each group behind an alignas(64)");
}

static void test_elements(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "jobs", "");
    add_part(&s, "[0].ops", 0, A, 0);
    add_part(&s, "[0].sum", 16, A, A);
    add_part(&s, "[1].ops", 24, B, 0);
    add_part(&s, "[1].sum", 40, B, B);
    check(&s, SUGGEST_PAD,
        "pad each element of jobs from 24 to 64 bytes: alignas(64) before its first member");
}

static void test_scalars(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "counts", "");
    add_part(&s, "[2]", 16, A, A);
    add_part(&s, "[3]", 24, B, B);
    check(&s, SUGGEST_PAD,
        "pad each element of counts from 8 to 64 bytes: an array of struct { alignas(64) ... "
        "value; "
        "}");
}

static void test_elements_of_a_member(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "pool", "struct pool");
    add_part(&s, "next", 0, AB, AB);
    add_part(&s, "worker[1].tasks", 24, A, A);
    add_part(&s, "worker[2].tasks", 40, B, B);
    check(&s, SUGGEST_PAD,
        "pad each element of worker from 16 to 64 bytes: alignas(64) before its first member");
}

/* To pad the elements would leave what one thread writes in an element next to what others read. */
static void test_within_an_element_too(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "slabs", "");
    add_part(&s, "[0].size", 0, C, 0);
    add_part(&s, "[0].used", 16, A, A);
    add_part(&s, "[1].size", 40, B, 0);
    check(&s, SUGGEST_ALIGN,
        "put alignas(64) before used in each element of slabs, which pads each element to whole "
        "lines, too");
}

static void test_within_a_block_too(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_HEAP, "", "struct node");
    add_part(&s, "read", 0, A, A);
    add_part(&s, "written", 8, B, B);
    add_part(&s, "read", 0, A, A);
    add_part(&s, "written", 8, B, B);
    s.part[0].instance = s.part[1].instance = 0x1000;
    s.part[2].instance = s.part[3].instance = 0x1010;
    check(&s, SUGGEST_SEPARATE,
        "put alignas(64) before written in struct node; and allocate each struct node separately "
        "on whole lines: aligned_alloc(64, 64)");
}

static void test_elements_of_whole_lines(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "lanes", "");
    add_part(&s, "[0].sum", 48, A, A);
    add_part(&s, "[1].sum", 112, B, B);
    check(&s, SUGGEST_ALIGN,
        "put alignas(64) before the array: each element of lanes fills whole lines, but does not "
        "begin with one");
    s.object[0].kind = OBJECT_HEAP;
    check(&s, SUGGEST_ALIGN,
        "allocate the array with aligned_alloc(64, ...): each element of lanes fills whole lines, "
        "but does not begin with one");
}

static void test_blocks(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_HEAP, "", "struct node");
    add_part(&s, "count", 0, A, A);
    add_part(&s, "count", 0, B, B);
    s.part[0].instance = 0x1000;
    s.part[1].instance = 0x1020;
    check(&s, SUGGEST_SEPARATE,
        "allocate each struct node separately on whole lines: aligned_alloc(64, 64)");
    s.object[0].type_name[0] = '\0';
    s.object[0].size = 72;
    check(&s, SUGGEST_SEPARATE,
        "allocate each block separately on whole lines: aligned_alloc(64, 128)");
}

static void test_variables(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "in", "long");
    s.object[s.objects++] = (struct sharing_object){.kind = OBJECT_GLOBAL, .name = "out"};
    add_part(&s, "in", 0, A, A);
    add_part(&s, "out", 0, B, B);
    s.part[1].object = 1;
    check(&s, SUGGEST_ALIGN,
        "put alignas(64) before in and out, or keep what one thread uses in a separate struct");
}

static void test_unknown_type(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_HEAP, "", "");
    add_part(&s, "byte 0-7", 0, A, A);
    add_part(&s, "byte 8-15", 8, B, B);
    check(&s, SUGGEST_MOVE, "keep bytes 0-7 and bytes 8-15 at least 64 bytes apart");
}

static void test_what_a_pool_deals_out(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_HEAP, "", "char");
    for (int i = 0; i < 6; i++)
        add_part(&s, "byte", 8 * i, i % 2 ? A : B, i % 2 ? A : B);
    s.object[0].size = 87208;
    check(&s, SUGGEST_SEPARATE,
        "what is dealt out of this block is closer than a line: round the size of each piece up to "
        "a multiple of 64 bytes; NUMAPROBE_ALLOC gives the pieces names here");
}

static void test_library_part(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_HEAP, "", "std::_Sp_counted");
    add_part(&s, "_M_use_count", 0, A, A);
    add_part(&s, "value", 8, B, B);
    check(&s, SUGGEST_ALIGN,
        "part of it is the library's own (a reference count, a lock): alignas(64) on your type in "
        "it keeps it on separate lines");
}

/* In Rust a group of members becomes one, whose order the compiler does not change. */
static void test_words_of_rust(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_HEAP, "", "app::Server");
    s.language = DWARF_RUST;
    add_part(&s, "served", 0, A, A);
    add_part(&s, "errors", 8, B, B);
    add_part(&s, "retries", 16, B, B);
    check(&s, SUGGEST_ALIGN,
        "wrap errors with retries of app::Server in crossbeam_utils::CachePadded (or in a struct "
        "with #[repr(align(64))])");
    s = new_finding(OBJECT_HEAP, "", "app::Worker");
    s.language = DWARF_RUST;
    add_part(&s, "[0].done", 0, A, A);
    add_part(&s, "[1].done", 24, B, B);
    check(&s, SUGGEST_PAD,
        "pad each element of the array from 24 to 64 bytes: put #[repr(align(64))] on it (or wrap "
        "it in crossbeam_utils::CachePadded)");
    s = new_finding(OBJECT_GLOBAL, "IN", "");
    s.language = DWARF_RUST;
    s.object[s.objects++] = (struct sharing_object){.kind = OBJECT_GLOBAL, .name = "OUT"};
    add_part(&s, "IN", 0, A, A);
    add_part(&s, "OUT", 0, B, B);
    s.part[1].object = 1;
    check(&s, SUGGEST_ALIGN,
        "wrap IN and OUT each in crossbeam_utils::CachePadded, or in a struct with "
        "#[repr(align(64))]");
}

/* A language without entries has those of C. */
static void test_words_of_others(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "ring", "ring");
    s.language = (enum dwarf_language)99;
    add_part(&s, "head", 0, B, A);
    add_part(&s, "tail", 8, A, B);
    check(&s, SUGGEST_ALIGN, "put alignas(64) before tail in ring");
}

static void test_true_sharing(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "total", "long");
    add_part(&s, "total", 0, AB, AB);
    s.kind = SHARING_TRUE;
    check(&s, SUGGEST_NONE,
        "the threads use the same bytes: no layout helps, only fewer accesses (a copy for each "
        "thread, batches)");
}

static void test_long_names_end(void **state)
{
    (void)state;
    struct sharing s = new_finding(OBJECT_GLOBAL, "x", "struct x");
    struct suggestion got;
    char name[96];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (unsigned i = 0; i < SHARING_FIELDS; i++)
        add_part(&s, name, 8 * i, i % 2 ? A : B, i % 2 ? A : B);
    suggestion_make(&s, 64, &got);
    assert_int_equal(strlen(got.text), sizeof got.text - 1);
}
