/* SPDX-License-Identifier: MIT
 * probes/run/run: the order of a block, what ends a run, and what it refuses to begin with. */
#include "tests/run_session.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/time.h>

/* The points of a block in the order of their first trials. */
static void order_of(const struct session *s, int64_t block_index, size_t *order)
{
    size_t n = 0;
    for (size_t i = 0; i < s->samples.count; i++) {
        if (s->samples.row[i].block != block_index)
            continue;
        const size_t point = point_of(s, &s->samples.row[i]);
        if (n == 0 || order[n - 1] != point)
            order[n++] = point;
    }
    assert_int_equal(n, s->plan.points);
}

static bool same_order(uint64_t seed_a, uint64_t seed_b)
{
    enum { BLOCKS = 3 };
    struct session *s[2] = {session_new((struct plan_request){0}, 1, seed_a),
        session_new((struct plan_request){0}, 1, seed_b)};
    bool same = true;
    for (int64_t b = 0; b < BLOCKS; b++) {
        size_t order[2][POINTS_MAX] = {0};
        for (int i = 0; i < 2; i++) {
            block(s[i]);
            order_of(s[i], b, order[i]);
        }
        same = same && memcmp(order[0], order[1], sizeof order[0]) == 0;
    }
    session_free(s[0]);
    session_free(s[1]);
    return same;
}

static void seed_decides_the_order(void **state)
{
    (void)state;
    assert_true(same_order(1, 1));
    assert_false(same_order(1, 2)); /* by chance: once in (9!)^3 */
}

static void set_stop(int signal_number)
{
    (void)signal_number;
    stop = 1;
}

static void a_stop_before_the_block_measures_nothing(void **state)
{
    (void)state;
    struct session *s = session_new((struct plan_request){0}, 2, SEED);
    struct err err = {0};
    stop = 1;
    const int code = run_block(s->run, &s->samples, &err);
    stop = 0;
    assert_refused(code, -EINTR, &err, "interrupted");
    assert_int_equal(s->samples.count, 0);
    session_free(s);
}

/* A block of these points takes some 60 ms or more, so that the signal comes in its middle. */
static void a_stop_within_the_block_keeps_its_rows(void **state)
{
    (void)state;
    struct session *s = session_new(
        (struct plan_request){.aligns = 8 | 16 | 32 | 64 | 128, .op = "store,rmw,add,cas"}, 2,
        SEED);
    struct sigaction before, action = {.sa_handler = set_stop};
    const struct itimerval soon = {.it_value = {.tv_usec = 15000}};
    struct err err = {0};
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &soon, NULL);
    int code = 0;
    for (int i = 0; i < BLOCKS_MAX && !code; i++) {
        samples_fini(&s->samples);
        code = run_block(s->run, &s->samples, &err);
    }
    sigaction(SIGALRM, &before, NULL);
    stop = 0;
    assert_refused(code, -EINTR, &err, "interrupted");
    assert_int_equal(accepted(&s->samples), 0);
    bool interrupted = s->samples.count == 0; /* it came between two blocks */
    for (size_t i = 0; i < s->samples.count; i++)
        interrupted = interrupted || strcmp(s->samples.row[i].reject_reason, "interrupted") == 0;
    assert_true(interrupted);
    session_free(s);
}

static void strict_demands_a_verified_place(void **state)
{
    (void)state;
    struct session *s = session_new((struct plan_request){.op = "add"}, 1, SEED);
    block(s);
    const bool unverified = strcmp(s->samples.row[0].mem_verified, "unverified") == 0;
    struct run *strict = NULL;
    struct err err = {0};
    const int code = run_new(s->here.machine, &s->here.topology, &s->plan,
        (struct run_options){.strict = true}, &strict, &err);
    if (unverified)
        assert_refused(code, -EPERM, &err, "--strict");
    else
        assert_int_equal(code, 0);
    run_free(strict);
    session_free(s);
}

static void strict_demands_the_pages_asked_for(void **state)
{
    (void)state;
    if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
        SKIP_BECAUSE("the kernel has no PR_SET_THP_DISABLE");
    struct session *s =
        session_new((struct plan_request){.op = "add", .pages = PAGES_THP}, 1, SEED);
    struct run *strict = NULL;
    struct err err = {0};
    block(s);
    const int code = run_new(s->here.machine, &s->here.topology, &s->plan,
        (struct run_options){.strict = true}, &strict, &err);
    prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
    assert_string_equal(s->samples.row[0].pages, "thp");
    assert_string_not_equal(s->samples.row[0].pages_got, "thp");
    assert_refused(code, -EPERM, &err, "--strict");
    run_free(strict);
    session_free(s);
}

static void a_cpu_that_cannot_be_had_ends_the_run(void **state)
{
    (void)state;
    struct session *s = session_new((struct plan_request){.op = "add"}, 1, SEED);
    const unsigned cpu = s->plan.cpus.cpu[0];
    struct run *run = NULL;
    struct err err = {0};
    s->plan.cpus.cpu[0] = CPUSET_MAX - 1;
    const int code =
        run_new(s->here.machine, &s->here.topology, &s->plan, (struct run_options){0}, &run, &err);
    s->plan.cpus.cpu[0] = cpu;
    assert_true(code < 0);
    assert_refused(code, code, &err, "--cpus: cannot run on cpu");
    session_free(s);
}
