/* SPDX-License-Identifier: MIT
 * analysis/watch: which lines two threads were seen at, one of them writing. */
#include "tests/test.h"

#include "analysis/watch/contested.h"

enum { MOST = 4 };

static void lines_that_two_threads_use_and_one_writes_are_listed(void **state)
{
    struct contested *const c = contested_new();
    struct contested_pair pair[MOST];
    (void)state;
    assert_non_null(c);
    contested_add(c, 1, 0x1000, 8, false, 1); /* two readers */
    contested_add(c, 2, 0x1008, 8, false, 1);
    contested_add(c, 1, 0x2000, 8, true, 1); /* one thread */
    contested_add(c, 1, 0x3010, 4, false, 0.5);
    contested_add(c, 2, 0x3008, 8, true, 2);
    assert_int_equal(contested_pairs(c, pair, MOST), 1);
    assert_int_equal(pair[0].line, 0x3000);
    assert_int_equal(pair[0].a.tid, 2);
    assert_int_equal(pair[0].a.writes, 0xff00);
    assert_int_equal(pair[0].a.reads, 0);
    assert_int_equal(pair[0].b.tid, 1);
    assert_int_equal(pair[0].b.reads, 0xf0000);
    assert_true(pair[0].weight == 0.5);
    contested_free(c);
}

static void what_crosses_a_line_is_at_both(void **state)
{
    struct contested *const c = contested_new();
    struct contested_pair pair[MOST];
    (void)state;
    contested_add(c, 1, 0x103c, 8, true, 1);
    contested_add(c, 2, 0x1000, 64, false, 1);
    contested_add(c, 2, 0x1040, 1, false, 1);
    assert_int_equal(contested_pairs(c, pair, MOST), 2);
    for (int i = 0; i < 2; i++) {
        const bool low = pair[i].line == 0x1000;
        assert_int_equal(pair[i].a.writes, low ? 0xfull << 60 : 0xf);
        assert_int_equal(pair[i].b.reads, low ? UINT64_MAX : 1);
    }
    contested_free(c);
}

static void the_most_seen_come_first_and_fit(void **state)
{
    enum { LINES = 20 };
    struct contested *const c = contested_new();
    struct contested_pair pair[MOST];
    (void)state;
    for (unsigned i = 0; i < LINES; i++) {
        contested_add(c, 1, 0x1000 + i * 64ull, 1, true, i * 7 % LINES + 1);
        contested_add(c, 2, 0x1000 + i * 64ull, 1, true, 100);
    }
    assert_int_equal(contested_pairs(c, pair, MOST), MOST);
    for (int i = 0; i < MOST; i++) {
        assert_true(pair[i].weight == LINES - i);
        assert_int_equal(pair[i].a.tid, 2); /* both write: who is seen more */
    }
    assert_int_equal(contested_pairs(c, pair, 0), 0);
    contested_free(c);
}

/* Of twenty threads on a line those that are seen most stay. */
static void the_least_seen_thread_makes_room(void **state)
{
    struct contested *const c = contested_new();
    struct contested_pair pair[MOST];
    (void)state;
    contested_add(c, 1, 0x1000, 8, true, 50);
    contested_add(c, 2, 0x1008, 8, true, 40);
    for (int tid = 3; tid <= 20; tid++)
        contested_add(c, tid, 0x1010, 8, false, 1);
    assert_int_equal(contested_pairs(c, pair, MOST), MOST);
    assert_int_equal(pair[0].a.tid, 1);
    assert_int_equal(pair[0].b.tid, 2);
    assert_true(pair[0].weight == 40);
    contested_free(c);
    contested_free(NULL);
}
