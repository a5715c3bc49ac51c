/* SPDX-License-Identifier: MIT
 * Each protocol of the registry: nothing is lost between its sides, and a match yields a time. */
#include "tests/test.h"

#include "machine/memory.h"
#include "probes/matrix/pair.h"
#include "tests/probes.h"

#include <math.h>
#include <stdatomic.h>
#include <time.h>

enum { ROUNDS = 200 };

struct two {
    struct here here;
    struct crew *crew;
    unsigned cpu[2];
    struct protocol_page *page;
};

static const struct memory_policy anywhere = {.node = MEMORY_ANY_NODE};

static bool two_open(struct two *t)
{
    struct err err = {0};
    t->here = here_open(NULL);
    if (here_cpus(&t->here, t->cpu, 2) < 2) {
        here_close(&t->here);
        return false;
    }
    if (crew_new(t->here.machine, t->cpu, 2, &t->crew, &err) ||
        memory_new(sizeof *t->page, anywhere, (void **)&t->page, &err))
        fail_msg("%s", err.text);
    return true;
}

static void two_close(struct two *t)
{
    memory_free(t->page, sizeof *t->page, anywhere);
    crew_free(t->crew);
    here_close(&t->here);
}

struct exchange {
    const struct protocol *protocol;
    struct protocol_page *page;
    uint64_t sum[2];
};

/* In pieces, as a match plays them. */
static void exchange(void *context, unsigned thread)
{
    struct exchange *e = context;
    protocol_side *const side = thread ? e->protocol->second : e->protocol->first;
    e->sum[thread] = side(e->page, 0, 1);
    e->sum[thread] += side(e->page, 1, ROUNDS - 1);
}

static uint64_t payload_sum(void)
{
    return (uint64_t)PROTOCOL_PAYLOAD_WORDS * ROUNDS * (ROUNDS + 1) / 2;
}

static void nothing_is_lost_or_stale(void **state)
{
    (void)state;
    struct two t;
    if (!two_open(&t))
        SKIP_BECAUSE("one cpu");
    for (size_t i = 0; i < protocol_count; i++) {
        struct exchange e = {.protocol = protocol_table[i], .page = t.page};
        if (protocol_find(e.protocol->name) != e.protocol)
            continue; /* another flavour */
        protocol_clear(t.page);
        crew_run(t.crew, exchange, &e);
        const bool carries = strcmp(e.protocol->name, "message") == 0;
        assert_int_equal(e.sum[0], carries ? payload_sum() : 0);
        assert_int_equal(e.sum[1], carries ? payload_sum() : 0);
        const uint64_t last = atomic_load(&t.page->first.number);
        assert_int_equal(last, e.protocol->units * ROUNDS / (carries ? 2 : 1));
    }
    two_close(&t);
}

static void a_match_yields_a_time(void **state)
{
    (void)state;
    struct two t;
    struct clock clock;
    struct pair_table *table;
    if (!two_open(&t))
        SKIP_BECAUSE("one cpu");
    clock_calibrate(&clock);
    assert_int_equal(pair_table_new(t.crew, &clock, 2, NULL, &table), 0);
    for (size_t i = 0; i < protocol_count; i++) {
        struct pair_match m = {.first = 1,
            .second = 0,
            .protocol = protocol_find(protocol_table[i]->name),
            .page = t.page};
        pair_play(table, &m, 1);
        assert_true(m.batch.ns > 0 && isfinite(m.batch.ns));
        assert_in_range(m.batch.step, 1, PAIR_STEPS);
        /* A first batch never counts, whatever else befell it. */
        assert_int_not_equal(m.batch.reason, PAIR_COUNTS);
        assert_in_range(m.step, 1, PAIR_STEPS);
        pair_play(table, &m, 1); /* with the rounds that were found */
        assert_true(m.batch.ns > 0);
        assert_int_not_equal(m.batch.reason, PAIR_FIRST);
        assert_true(m.batch.ns * pair_rounds(m.batch.step) * m.protocol->units * 4 >=
                    PAIR_BATCH_NS * 0.99F);
    }
    pair_table_free(table);
    two_close(&t);
}

/* A hand-over that takes 2 ms, as between cpus that a hypervisor runs in turns. */
static atomic_uint slow_rounds;

static uint64_t slow_first(struct protocol_page *page, uint64_t from, uint64_t rounds)
{
    for (uint64_t i = from + 1; i <= from + rounds; i++) {
        atomic_fetch_add(&slow_rounds, 1);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        atomic_store(&page->first.number, i);
        while (atomic_load(&page->second.number) != i)
            ;
    }
    return 0;
}

static uint64_t slow_second(struct protocol_page *page, uint64_t from, uint64_t rounds)
{
    for (uint64_t i = from + 1; i <= from + rounds; i++) {
        while (atomic_load(&page->first.number) != i)
            ;
        atomic_store(&page->second.number, i);
    }
    return 0;
}

static void a_pair_that_became_slow_is_not_played_as_long(void **state)
{
    (void)state;
    struct two t;
    struct clock clock;
    struct pair_table *table;
    const struct protocol slow = {.units = 2, .first = slow_first, .second = slow_second};
    if (!two_open(&t))
        SKIP_BECAUSE("one cpu");
    clock_calibrate(&clock);
    assert_int_equal(pair_table_new(t.crew, &clock, 2, NULL, &table), 0);
    struct pair_match m = {.second = 1, .protocol = &slow, .page = t.page, .step = 50};
    pair_play(table, &m, 1);
    assert_in_range(atomic_load(&slow_rounds), 3, 30); /* not 2^12.5 */
    assert_in_range(m.step, 1, 4);
    assert_true(m.batch.ns > 1e6F);
    pair_table_free(table);
    two_close(&t);
}

static void a_stopped_match_ends_and_does_not_count(void **state)
{
    (void)state;
    struct two t;
    struct clock clock;
    struct pair_table *table;
    const volatile int stop = 2;
    if (!two_open(&t))
        SKIP_BECAUSE("one cpu");
    clock_calibrate(&clock);
    assert_int_equal(pair_table_new(t.crew, &clock, 2, &stop, &table), 0);
    struct pair_match m = {.second = 1, .protocol = protocol_find("handover"), .page = t.page};
    pair_play(table, &m, 1);
    assert_int_equal(m.batch.reason, PAIR_STOPPED);
    pair_table_free(table);
    two_close(&t);
}

static void rounds_grow_by_a_fifth(void **state)
{
    (void)state;
    assert_int_equal(pair_rounds(0), 1);
    assert_int_equal(pair_rounds(40), 1024);
    for (unsigned step = 12; step < PAIR_STEPS; step++) {
        const double ratio = (double)pair_rounds(step + 1) / pair_rounds(step);
        assert_true(ratio > 1.1 && ratio < 1.3);
    }
}

static void every_reason_has_a_text(void **state)
{
    (void)state;
    for (int i = 0; i < PAIR_REASONS; i++)
        assert_int_equal(*pair_reason_text[i] == '\0', i == PAIR_COUNTS);
}
