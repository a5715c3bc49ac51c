/* SPDX-License-Identifier: MIT
 * probes/walk and costs_walk: every walk visits every line once and leaves it as it was; where the
 * lines lie; what a trial finds. */
#include "tests/test.h"

#include "probes/costs/costs_walk.h"
#include "probes/trial/trial.h"
#include "tests/probes.h"

#include <math.h>
#include <stdbool.h>

enum { PAGE = 4096, LINE = 64 };

static void every_walk_goes_round_and_changes_nothing(void **state)
{
    (void)state;
    enum { LINES = 5, STRIDE = 16 };
    static const unsigned cycle[LINES] = {2, 0, 4, 1, 3};
    size_t mine = 0;
    for (size_t w = 0; w < walk_count; w++) {
        _Atomic uint64_t line[LINES * STRIDE / sizeof(uint64_t)] = {0};
        uint64_t next[LINES];
        if (walk_find(walk_table[w]->name) != walk_table[w])
            continue; /* another flavour's, which may not run here */
        mine++;
        for (unsigned k = 0; k < LINES; k++) {
            next[k] = cycle[(k + 1) % LINES] * STRIDE;
            line[cycle[k] * STRIDE / sizeof(uint64_t)] = next[k];
        }
        const struct walk_lane worker = {
            .base = (char *)line, .first = cycle[0] * STRIDE, .next = next, .lines = LINES};
        assert_int_equal(walk_table[w]->loop(&worker), worker.first);
        for (unsigned k = 0; k < LINES; k++)
            assert_int_equal(line[cycle[k] * STRIDE / sizeof(uint64_t)], next[k]);
        assert_true(*walk_table[w]->summary);
    }
    assert_int_equal(mine, 6);
    assert_null(walk_find("nothing"));
}

/* What ends elsewhere shows: without that a walk that lost its way would be a price. */
static void a_line_that_holds_something_else_shows(void **state)
{
    (void)state;
    static const char *const read[] = {"load", "add", "cas", "swap"};
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
        _Atomic uint64_t line[2] = {8, 8}; /* the second should lead back to the first */
        const uint64_t next[] = {8, 0};
        const struct walk_lane worker = {.base = (char *)line, .next = next, .lines = 2};
        assert_int_equal(walk_find(read[i])->loop(&worker), 8);
    }
}

static void lines_have_no_neighbours_and_fill_all_sets(void **state)
{
    (void)state;
    static const unsigned sizes[] = {64, 128};
    for (size_t s = 0; s < 2; s++) {
        enum { SETS = 64 };
        const unsigned bytes = sizes[s];
        unsigned set[SETS] = {0};
        for (unsigned i = 0; i < WALK_LINES; i++) {
            const size_t at = walk_line_at(i, bytes);
            assert_true(at + bytes <= walk_area_bytes(bytes));
            assert_int_equal(at % bytes, 0);
            set[at / bytes % SETS]++;
            /* Two lines, the largest pair known to be fetched together, hold one of ours. */
            for (unsigned k = 0; k < i; k++)
                assert_true(at / (2 * bytes) != walk_line_at(k, bytes) / (2 * bytes));
        }
        for (unsigned i = 0; i < SETS; i++)
            assert_int_equal(set[i], WALK_LINES / SETS);
    }
}

struct bench {
    struct here here;
    struct crew *crew;
    struct clock clock;
    struct rng rng;
    void *memory;
    unsigned cpu[3], cpus;
    struct trial_thread thread[3];
    struct walk_trial trial;
};

static const struct memory_policy anywhere = {.node = MEMORY_ANY_NODE};

static struct bench *bench_new(unsigned cpus)
{
    struct bench *b = aligned_alloc(_Alignof(struct bench), sizeof *b);
    struct err err = {0};
    assert_non_null(b);
    memset(b, 0, sizeof *b);
    b->here = here_open(NULL);
    b->cpus = here_cpus(&b->here, b->cpu, cpus);
    clock_calibrate(&b->clock);
    rng_seed(&b->rng, 1);
    if (crew_new(b->here.machine, b->cpu, b->cpus, &b->crew, &err) ||
        memory_new(walk_area_bytes(LINE), anywhere, &b->memory, &err))
        fail_msg("%s", err.text);
    b->trial.base = b->memory;
    b->trial.line_bytes = LINE;
    b->trial.third = COSTS_NOBODY;
    b->trial.clock = &b->clock;
    b->trial.rng = &b->rng;
    b->trial.thread = b->thread;
    return b;
}

static void bench_free(struct bench *b)
{
    crew_free(b->crew);
    memory_free(b->memory, walk_area_bytes(LINE), anywhere);
    here_close(&b->here);
    free(b);
}

static void every_state_and_op_can_be_walked(void **state)
{
    (void)state;
    struct bench *b = bench_new(2);
    for (size_t w = 0; w < walk_count; w++)
        for (int s = 0; s < LINE_STATES; s++)
            for (unsigned owner = 0; owner < b->cpus; owner++) {
                if (walk_find(walk_table[w]->name) != walk_table[w])
                    continue;
                b->trial.op = walk_table[w];
                b->trial.state = (enum line_state)s;
                b->trial.owner = owner;
                b->trial.third = s == LINE_SHARED && owner == 0 && b->cpus > 1 ? 1 : COSTS_NOBODY;
                walk_trial_run(&b->trial, b->crew);
                const struct walk_result r = walk_trial_result(&b->trial);
                assert_false(b->trial.astray);
                assert_int_equal(r.ops, WALK_LINES * WALK_TIMES);
                assert_true(r.seconds >= 0 && isfinite(r.seconds));
                assert_non_null(r.disturb);
            }
    bench_free(b);
}

/* A trial by hand, on a clock of 1 ns a tick that costs 20 and steps by 10. */
static struct walk_trial trial_by_hand(const struct clock *clock)
{
    struct walk_trial t = {.clock = clock};
    for (unsigned i = 0; i < WALK_TIMES; i++) {
        t.ticks[i] = 1300;
        t.empty[i] = i % 2 ? 20 : 30;
    }
    return t;
}

static void the_clock_is_taken_off_and_disturbance_is_told(void **state)
{
    (void)state;
    const struct clock clock = {
        .counter = true, .ns_per_tick = 1, .overhead_ns = 20, .resolution_ns = 10};
    struct walk_trial t = trial_by_hand(&clock);
    struct walk_result r = walk_trial_result(&t);
    assert_string_equal(r.disturb, "");
    assert_true(fabs(r.seconds * 1e9 - WALK_TIMES * 1275.0) < 1e-6);
    t.ticks[3] = 1300 + (uint64_t)(0.3 * WALK_TIMES * 1300);
    assert_string_equal(walk_trial_result(&t).disturb, "stall");
    t.astray = true;
    assert_string_equal(walk_trial_result(&t).disturb, "an op went astray");
    t.switched = true;
    assert_string_equal(walk_trial_result(&t).disturb, "context switch");
    t.moved = true;
    assert_string_equal(walk_trial_result(&t).disturb, "migration");
    t = trial_by_hand(&clock);
    t.empty[3] = WALK_TIMES * 1300; /* an interrupt between two reads of the clock */
    r = walk_trial_result(&t);
    assert_true(r.seconds == 0);
    assert_string_equal(r.disturb, "stall");
    t = trial_by_hand(&clock);
    for (unsigned i = 0; i < WALK_TIMES; i++)
        t.ticks[i] = 10; /* less than an empty pair: never below 0 */
    r = walk_trial_result(&t);
    assert_true(r.seconds == 0);
    assert_string_equal(r.disturb, "below the clock's resolution");
}

/* One thread sees every old value in turn, several miss those that another got. */
static void transfers_are_what_another_thread_did_between(void **state)
{
    (void)state;
    const struct op_loops *const loops = walk_find("add")->contend;
    _Atomic uint64_t place = 41;
    struct worker_seen seen = {.last = 40};
    const struct worker worker = {.own = &place, .gap = 1, .seen = &seen};
    assert_int_equal(loops->plain(&worker, 100), 100);
    assert_int_equal(loops->gapped(&worker, 100), 100);
    assert_int_equal(place, 241);
    assert_int_equal(seen.transfers, 0);
    place += 1; /* another's add */
    loops->plain(&worker, 10);
    assert_int_equal(seen.transfers, 1);
    assert_int_equal(seen.last, 251);
}

/* Each thread's worker is at another address, so that they leave different values. */
static void a_plain_increment_sees_that_another_was_there(void **state)
{
    (void)state;
    const struct op_loops *const loops = walk_find("rmw")->contend;
    _Atomic uint64_t place = 7;
    struct worker_seen seen[2] = {{.last = 7}, {.last = 7}};
    const struct worker worker[2] = {
        {.own = &place, .gap = 1, .seen = &seen[0]}, {.own = &place, .gap = 1, .seen = &seen[1]}};
    assert_int_equal(loops->plain(&worker[0], 100), 100);
    assert_int_equal(loops->gapped(&worker[0], 100), 100);
    assert_int_equal(seen[0].transfers, 0);
    assert_int_equal(seen[0].last, place);
    loops->plain(&worker[1], 10);
    assert_int_equal(seen[1].transfers, 1);
    loops->plain(&worker[0], 10);
    assert_int_equal(seen[0].transfers, 1);
}
