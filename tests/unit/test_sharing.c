/* SPDX-License-Identifier: MIT
 * analysis/sharing on records made by hand: what is told, as what, and in which order. */
#include "tests/test.h"

#include "analysis/sharing/suggestion.h"
#include "tests/judge.h"

static void test_false(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 3);
    m.record.header.accesses = 100000000;
    make_false(&m, base, 5000000, 10000);
    maker_block(&m, base, 64, 0x555);
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    const struct sharing *const s = j.list.finding[0];
    assert_int_equal(s->kind, SHARING_FALSE);
    assert_int_equal(s->latent, LATENT_NOT);
    assert_int_equal(s->handovers_false, 10000);
    assert_int_equal(s->accesses, 10000000);
    assert_true(s->share > 0.099 && s->share < 0.101);
    assert_int_equal(s->objects, 1);
    assert_int_equal(s->object[0].kind, OBJECT_HEAP);
    assert_int_equal(s->object[0].size, 64);
    assert_int_equal(s->threads, 2);
    assert_int_equal(s->sites, 2);
    assert_int_equal(s->fields, 2);
    assert_string_equal(s->field[0].name, "byte 0-7");
    assert_string_equal(s->field[1].name, "byte 8-15");
    assert_int_equal(s->field[0].writers | s->field[1].writers, 3);
    assert_int_equal(s->field[0].writers & s->field[1].writers, 0);
    assert_int_equal(s->suggestion.what, SUGGEST_MOVE);
    done(&j);
}

static void test_unknown_memory(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    make_false(&m, base, 5000000, 10000);
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->fields, 2);
    assert_string_equal(j.list.finding[0]->field[0].name, "byte 0-7");
    assert_string_equal(j.list.finding[0]->field[1].name, "byte 8-15");
    done(&j);
}

static void test_true(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    maker_add(&m, (struct made){0, base, 8, RW, 5000000, 0, 50000, 0});
    maker_add(&m, (struct made){1, base, 8, RW, 5000000, 0, 50000, 0});
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->kind, SHARING_TRUE);
    assert_int_equal(j.list.finding[0]->suggestion.what, SUGGEST_NONE);
    done(&j);
}

/* A reference count that both change, beside a pointer that one only reads. */
static void test_mixed(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    maker_add(&m, (struct made){0, base, 8, RW, 1000000, 0, 20000, 0});
    maker_add(&m, (struct made){1, base, 8, RW, 1000000, 0, 20000, 0});
    maker_add(&m, (struct made){1, base + 8, 8, R, 9000000, 40000, 0, 0});
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->kind, SHARING_MIXED);
    done(&j);
}

/* A lock and what it protects: some hand-overs are between the two, but apart both would travel. */
static void test_lock_with_its_data(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    for (uint32_t thread = 0; thread < 2; thread++) {
        maker_add(&m, (struct made){thread, base, 40, RW | RECORD_SYNC, 1000000, 0, 20000, 0});
        maker_add(&m, (struct made){thread, base + 40, 8, RW, 1000000, 9000, 0, 0});
    }
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->kind, SHARING_TRUE);
    done(&j);
}

static void test_read_only(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    maker_add(&m, (struct made){0, base, 8, R, 5000000, 0, 0, 0});
    maker_add(&m, (struct made){1, base + 8, 8, R, 5000000, 0, 0, 0});
    judge(&m, &j);
    assert_int_equal(j.list.count, 0);
    done(&j);
}

/* What lies in different phases the runtime leaves out of a line's touches: one thread is left. */
static void test_phases(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    maker_add(&m, (struct made){0, base, 8, RW, 5000000, 0, 0, 0});
    maker_line(&m, base)->ordered_handovers = 1000;
    judge(&m, &j);
    assert_int_equal(j.list.count + j.list.below, 0);
    done(&j);
}

static void test_threshold(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    make_false(&m, base, 2000, 1050); /* 1050 - 1.645 * sqrt(1050) are 997 */
    judge(&m, &j);
    assert_int_equal(j.list.count, 0);
    assert_int_equal(j.list.below, 1);
    done(&j);
    maker_init(&m, 2);
    make_false(&m, base, 2000, 1054);
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    done(&j);
    /* In a hundredth of a second 30 are 3,000 a second: too few to be sure. */
    maker_init(&m, 2);
    m.record.seen_seconds = 0.01;
    make_false(&m, base, 60, 30);
    judge(&m, &j);
    assert_int_equal(j.list.count, 0);
    done(&j);
}

/* Few hand-overs, among 30 million accesses to other memory. */
static void test_not_noticeable(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    for (unsigned hot = 0; hot < 2; hot++) {
        maker_init(&m, 2);
        m.record.header.accesses = 30000000;
        make_false(&m, base, hot ? 400000 : 4000, 2000);
        judge(&m, &j);
        assert_int_equal(j.list.count, hot);
        assert_int_equal(j.list.below, !hot);
        done(&j);
    }
}

/* Blocks of one allocation site are one finding, whatever line they are on. */
static void test_merged_by_site(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    for (uint64_t i = 0; i < 4; i++) {
        make_false(&m, base + 256 * i, 100000, 1000);
        maker_block(&m, base + 256 * i, 8, 0x555);
        maker_block(&m, base + 256 * i + 8, 8, 0x555);
    }
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->cache_lines, 4);
    assert_int_equal(j.list.finding[0]->handovers_false, 4000);
    assert_int_equal(j.list.finding[0]->objects, 1);
    assert_int_equal(j.list.finding[0]->object[0].count, 8);
    assert_int_equal(j.list.finding[0]->suggestion.what, SUGGEST_SEPARATE);
    done(&j);
}

/* Reads apart from writes count as two, a read-modify-write as one: never more than were seen. */
static void test_share(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 4);
    m.record.header.accesses = 40000000;
    make_false(&m, base, 5000000, 10000);
    for (uint32_t thread = 2; thread < 4; thread++) {
        maker_add(&m, (struct made){thread, base + 4096 + 8 * thread, 8, R, 100, 4000, 0, 0});
        maker_add(&m, (struct made){thread, base + 4096 + 8 * thread, 8, W, 100, 0, 0, 0});
        m.touch[thread].reads = m.touch[thread].writes = 7500000; /* counted without their sites */
    }
    judge(&m, &j);
    assert_int_equal(j.list.count, 2);
    assert_int_equal(j.list.finding[0]->accesses, 30000000);
    assert_int_equal(j.list.finding[1]->accesses, 10000000);
    assert_true(j.list.finding[0]->share > 0.749 && j.list.finding[0]->share < 0.751);
    assert_true(j.list.finding[1]->share > 0.249 && j.list.finding[1]->share < 0.251);
    done(&j);
}

/* As of a machine with as many cpus: none of them is left out. */
static void test_hundreds_of_threads(void **state)
{
    enum { THREADS = 300, COUNT = 10000 };
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, THREADS);
    for (uint32_t i = 0; i < THREADS; i++)
        maker_add(&m, (struct made){i, base + i % 64, 1, W, COUNT, 100, 0, 0});
    maker_block(&m, base, 64, 0x555);
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    const struct sharing *const s = j.list.finding[0];
    assert_int_equal(s->accesses, THREADS * COUNT);
    assert_int_equal(s->threads, THREADS);
    assert_int_equal(s->rows, THREADS);
    done(&j);
}

static void test_order(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    make_false(&m, base, 5000000, 2); /* latent */
    make_false(&m, base + 256, 100000, 2000);
    make_false(&m, base + 512, 100000, 9000);
    maker_add(&m, (struct made){0, base + 768, 8, RW, 5000000, 0, 90000, 0});
    maker_add(&m, (struct made){1, base + 768, 8, RW, 5000000, 0, 90000, 0});
    for (uint64_t i = 0; i < 4; i++)
        maker_block(&m, base + 256 * i, 64, 0x100 + i);
    judge(&m, &j);
    assert_int_equal(j.list.count, 4);
    assert_int_equal(j.list.finding[0]->worst, base + 512);
    assert_int_equal(j.list.finding[1]->worst, base + 256);
    assert_int_equal(j.list.finding[2]->latent, LATENT_TURNS);
    assert_int_equal(j.list.finding[3]->kind, SHARING_TRUE);
    done(&j);
}

/* The bytes of a ring's slots are truly shared; its indices are not, on their line. */
static void test_true_lines_of_the_same_object(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    make_false(&m, base, 100000, 3000);
    for (uint32_t thread = 0; thread < 2; thread++)
        maker_add(&m, (struct made){thread, base + 64, 8, RW, 5000000, 0, 90000, 0});
    maker_block(&m, base, 128, 0x555);
    judge(&m, &j);
    assert_int_equal(j.list.count, 2);
    assert_int_equal(j.list.finding[0]->kind, SHARING_FALSE);
    assert_int_equal(j.list.finding[1]->kind, SHARING_TRUE);
    done(&j);
}

/* Cells of which one thread writes more than the other: fields could be apart there, but the few
 * false hand-overs are not what they are about. */
static void test_true_cells_beside_false_ends(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    make_false(&m, base, 100000, 3000);
    for (unsigned cell = 1; cell <= 8; cell++) {
        maker_add(&m, (struct made){0, base + 64 * cell, 16, W, 50000, 100, 9000, 0});
        maker_add(&m, (struct made){1, base + 64 * cell, 8, RW, 50000, 100, 9000, 0});
    }
    maker_block(&m, base, 9 * 64, 0x555);
    judge(&m, &j);
    assert_int_equal(j.list.count, 2);
    assert_int_equal(j.list.finding[0]->kind, SHARING_FALSE);
    assert_int_equal(j.list.finding[0]->cache_lines, 1);
    assert_int_equal(j.list.finding[0]->handovers_false, 3000);
    assert_int_equal(j.list.finding[1]->kind, SHARING_TRUE);
    assert_int_equal(j.list.finding[1]->cache_lines, 8);
    done(&j);
}
