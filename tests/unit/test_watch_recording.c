/* SPDX-License-Identifier: MIT
 * What was proved of a watched process is judged as a recording is. */
#include "tests/test.h"

#include "analysis/code/window_cache.h"
#include "analysis/watch/watch_recording.h"

enum { LINE = 0x7000, KEYS = 1 << 16 };

static void prove(struct proved *proved, unsigned a, unsigned b, bool common, unsigned times)
{
    struct contested_pair pair = {.line = LINE,
        .tid = {11, 12},
        .access = {{.first = (uint8_t)a, .bytes = 8, .write = true},
            {.first = (uint8_t)b, .bytes = 8, .write = false}}};
    for (int i = 0; i < 2; i++) {
        pair.access[i].address = LINE + pair.access[i].first;
        pair.access[i].next = 0x400000 + pair.access[i].first;
    }
    for (unsigned i = 0; i < times; i++)
        assert_int_equal(proved_add(proved, &pair, common ? PROVED_COMMON : PROVED_SEPARATE, 1), 0);
}

/* What is found of the proofs; -1: nothing. */
static int kind_of(const struct proved *proved)
{
    static const struct watch_thread threads[] = {
        {.tid = 11, .samples = 100, .name = "first"}, {.tid = 12, .samples = 50, .name = "second"}};
    const struct watch_scene scene = {
        .pid = 10, .name = "app", .thread = threads, .threads = 2, .proved = proved, .seconds = 3};
    struct recording recording;
    struct sharing_list list = {0};
    struct err err;
    assert_int_equal(watch_record(&scene, &recording), 0);
    assert_int_equal(recording.header.accesses, 150);
    struct dwarf *const dwarf = dwarf_new(NULL, 0);
    assert_non_null(dwarf);
    assert_int_equal(sharing_find(&recording, dwarf, &watch_rule, &list, &err), 0);
    const int kind = list.count ? (int)list.finding[0]->kind : -1;
    if (list.count) {
        assert_int_equal(list.finding[0]->worst, LINE);
        assert_int_equal(list.finding[0]->threads, 2);
    }
    sharing_fini(&list);
    dwarf_free(dwarf);
    record_fini(&recording);
    return kind;
}

static void the_kind_is_that_of_the_proofs(void **state)
{
    static const struct {
        unsigned separate, common;
        int kind;
    } cases[] = {{2, 0, -1}, {3, 0, SHARING_FALSE}, {20, 1, SHARING_FALSE}, {20, 10, SHARING_MIXED},
        {0, 3, SHARING_TRUE}, {1, 20, SHARING_TRUE}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct proved proved = {0};
        prove(&proved, 0, 16, false, cases[i].separate);
        prove(&proved, 0, 0, true, cases[i].common);
        assert_int_equal(proved_address(&proved.line[0]), LINE);
        assert_int_equal(kind_of(&proved), cases[i].kind);
        proved_fini(&proved);
    }
}

static void a_block_is_the_object(void **state)
{
    struct proved proved = {0};
    (void)state;
    prove(&proved, 0, 16, false, 5);
    for (int i = 0; i < 2; i++)
        proved_add_block(&proved, LINE, (struct proved_block){LINE - 16, 200, RECORD_CHUNK});
    assert_int_equal(proved.line[0].blocks, 1);
    assert_int_equal(kind_of(&proved), SHARING_FALSE);
    proved_fini(&proved);
}

static void a_place_is_decoded_once(void **state)
{
    static const uint8_t code[] = {0x90, 0x90, 0xc3};
    const struct code_text text = {.bytes = code, .size = sizeof code, .address = 0x1000};
    struct window_cache *const cache = window_cache_new();
    (void)state;
    assert_non_null(cache);
    assert_null(window_cache_at(cache, 1, 0x1001));
    const struct window *const made = window_cache_add(cache, 1, 0x1001, &text);
    assert_non_null(made);
    assert_ptr_equal(window_cache_at(cache, 1, 0x1001), made);
    assert_null(window_cache_at(cache, 2, 0x1001)); /* another program */
    for (uint64_t ip = 0; ip < KEYS; ip++)          /* more than it keeps */
        assert_non_null(window_cache_add(cache, 3, ip, &text));
    assert_null(window_cache_at(cache, 1, 0x1001));
    window_cache_free(cache);
    window_cache_free(NULL);
}
