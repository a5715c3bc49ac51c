/* SPDX-License-Identifier: MIT
 * Threads that have a slot one after the other, on records made by hand: two waves of two, and each
 * takes what the other slot's thread had in the wave before. */
#include "tests/test.h"

#include "analysis/price/pattern.h"
#include "analysis/sharing/suggestion.h"
#include "tests/judge.h"

enum { WAVES = 2, NESTING = 0, EPOCH = 8, SECTIONS = 16 };

static void begin_wave(struct maker *m, unsigned wave)
{
    const bool last = wave == WAVES - 1;
    m->life.life = wave + 1;
    m->life.begin_tick = 100 * (wave + 1);
    m->life.end_tick = last ? 0 : 100 * (wave + 2);
}

/* As the runtime leaves them: what came before the present phase is counted as before. */
static void end_phases(struct maker *m)
{
    for (size_t i = 0; i < m->record.touches; i++) {
        struct footprint *const t = &m->touch[i];
        t->before_reads = t->end_tick ? t->reads : 0;
        t->before_writes = t->end_tick ? t->writes : 0;
        t->contended = t->before_reads + t->before_writes;
    }
}

static void make_crossed(struct maker *m)
{
    maker_init(m, 2);
    for (unsigned wave = 0; wave < WAVES; wave++) {
        begin_wave(m, wave);
        for (uint32_t slot = 0; slot < 2; slot++)
            maker_add(
                m, (struct made){slot, base + (slot ^ wave) * 8, 8, RW, 5000000, 0, 0, 0x1000});
    }
    end_phases(m);
}

static void test_crossed_is_latent(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    make_crossed(&m);
    judge(&m, &j);
    assert_int_equal(j.list.count, 1);
    assert_int_equal(j.list.finding[0]->kind, SHARING_FALSE);
    assert_int_equal(j.list.finding[0]->latent, LATENT_TURNS);
    assert_int_equal(j.list.finding[0]->suggestion.what, SUGGEST_MOVE);
    done(&j);
}

/* One wave represents all: what its threads use lies apart when it is padded. */
static void test_crossed_is_replayed(void **state)
{
    struct maker m;
    struct judged j;
    struct pattern p;
    const char *why;
    (void)state;
    make_crossed(&m);
    judge(&m, &j);
    const struct pattern_item item = {.sharing = j.list.finding[0]};
    assert_int_equal(pattern_build(&item, 1, &p, &why), 0);
    assert_null(why);
    assert_int_equal(p.threads, 2);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(p.thread[i].accesses, 1);
        assert_true(p.thread[i].ops == WAVES * 5e6);
    }
    assert_true(pattern_is_shared(&p, 0));
    assert_false(pattern_is_shared(&p, 1));
    pattern_fini(&p);
    done(&j);
}

static void use_record(struct maker *m, uint32_t slot)
{
    maker_add(m, (struct made){slot, base + NESTING, 8, RW, 6000000, 100, 0, 0x1000});
    maker_add(m, (struct made){slot, base + EPOCH, 8, RECORD_WRITE, 3000000, 0, 0, 0x1010});
    maker_add(m, (struct made){slot, base + SECTIONS, 8, RW, 3000000, 0, 0, 0x1020});
}

/* One thread works with a record, and the other looks at it now and then. */
static void make_visits(struct maker *m)
{
    maker_init(m, 2);
    for (unsigned wave = 0; wave < WAVES; wave++) {
        begin_wave(m, wave);
        use_record(m, wave);
        maker_add(
            m, (struct made){1 - wave, base + NESTING, 8, RECORD_READ, 3000, 0, 1500, 0x1030});
        maker_add(m, (struct made){1 - wave, base + EPOCH, 8, RECORD_READ, 3000, 1500, 0, 0x1040});
    }
    end_phases(m);
}

static void test_visits_of_another_wave(void **state)
{
    struct maker m;
    struct judged j;
    (void)state;
    make_visits(&m);
    judge(&m, &j);
    for (size_t i = 0; i < j.list.count; i++)
        assert_int_equal(j.list.finding[i]->kind, SHARING_TRUE);
    done(&j);
}
