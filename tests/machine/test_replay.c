/* SPDX-License-Identifier: MIT
 * probes/replay/replay: real replays on this machine's cpus, judged by the tool's own intervals. */
#include "tests/test.h"

#include "analysis/price/pattern.h"
#include "analysis/stats/stats.h"
#include "probes/replay/replay.h"
#include "probes/replay/replay_loop.h"
#include "tests/probes.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ROUNDS = 24, TRIES = 400, PAIRS = 40, SEED = 1 };

/* Two threads side by side on one line; perhaps each with an atomic on a line that only it uses. */
struct two {
    struct pattern_access access[2][2];
    struct pattern_thread thread[2];
    struct pattern pattern;
};

static void make(struct two *t, enum pattern_op op)
{
    *t = (struct two){.pattern = {.threads = 2, .bytes = {PATTERN_LINE}, .items = 1}};
    t->pattern.thread = t->thread;
    for (uint32_t i = 0; i < 2; i++) {
        t->access[i][0] =
            (struct pattern_access){.at = {8 * i}, .op = (uint8_t)op, .size = 8, .count = 1e6};
        t->thread[i] = (struct pattern_thread){
            .slot = i, .access = t->access[i], .accesses = 1, .ops = 1e6, .active = 1};
    }
    assert_int_equal(pattern_pad(&t->pattern), 0);
}

static void add_atomics(struct two *t)
{
    t->pattern.items = 2;
    t->pattern.bytes[PATTERN_SHARED] = 3 * PATTERN_APART;
    for (uint32_t i = 0; i < 2; i++) {
        t->access[i][1] = (struct pattern_access){
            .at = {(1 + i) * PATTERN_APART}, .op = PATTERN_ADD, .size = 8, .item = 1, .count = 1e6};
        t->thread[i].accesses = 2;
        t->thread[i].ops = 2e6;
    }
    assert_int_equal(pattern_pad(&t->pattern), 0);
}

struct setting {
    struct here here;
    struct stage *stage;
    struct replay *replay;
    struct two two;
};

static bool begin_with(struct setting *s, enum pattern_op op, bool atomics)
{
    unsigned cpu[2];
    struct err err = {0};
    *s = (struct setting){.here = here_open(NULL)};
    make(&s->two, op);
    if (atomics)
        add_atomics(&s->two);
    if (here_cpus(&s->here, cpu, 2) < 2) {
        here_close(&s->here);
        return false;
    }
    if (replay_stage_new(s->here.machine, &s->here.topology,
            &(struct cpuset){.cpu = cpu, .count = 2}, SEED, &s->stage, &err) ||
        replay_new(s->stage, &s->two.pattern, &s->replay, &err))
        fail_msg("%s", err.text);
    return true;
}

static bool begin(struct setting *s, enum pattern_op op)
{
    return begin_with(s, op, false);
}

static void end(struct setting *s)
{
    replay_free(s->replay);
    replay_stage_free(s->stage);
    here_close(&s->here);
}

static bool replay_in(struct setting *s, enum pattern_place place, double *ns)
{
    replay_put(s->replay, place);
    return replay_once(s->replay, ns);
}

/* Shared over padded, both of one round. */
static struct interval price(struct setting *s)
{
    double shared[ROUNDS], padded[ROUNDS], ns[2];
    struct interval out;
    size_t count = 0;
    for (size_t i = 0; i < TRIES && count < ROUNDS; i++) {
        shared[count] = replay_in(s, PATTERN_SHARED, ns) ? ns[0] + ns[1] : NAN;
        padded[count] = replay_in(s, PATTERN_PADDED, ns) ? ns[0] + ns[1] : NAN;
        count += isfinite(shared[count] + padded[count]);
        replay_move(s->replay);
    }
    assert_int_equal(stats_ratio(shared, padded, NULL, count, &out), 0);
    return out;
}

/* Skips where the machine, or this build, cannot show it. */
static struct interval interval_of(
    struct interval (*measure)(struct setting *s), enum pattern_op op, bool atomics)
{
    struct setting s;
    if (getenv("EMULATED"))
        SKIP_BECAUSE("emulated time says nothing of caches");
    if (SANITIZED)
        SKIP_BECAUSE("a sanitizer's accesses are not the loop's");
    if (!begin_with(&s, op, atomics))
        SKIP_BECAUSE("one cpu only");
    const struct interval i = measure(&s);
    end(&s);
    print_message("# %.3f (%.3f-%.3f, n=%zu)\n", i.mid, i.low, i.high, i.n);
    if (i.n < STATS_BLOCKS_MIN)
        SKIP_BECAUSE("the machine is too busy: %zu of %d rounds undisturbed", i.n, TRIES);
    return i;
}

static struct interval price_of(enum pattern_op op, bool atomics)
{
    return interval_of(price, op, atomics);
}

static void two_adders_on_one_line_pay(void **state)
{
    (void)state;
    assert_true(price_of(PATTERN_ADD, false).low > 1.05);
}

/* The atomic waits until the store has got its line. */
static void stores_before_an_atomic_on_another_line_pay(void **state)
{
    (void)state;
    assert_true(price_of(PATTERN_STORE, true).low > 1.05);
}

static void two_readers_pay_nothing(void **state)
{
    (void)state;
    assert_true(price_of(PATTERN_LOAD, false).low < 1.05);
}

/* Only the first finding is fixed: the other's accesses stay where they are. */
static void each_finding_is_put_where_it_is_asked_for(void **state)
{
    (void)state;
    struct setting s;
    double ns[2];
    if (!begin_with(&s, PATTERN_STORE, true))
        SKIP_BECAUSE("one cpu only");
    replay_put(s.replay, PATTERN_SHARED);
    s.replay->where[0] = PATTERN_PADDED;
    const bool good = replay_once(s.replay, ns);
    const uintptr_t area = (uintptr_t)arena_area(&s.replay->arena, s.replay->turn);
    const uintptr_t end_of_shared = area + s.two.pattern.bytes[PATTERN_SHARED];
    unsigned inside = 0;
    for (size_t i = 0; i < REPLAY_STEPS; i++)
        inside += (uintptr_t)s.replay->list[i].at < end_of_shared;
    end(&s);
    if (!good)
        SKIP_BECAUSE("the machine is too busy");
    assert_int_equal(inside, REPLAY_STEPS / 2);
}

/* What comes of an access every microsecond, and then of one every two, in turn; NaN: disturbed. */
struct paces {
    double asked[ROUNDS], fast[ROUNDS], slow[ROUNDS];
    size_t count;
};

/* Of one access, when one every `asked_ns` is asked for. */
static double paced_ns(const struct setting *s, double asked_ns)
{
    double ns[2];
    replay_put(s->replay, PATTERN_PADDED);
    replay_pace(s->replay, (double[]){asked_ns, asked_ns}, 8);
    return replay_once(s->replay, ns) ? (ns[0] + ns[1]) / 2 : NAN;
}

static struct paces take_paces(const struct setting *s)
{
    struct paces p = {.count = 0};
    for (size_t i = 0; i < PAIRS && p.count < ROUNDS; i++) {
        p.asked[p.count] = 1000;
        p.fast[p.count] = paced_ns(s, 1000);
        p.slow[p.count] = paced_ns(s, 2000);
        p.count += isfinite(p.fast[p.count] + p.slow[p.count]);
    }
    return p;
}

/* By private work, which the search adds and takes away. On a busy machine the speed of the cpus
 * changes within a pair, so that half the pace is only known to be slower. */
static void the_pace_is_kept(void **state)
{
    (void)state;
    if (getenv("EMULATED"))
        SKIP_BECAUSE("emulated time says nothing of caches");
    struct setting s;
    struct interval kept, halved;
    if (!begin(&s, PATTERN_ADD))
        SKIP_BECAUSE("one cpu only");
    const struct paces p = take_paces(&s);
    end(&s);
    if (SANITIZED)
        SKIP_BECAUSE("a sanitizer's accesses are not the loop's");
    if (p.count < STATS_BLOCKS_MIN)
        SKIP_BECAUSE("the machine is too busy: %zu of %d rounds undisturbed", p.count, PAIRS);
    assert_int_equal(stats_ratio(p.fast, p.asked, NULL, p.count, &kept), 0);
    assert_int_equal(stats_ratio(p.slow, p.fast, NULL, p.count, &halved), 0);
    assert_true(kept.low < 1.05 && kept.high > 1 / 1.05);
    assert_true(halved.low > 1);
}

/* Thread 0's access with a second thread on its line that is there all the time, over one that is
 * there for a thousandth of it; in turn. */
static struct interval company(struct setting *s)
{
    double always[ROUNDS], seldom[ROUNDS], ns[2];
    struct interval out;
    size_t count = 0;
    for (size_t i = 0; i < TRIES && count < ROUNDS; i++) {
        s->replay->presence[1] = 1;
        always[count] = replay_in(s, PATTERN_SHARED, ns) ? ns[0] : NAN;
        s->replay->presence[1] = 0.001;
        seldom[count] = replay_in(s, PATTERN_SHARED, ns) ? ns[0] : NAN;
        count += isfinite(always[count] + seldom[count]);
        replay_move(s->replay);
    }
    assert_int_equal(stats_ratio(always, seldom, NULL, count, &out), 0);
    return out;
}

static void who_is_seldom_there_costs_little(void **state)
{
    (void)state;
    assert_true(interval_of(company, PATTERN_ADD, false).low > 1.05);
}

static void threads_without_a_pace_rest(void **state)
{
    (void)state;
    struct setting s;
    double ns[2];
    if (!begin(&s, PATTERN_STORE))
        SKIP_BECAUSE("one cpu only");
    replay_pace(s.replay, (double[]){NAN, 5}, 1);
    const bool good = replay_once(s.replay, ns);
    end(&s);
    if (!good)
        SKIP_BECAUSE("the machine is too busy");
    assert_true(isnan(ns[0]));
    assert_true(ns[1] > 0);
}

static void one_cpu_is_refused(void **state)
{
    (void)state;
    struct here here = here_open(NULL);
    struct stage *stage;
    struct err err = {0};
    unsigned cpu;
    here_cpus(&here, &cpu, 1);
    assert_int_equal(replay_stage_new(here.machine, &here.topology,
                         &(struct cpuset){.cpu = &cpu, .count = 1}, SEED, &stage, &err),
        -EINVAL);
    assert_non_null(strstr(err.text, "two cpus"));
    here_close(&here);
}
