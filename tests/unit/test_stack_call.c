/* SPDX-License-Identifier: MIT
 * Which call a variable on a stack belongs to, on records made by hand: functions that created
 * threads one after the other had it in the same place. */
#include "tests/judge.h"

enum { CREATOR, FIRST, SECOND, EARLIER, THREADS };
static const uint64_t early_call = 0x333, call = 0x444;

static void create(struct maker *m, uint32_t thread, uint64_t by, uint64_t begin_ns, uint64_t from)
{
    struct record_thread *const t = &m->thread[thread];
    t->frames = 1;
    t->created_at[0] = by;
    t->called_at = from;
    t->frame_at[0] = base + 512;
    t->begin_ns = begin_ns;
}

static void make_stack(struct maker *m)
{
    maker_init(m, THREADS);
    m->thread[CREATOR].stack_low = base - 4096;
    m->thread[CREATOR].stack_high = base + 4096;
    create(m, EARLIER, early_call, 9, base - 64);
    create(m, FIRST, call, 5, base - 32);
    create(m, SECOND, call, 6, base - 32);
}

static void judge_call(struct maker *m, uint64_t expected, uint64_t start)
{
    struct judged j;
    judge(m, &j);
    assert_int_equal(j.list.count, 1);
    const struct sharing_object *const o = &j.list.finding[0]->object[0];
    assert_int_equal(o->kind, OBJECT_STACK);
    assert_int_equal(o->stack[0], expected);
    assert_int_equal(o->start, start);
    assert_int_equal(o->start + o->size, base + 512);
    done(&j);
}

static void test_call_of_users(void **state)
{
    struct maker m;
    (void)state;
    make_stack(&m);
    maker_add(&m, (struct made){FIRST, base, 8, RW, 5000000, 5000, 0, 0});
    maker_add(&m, (struct made){SECOND, base + 8, 8, RW, 5000000, 5000, 0, 0});
    judge_call(&m, call, base - 32);
}

/* Where none of them uses it, it is of the latest. */
static void test_latest_call(void **state)
{
    enum { OTHER = THREADS };
    struct maker m;
    (void)state;
    make_stack(&m);
    m.record.threads = THREADS + 1;
    maker_add(&m, (struct made){CREATOR, base, 8, RW, 5000000, 5000, 0, 0});
    maker_add(&m, (struct made){OTHER, base + 8, 8, RW, 5000000, 5000, 0, 0});
    judge_call(&m, early_call, base - 64);
}
