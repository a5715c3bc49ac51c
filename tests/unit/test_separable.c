/* SPDX-License-Identifier: MIT
 * Fields that travel together, on records made by hand: apart, two lines would move instead of one.
 */
#include "tests/test.h"

#include "analysis/sharing/sharing.h"
#include "tests/record_maker.h"

enum { R = RECORD_READ, W = RECORD_WRITE, RW = RECORD_READ | RECORD_WRITE };
static const uint64_t base = 0x10000;

static void add(struct maker *m, uint32_t thread, unsigned byte, unsigned kind, uint64_t count)
{
    maker_add(m, (struct made){thread, base + byte, 8, kind, count, 0, 0, 0});
}

/* Hand-overs of the line as it is. */
static void hand_over(struct maker *m, uint64_t false_sharing, uint64_t true_sharing)
{
    m->line[0].false_handovers = false_sharing;
    m->line[0].true_handovers = true_sharing;
}

/* The only finding's kind; -1 where there is none. */
static int judged_kind(struct maker *m, enum sharing_latent latent)
{
    struct dwarf *dwarf = dwarf_new(NULL, 0);
    struct sharing_list list = {0};
    assert_int_equal(sharing_find(&m->record, dwarf, &sharing_rule, &list, NULL), 0);
    assert_true(list.count <= 1);
    const int kind = list.count ? (int)list.finding[0]->kind : -1;
    if (list.count && kind != SHARING_TRUE)
        assert_int_equal(list.finding[0]->latent, latent);
    sharing_fini(&list);
    dwarf_free(dwarf);
    return kind;
}

static void make_pins(struct maker *m, uint64_t identity)
{
    maker_init(m, 2);
    for (uint32_t thread = 0; thread < 2; thread++) {
        add(m, thread, 0, R, identity);
        add(m, thread, 8, R, identity);
        add(m, thread, 16, RW, 2000000);
    }
}

static void test_pins_with_identity(void **state)
{
    struct maker m;
    (void)state;
    make_pins(&m, 1000000);
    hand_over(&m, 25000, 25000);
    assert_int_equal(judged_kind(&m, LATENT_NOT), SHARING_TRUE);
}

/* Not more hand-overs are explained than there are accesses to what travels. */
static void test_more_than_travels(void **state)
{
    struct maker m;
    (void)state;
    make_pins(&m, 100000);
    hand_over(&m, 40000, 10000);
    assert_int_equal(judged_kind(&m, LATENT_NOT), SHARING_MIXED);
}

/* Read far more often than the count beside it is written. */
static void test_identity_used_alone(void **state)
{
    struct maker m;
    (void)state;
    make_pins(&m, 10000000);
    hand_over(&m, 25000, 25000);
    assert_int_equal(judged_kind(&m, LATENT_NOT), SHARING_MIXED);
}

/* A queue's cell: both write its turn, one its value. On one cpu nothing false happens either way.
 */
static void test_cell(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    for (uint32_t thread = 0; thread < 2; thread++) {
        add(&m, thread, 0, RW, 1000000);
        add(&m, thread, 8, thread ? R : W, 1000000);
    }
    hand_over(&m, 0, 2000);
    assert_int_equal(judged_kind(&m, LATENT_NOT), SHARING_TRUE);
}

/* The same where cells of a line are used at the same time, so that most of what happens is false,
 * and one of the two looks at the turn most of the time. */
static void test_awaited_cell(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    for (uint32_t thread = 0; thread < 2; thread++) {
        add(&m, thread, 0, R, thread ? 8000000 : 1000000);
        add(&m, thread, 0, W, 1000000);
        add(&m, thread, 8, thread ? R : W, 1000000);
    }
    hand_over(&m, 60000, 40000);
    assert_int_equal(judged_kind(&m, LATENT_NOT), SHARING_TRUE);
}

/* Two threads look at both fields each time, and put the second one back now and then; a third one
 * writes both. */
static void test_read_together(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 3);
    for (uint32_t thread = 0; thread < 3; thread++) {
        add(&m, thread, 0, thread == 2 ? W : R, 1000000);
        add(&m, thread, 8, R, 1000000);
        add(&m, thread, 8, W, thread == 2 ? 250000 : 30000);
    }
    hand_over(&m, 20000, 80000);
    assert_int_equal(judged_kind(&m, LATENT_NOT), SHARING_TRUE);
}

/* One thread writes both, the first far more often; the other waits for the second. */
static void test_count_beside_awaited(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    add(&m, 0, 0, RW, 6400000);
    add(&m, 0, 8, RW, 100000);
    add(&m, 1, 8, R, 1000000);
    hand_over(&m, 0, 100);
    assert_int_equal(judged_kind(&m, LATENT_TURNS), SHARING_FALSE);
}

/* Both read and write all the time, but never in the same phase: then each is contended for by
 * those few that the other made in its phases. */
static void test_phases(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    for (uint32_t thread = 0; thread < 2; thread++) {
        add(&m, thread, 8 * thread, RW, 5000000);
        struct footprint *const t = &m.touch[thread];
        t->before_reads = t->reads;
        t->before_writes = t->writes;
        t->contended = 200;
    }
    assert_int_equal(judged_kind(&m, LATENT_TURNS), -1);
    m.touch[0].contended = m.touch[1].contended = 8000000;
    assert_int_equal(judged_kind(&m, LATENT_TURNS), SHARING_FALSE);
}

/* One thread works on its record, another looks at it from time to time, where `own` of the bytes
 * it reads are nobody else's: recorded, the line is lost between them. */
static void make_visits(struct maker *m, uint64_t shared, uint64_t own)
{
    maker_init(m, 2);
    add(m, 0, 0, RW, 5000000);
    add(m, 0, 24, RW, 5000000);
    add(m, 1, 0, R, shared);
    maker_add(m, (struct made){1, base + 8, 8, R, own, 1500, 500, 0});
    hand_over(m, 3000, 1000);
}

static void test_visits(void **state)
{
    struct maker m;
    (void)state;
    make_visits(&m, 2000, 2000);
    assert_int_equal(judged_kind(&m, LATENT_NOT), SHARING_TRUE);
    make_visits(&m, 100, 2000);
    assert_int_equal(judged_kind(&m, LATENT_NOT), SHARING_MIXED);
}

/* One writes a count; another reads, each time, a pointer that nobody writes and then the count: it
 * needs the line anyhow. Where it reads the pointer far more often it does not. */
static void test_pointer_before_count(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    add(&m, 0, 8, RW, 1000000);
    add(&m, 1, 8, R, 1000000);
    add(&m, 1, 0, R, 1000000);
    assert_int_equal(judged_kind(&m, LATENT_TURNS), -1);
    m.touch[1].site[1].count = 8000000;
    m.touch[1].reads = 9000000;
    assert_int_equal(judged_kind(&m, LATENT_TURNS), SHARING_FALSE);
}

/* Two fields, each one thread's, that are only used with the lock next to them, often each time. */
static void test_used_with_lock(void **state)
{
    struct maker m;
    (void)state;
    maker_init(&m, 2);
    for (uint32_t thread = 0; thread < 2; thread++) {
        maker_add(&m, (struct made){thread, base, 8, RW | RECORD_SYNC, 100000, 0, 0, 0});
        add(&m, thread, 8 + 8 * thread, RW, 5000000);
    }
    assert_int_equal(judged_kind(&m, LATENT_TURNS), SHARING_FALSE);
    for (uint32_t thread = 0; thread < 2; thread++)
        m.touch[thread].site[1].locks = record_lock_bits(base);
    assert_int_equal(judged_kind(&m, LATENT_TURNS), -1);
}
