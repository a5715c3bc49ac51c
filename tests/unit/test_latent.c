/* SPDX-License-Identifier: MIT
 * What did not happen and may, on records made by hand: threads that ran in turns, objects that
 * begin elsewhere, longer lines. */
#include "tests/judge.h"

static void judge_none(struct maker *m)
{
    struct judged j;
    judge(m, &j);
    assert_int_equal(j.list.count, 0);
    done(&j);
}

/* One finding, and what it is. */
static void judge_one(struct maker *m, enum sharing_latent latent, enum sharing_kind kind)
{
    struct judged j;
    judge(m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->latent, latent);
    assert_int_equal(j.list.finding[0]->kind, kind);
    done(&j);
}

/* On one cpu one thread runs after the other: two hand-overs, of what could be millions. */
static void test_turns(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    make_false(&m, base, 5000000, 2);
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->latent, LATENT_TURNS);
    assert_int_equal(j.list.finding[0]->possible, 10000000);
    done(&j);
    /* A few accesses by one of them, as main's before it waits, are no contention. */
    maker_init(&m, 2);
    maker_add(&m, (struct made){0, base, 8, RW, 5000000, 1, 0, 0});
    maker_add(&m, (struct made){1, base + 8, 8, RW, 100, 1, 0, 0});
    judge_none(&m);
}

/* True hand-overs of threads that ran in turns hide what their bytes would do at once; those of
 * threads that wait for each other, every 50 us, do not: then most accesses are polling. */
static void test_short_turns(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    make_false(&m, base, 5000000, 2);
    m.line[0].true_handovers = 1200;
    judge_one(&m, LATENT_TURNS, SHARING_FALSE);
    m.line[0].true_handovers = 20000;
    judge_one(&m, LATENT_NOT, SHARING_TRUE);
}

/* Four threads of one cpu hand over at each switch: nothing moves, and at the same time it would.
 */
static void test_within_one_cpu(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    make_false(&m, base, 50000, 40000);
    m.line[0].switched = 39000;
    judge_one(&m, LATENT_TURNS, SHARING_FALSE);
    m.line[0].switched = 1000;
    judge_one(&m, LATENT_NOT, SHARING_FALSE);
}

/* `rested` of the 160 reads and writes were while the line rested. */
static void make_rested(struct maker *m, uint64_t rested)
{
    maker_init(m, 2);
    make_false(m, base, 40, 20000);
    maker_block(m, base, 64, 0x555);
    m->line[0].true_handovers = 1000;
    m->line[0].switched = 5000;
    m->touch[0].rested = 60;
    m->touch[1].rested = rested - 60;
}

static void test_rested(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    make_rested(&m, 80);
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    const struct sharing *const s = j.list.finding[0];
    assert_int_equal(s->handovers_false, 40000);
    assert_int_equal(s->handovers_true, 2000);
    assert_int_equal(s->thread[0].false_in, 20000);
    done(&j);
    m.line[0].switched = 11000; /* more than half of all: no line moved */
    judge_none(&m);
    make_rested(&m, 160); /* all: there is nothing to infer from */
    judge(&m, &j);
    assert_int_equal(j.list.finding[0]->handovers_false, 20000);
    done(&j);
    make_rested(&m, 80);
    m.line[0].false_handovers = RECORD_COUNT_MAX; /* damage, but sums do not overflow */
    judge(&m, &j);
    assert_int_equal(j.list.finding[0]->handovers_false, RECORD_COUNT_MAX);
    done(&j);
}

static void test_turns_without_sites(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    make_false(&m, base, 5000000, 2);
    m.touch[0].sites = 0;
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->possible, 10000000);
    done(&j);
}

/* Of a table that is used under one lock each thread misses some bytes of a line by chance. It
 * hands over as often as a contended line, truly. */
static void make_table(struct maker *m, uint64_t count, uint64_t handovers)
{
    maker_init(m, 2);
    for (uint32_t thread = 0; thread < 2; thread++) {
        for (uint64_t at = 0; at < 32; at += 8)
            maker_add(m, (struct made){thread, base + at, 8, R, count, 0, 0, 0});
        maker_add(m, (struct made){thread, base + 8 * thread, 8, W, count, 0, 0, 0});
    }
    m->line[0].true_handovers = handovers;
}

static void test_table_under_a_lock(void **state)
{
    struct maker m;
    (void)state;
    make_table(&m, 4000, 500);
    judge_none(&m);
    m.line[0].switched = 500;
    judge_none(&m);
    make_table(&m, 4000, 20); /* too few to know */
    judge_one(&m, LATENT_TURNS, SHARING_MIXED);
    make_table(&m, 400000, 500); /* where they wait for each other */
    judge_one(&m, LATENT_TURNS, SHARING_MIXED);
}

/* Its lines at another start. */
static void test_table_at_another_start(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    for (uint32_t thread = 0; thread < 2; thread++)
        for (uint64_t at = 40; at < 80; at += 8)
            if (thread || at % 16)
                maker_add(&m, (struct made){thread, base + at, 8, RW, 6000, 0, 0, 0});
    maker_block(&m, base + 16, 128, 0x555);
    m.line[0].true_handovers = m.line[1].true_handovers = 300;
    judge_none(&m);
}

/* Bytes 56-63 and 64-71 of one block: 16 bytes further on they share a line. */
static void make_split(struct maker *m, uint64_t start)
{
    maker_add(m, (struct made){0, start + 40, 8, RW, 5000000, 0, 0, 0});
    maker_add(m, (struct made){1, start + 48, 8, RW, 5000000, 0, 0, 0});
    maker_block(m, start, 128, 0x555);
}

static void test_other_start(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    make_split(&m, base + 16);
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->latent, LATENT_START);
    assert_int_equal(j.list.finding[0]->kind, SHARING_FALSE);
    assert_int_equal(j.list.finding[0]->possible, 10000000);
    assert_int_equal(j.list.finding[0]->handovers_false, 0);
    done(&j);
}

/* Where a block begins with a line, nothing known says that it had to: then that is not told. */
static void test_other_start_of_an_aligned_block(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    maker_add(&m, (struct made){0, base + 56, 8, RW, 5000000, 0, 0, 0});
    maker_add(&m, (struct made){1, base + 64, 8, RW, 5000000, 0, 0, 0});
    maker_block(&m, base, 128, 0x555);
    judge_none(&m);
}

/* Two blocks: how they lie to each other is not for one of them to say. */
static void test_other_start_of_two_blocks(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    maker_add(&m, (struct made){0, base + 56, 8, RW, 5000000, 0, 0, 0});
    maker_add(&m, (struct made){1, base + 64, 8, RW, 5000000, 0, 0, 0});
    maker_block(&m, base + 48, 16, 0x555);
    maker_block(&m, base + 64, 16, 0x666);
    judge_none(&m);
}

static void test_far_apart(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    maker_add(&m, (struct made){0, base + 16, 8, RW, 5000000, 0, 0, 0});
    maker_add(&m, (struct made){1, base + 80, 8, RW, 5000000, 0, 0, 0});
    maker_block(&m, base + 16, 128, 0x555);
    judge_none(&m);
}

static void test_wide_lines(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    maker_init(&m, 2);
    maker_add(&m, (struct made){0, base, 8, RW, 5000000, 0, 0, 0});
    maker_add(&m, (struct made){1, base + 64, 8, RW, 5000000, 0, 0, 0});
    maker_add(&m, (struct made){0, base + 192, 8, RW, 5000000, 0, 0, 0});
    maker_add(&m, (struct made){1, base + 256, 8, RW, 5000000, 0, 0, 0});
    judge_none(&m);
    judge_lines(&m, 128, &j);
    assert_int_equal(j.list.count, 1); /* 192 and 256 are of different pairs */
    assert_int_equal(j.list.finding[0]->latent, LATENT_WIDE);
    assert_int_equal(j.list.finding[0]->line_bytes, 128);
    assert_int_equal(j.list.finding[0]->suggestion.bytes, 128);
    done(&j);
}

/* A block's first line and the next block's bytes on its second: they do not move together. */
static void test_next_block(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    for (uint64_t within = 0; within < 2; within++) {
        maker_init(&m, 2);
        maker_add(&m, (struct made){0, base + 56, 8, RW, 5000000, 0, 0, 0});
        maker_add(&m, (struct made){1, base + 80, 8, RW, 5000000, 0, 0, 0});
        maker_block(&m, base + 16, within ? 112 : 56, 0x555);
        if (!within)
            maker_block(&m, base + 80, 64, 0x666);
        judge(&m, &j);
        assert_int_equal(j.list.count, within);
        if (within) {
            assert_int_equal(j.list.finding[0]->kind, SHARING_FALSE);
            assert_int_equal(j.list.finding[0]->latent, LATENT_START);
        }
        done(&j);
    }
}
