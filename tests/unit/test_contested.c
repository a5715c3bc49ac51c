/* SPDX-License-Identifier: MIT
 * analysis/watch: which accesses of two threads are worth a pair of watchpoints, and what their
 * proofs add up to. */
#include "tests/test.h"

#include "analysis/watch/contested.h"
#include "analysis/watch/proved.h"

struct two {
    struct contested *contested;
    struct rng rng;
    uint64_t samples;
};

static struct two begin(void)
{
    struct two t = {.contested = contested_new()};
    assert_non_null(t.contested);
    rng_seed(&t.rng, 1);
    return t;
}

/* Of a sample of its own. */
static void add(struct two *t, int tid, uint64_t key, unsigned bytes, bool write, double weight)
{
    const struct contested_access access = {.next = key + 1,
        .sample = ++t->samples,
        .address = key + 0x100000,
        .bytes = (uint8_t)bytes,
        .write = write,
        .weight = (float)weight};
    assert_int_equal(contested_add(t->contested, tid, key, &access), 0);
}

static void a_line_of_two_threads_of_which_one_writes_is_picked(void **state)
{
    struct two t = begin();
    struct contested_pair pair;
    (void)state;
    assert_false(contested_pick(t.contested, &t.rng, &pair));
    add(&t, 1, 0x1000, 8, false, 1); /* two readers */
    add(&t, 2, 0x1008, 8, false, 1);
    add(&t, 1, 0x2000, 8, true, 1); /* one thread */
    assert_false(contested_pick(t.contested, &t.rng, &pair));
    add(&t, 1, 0x3010, 4, false, 1);
    add(&t, 2, 0x3008, 8, true, 2);
    assert_true(contested_pick(t.contested, &t.rng, &pair));
    assert_int_equal(pair.line, 0x3000);
    const int writer = pair.tid[1] == 2;
    assert_int_equal(pair.tid[writer], 2);
    assert_int_equal(pair.tid[1 - writer], 1);
    assert_true(pair.access[writer].write);
    assert_int_equal(pair.access[writer].first, 8);
    assert_int_equal(pair.access[writer].address, 0x103008);
    assert_int_equal(pair.access[writer].next, 0x3009);
    assert_int_equal(pair.access[1 - writer].bytes, 4);
    contested_free(t.contested);
    contested_free(NULL);
}

static void what_crosses_a_line_is_at_both(void **state)
{
    struct two t = begin();
    (void)state;
    add(&t, 1, 0x103c, 8, true, 1);
    const struct contested_line *const low = contested_at(t.contested, 0x1000), *const high =
                                                                                    contested_at(
                                                                                        t.contested,
                                                                                        0x1040);
    assert_non_null(low);
    assert_non_null(high);
    assert_int_equal(low->user[0].access[0].first, 60);
    assert_int_equal(low->user[0].access[0].bytes, 4);
    assert_int_equal(high->user[0].access[0].first, 0);
    assert_int_equal(high->user[0].access[0].bytes, 4);
    assert_int_equal(high->user[0].access[0].address, 0x101040);
    contested_free(t.contested);
}

static void all_candidates_have_their_turn(void **state)
{
    enum { LINES = 20, PICKS = 400 };
    struct two t = begin();
    unsigned picked[LINES] = {0};
    (void)state;
    for (unsigned i = 0; i < LINES; i++)
        for (int tid = 1; tid <= 2; tid++)
            add(&t, tid, 0x1000 + i * 64ull + (unsigned)tid * 8, 8, true, i + 1);
    for (unsigned i = 0; i < PICKS; i++) {
        struct contested_pair pair;
        assert_true(contested_pick(t.contested, &t.rng, &pair));
        picked[(pair.line - 0x1000) / 64]++;
    }
    for (unsigned i = 0; i < LINES; i++)
        assert_true(picked[i] > 0);
    assert_true(picked[LINES - 1] > 2 * picked[0]);
    contested_free(t.contested);
}

/* Where both were seen at common bytes and at others, the others are asked about. */
static void bytes_apart_come_first(void **state)
{
    struct two t = begin();
    (void)state;
    for (int tid = 1; tid <= 2; tid++) {
        add(&t, tid, 0x1000, 8, true, 1);
        add(&t, tid, 0x1008 + (unsigned)tid * 8, 8, true, 1);
    }
    for (int i = 0; i < 50; i++) {
        struct contested_pair pair;
        assert_true(contested_pick(t.contested, &t.rng, &pair));
        assert_int_not_equal(pair.access[0].first, pair.access[1].first);
    }
    contested_free(t.contested);
}

static void only_common_bytes_are_asked_about_too(void **state)
{
    struct two t = begin();
    struct contested_pair pair;
    (void)state;
    add(&t, 1, 0x1000, 8, true, 1);
    add(&t, 2, 0x1004, 4, false, 1);
    assert_true(contested_pick(t.contested, &t.rng, &pair));
    contested_free(t.contested);
}

static void what_is_long_ago_is_forgotten(void **state)
{
    struct two t = begin();
    (void)state;
    add(&t, 1, 0x1000, 8, true, 1);
    add(&t, 1, 0x2000, 8, true, 100);
    for (int i = 0; i < 50; i++)
        contested_age(t.contested, 0.9);
    assert_null(contested_at(t.contested, 0x1000));
    const struct contested_line *const left = contested_at(t.contested, 0x2000);
    assert_non_null(left);
    assert_true(left->user[0].weight < 1 && left->user[0].seen == 1);
    contested_free(t.contested);
}

/* However far away the accesses are that it may have been at: the share of a thread's samples is an
 * upper bound. */
static void a_sample_counts_once_for_a_line(void **state)
{
    struct two t = begin();
    (void)state;
    for (int i = 0; i < 5; i++) {
        add(&t, 1, 0x1000, 8, true, 0.1);
        t.samples--;
        add(&t, 1, 0x1008, 8, false, 0.1);
    }
    const struct contested_line *const line = contested_at(t.contested, 0x1000);
    assert_non_null(line);
    assert_true(line->user[0].seen == 5);
    contested_free(t.contested);
}

/* Of twenty threads on a line those that are seen most stay. */
static void the_least_seen_thread_makes_room(void **state)
{
    struct two t = begin();
    (void)state;
    add(&t, 1, 0x1000, 8, true, 50);
    add(&t, 2, 0x1008, 8, true, 40);
    for (int tid = 3; tid <= 20; tid++)
        add(&t, tid, 0x1010, 8, false, 1);
    const struct contested_line *const line = contested_at(t.contested, 0x1000);
    assert_int_equal(line->users, CONTESTED_USERS);
    assert_int_equal(line->user[0].tid, 1);
    assert_int_equal(line->user[1].tid, 2);
    contested_free(t.contested);
}

static void three_proofs_make_a_line_sure(void **state)
{
    struct proved proved = {0};
    struct contested_pair pair = {.line = 0x1000,
        .tid = {1, 2},
        .access = {{.first = 0, .bytes = 8, .write = true, .weight = 9},
            {.first = 8, .bytes = 8, .write = true, .weight = 9}}};
    (void)state;
    for (unsigned i = 0; i < PROVED_LEAST; i++) {
        assert_int_equal(
            proved_add(&proved, &pair, i == 0 ? PROVED_COMMON : PROVED_SEPARATE, i + 1), 0);
        assert_false(proved_is_sure(&proved.line[0]));
    }
    assert_int_equal(proved_add(&proved, &pair, PROVED_SEPARATE, 9), 0);
    assert_true(proved_is_sure(&proved.line[0]));
    assert_int_equal(proved.lines, 1);
    assert_int_equal(proved.line[0].separate, PROVED_LEAST);
    assert_int_equal(proved.line[0].common, 1);
    assert_true(proved.line[0].first_s == 1);
    assert_int_equal(proved.line[0].users, 2);
    assert_true(proved.line[0].user[1].access[0].weight == PROVED_LEAST + 1);
    proved_fini(&proved);
}

/* One thread alone crosses over to the other's bytes: how often is asked some times, and then
 * known. */
static void a_thread_that_hardly_ever_crosses_shares_falsely(void **state)
{
    enum { ASKED = 7 };
    struct proved proved = {0};
    struct contested_pair pair = {.line = 0x1000, .tid = {1, 2}};
    enum proved_kind kind;
    (void)state;
    for (unsigned i = 0; i < ASKED; i++) {
        assert_false(proved_crossing(&proved, 0x1000, &kind));
        assert_int_equal(proved_add(&proved, &pair, i == 1 ? PROVED_OFTEN : PROVED_RARELY, 1), 0);
        assert_int_equal(proved_add(&proved, &pair, PROVED_COMMON, 1), 0);
    }
    assert_true(proved_crossing(&proved, 0x1000, &kind));
    assert_int_equal(kind, PROVED_RARELY);
    assert_false(proved_crossing(&proved, 0x1040, &kind));
    assert_int_equal(proved.line[0].separate, ASKED - 1);
    assert_int_equal(proved.line[0].common, ASKED + 1);
    proved_fini(&proved);
}
