/* SPDX-License-Identifier: MIT
 * A counter that jumps, changes its rate or differs between cpus, as where a virtual machine moves
 * to another host: machine/clock.c, crew_clock.c and gate.c, and probes/trial/trial.c with a
 * counter of the test's own. They are part of this file, since the real counter is one instruction.
 */
#include "base/arch/arch.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

/* What the kernel's clock reads, plus what the test has set. */
static struct {
    _Atomic int64_t offset_ns, second_cpu_ns, rate_percent;
    _Atomic unsigned reads, jump_at_read; /* 0: never */
    _Atomic int64_t jump_ns;
} fake;

#define START_NS INT64_C(1000000000000) /* a counter set back stays above 0 */

static uint64_t fake_ticks(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    const int64_t ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    if (fake.jump_at_read && atomic_fetch_add(&fake.reads, 1) + 1 == fake.jump_at_read)
        fake.offset_ns += fake.jump_ns;
    const int64_t late_ns = sched_getcpu() % 2 ? fake.second_cpu_ns : 0;
    return (uint64_t)(ns + START_NS + ns / 100 * fake.rate_percent + fake.offset_ns + late_ns);
}

static bool fake_has_ticks(void)
{
    return true;
}

#define arch_ticks fake_ticks
#define arch_ticks_begin fake_ticks
#define arch_ticks_end fake_ticks
#define arch_has_ticks fake_has_ticks
#include "machine/clock.c"
#include "machine/crew.h"
#include "machine/crew_clock.c"
#include "machine/gate.c"
#include "probes/matrix/matrix.h"
#include "probes/run/run_internal.h"
#include "probes/trial/trial.c"
#include "tests/probes.h"

#define JUMP_NS 5e9

static int set_up(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    return 0;
}

/* The kernel may trust its own counter so little that no run would use this one. */
static void need_counter(void)
{
    struct clock clock;
    clock_calibrate(&clock);
    if (!clock.counter)
        SKIP_BECAUSE("this kernel's clocksource is a slow one: the counter is not used");
}

static void a_steady_counter_passes(void **state)
{
    (void)state;
    struct clock clock;
    struct err err = {0};
    need_counter();
    clock_calibrate(&clock);
    for (int i = 0; i < 20; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        assert_int_equal(clock_check(&clock, &err), 0);
    }
}

static void a_jump_and_another_rate_are_found(void **state)
{
    (void)state;
    struct clock clock;
    struct err err = {0};
    need_counter();
    for (int way = -1; way <= 1; way += 2) {
        clock_calibrate(&clock);
        fake.offset_ns += way * (int64_t)JUMP_NS;
        assert_refused(clock_check(&clock, &err), -ESTALE, &err, "jumped or changed its rate");
        assert_int_equal(clock_check(&clock, &err), 0); /* since then */
    }
    clock_calibrate(&clock);
    const int64_t now_ns = (int64_t)clock_raw_ns();
    fake.rate_percent = 25;
    fake.offset_ns -= now_ns / 100 * 25; /* it only runs faster from now on */
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    assert_refused(clock_check(&clock, &err), -ESTALE, &err, "jumped or changed its rate");
}

static void cpus_whose_counters_differ_get_the_kernels_clock(void **state)
{
    (void)state;
    struct here h = here_open(NULL);
    struct crew *crew = NULL;
    struct clock clock;
    struct err err = {0};
    unsigned cpu[2] = {0};
    need_counter();
    if (here_cpus(&h, cpu, 2) < 2 || cpu[0] % 2 == cpu[1] % 2)
        SKIP_BECAUSE("needs an even and an odd cpu");
    assert_int_equal(crew_new(h.machine, cpu, 2, &crew, &err), 0);
    crew_calibrate(crew, &clock);
    assert_true(clock.counter);
    for (int way = -1; way <= 1; way += 2) {
        fake.second_cpu_ns = way * (int64_t)JUMP_NS;
        crew_calibrate(crew, &clock);
        assert_false(clock.counter);
        assert_true(clock.ns_per_tick == 1);
    }
    crew_free(crew);
    here_close(&h);
}

struct session {
    struct here here;
    struct plan plan;
    struct run *run;
    struct samples samples;
};

static void session_begin(struct session *s, enum mode mode)
{
    struct err err = {0};
    unsigned cpu[2] = {0};
    *s = (struct session){.here = here_open(NULL)};
    const struct plan_request request = {
        .op = "add", .mode = mode, .cpus = {cpu, here_cpus(&s->here, cpu, 2)}};
    if (plan_build(&request, &s->here.topology, &s->plan, &err) ||
        run_new(s->here.machine, &s->here.topology, &s->plan,
            (struct run_options){.version = "1.2.3", .counters = "none"}, &s->run, &err))
        fail_msg("%s", err.text);
}

static void session_end(struct session *s)
{
    samples_fini(&s->samples);
    run_free(s->run);
    plan_fini(&s->plan);
    here_close(&s->here);
}

/* Blocks until one that knows of the jump: what the last canary of a block meets, the next block
 * finds. Returns what it returned, and in *before the rows until then. */
static int run_until_jump(struct session *s, size_t *before, struct err *err)
{
    int code;
    bool jumped;
    do {
        jumped = fake.reads >= fake.jump_at_read;
        *before = s->samples.count;
        code = run_block(s->run, &s->samples, err);
    } while (!code && !jumped);
    return code;
}

/* After so many reads: before the first trial, in warm-ups and in windows, of which slow machines
 * have fewer a block. */
static void a_run_ends_when_its_counter_jumps(void **state)
{
    (void)state;
    static const unsigned reads[] = {1, 30, 60, 100, 150, 220, 300, 500};
    static const double jump_ns[] = {-JUMP_NS, JUMP_NS};
    need_counter();
    for (size_t i = 0; i < 2 * sizeof reads / sizeof *reads; i++) {
        struct session s;
        struct err err = {0};
        fake.offset_ns = 0;
        session_begin(&s, i % 4 < 2 ? MODE_THROUGHPUT : MODE_LATENCY);
        size_t before;
        assert_int_equal(run_block(s.run, &s.samples, &err), 0);
        fake.jump_ns = (int64_t)jump_ns[i % 2];
        fake.reads = 0;
        fake.jump_at_read = reads[i / 2];
        assert_refused(run_until_jump(&s, &before, &err), -ESTALE, &err, "the cpu's counter");
        assert_true(fake.reads >= fake.jump_at_read);
        assert_true(s.samples.count > before);
        for (size_t k = before; k < s.samples.count; k++) {
            assert_int_equal(s.samples.row[k].accepted, 0);
            assert_true(*s.samples.row[k].reject_reason);
        }
        assert_string_equal(s.samples.row[s.samples.count - 1].reject_reason, "the clock jumped");
        fake.jump_at_read = 0;
        session_end(&s);
    }
}

/* Nothing but the bound of the trial itself ends its loops. */
static void a_trial_ends_though_its_window_does_not(void **state)
{
    (void)state;
    need_counter();
    unsigned jumps = 0;
    for (unsigned read = 2; read < 100; read += 7) {
        struct session s;
        struct err err = {0};
        fake.offset_ns = 0;
        session_begin(&s, MODE_THROUGHPUT);
        assert_int_equal(run_block(s.run, &s.samples, &err), 0);
        fake.jump_ns = -(int64_t)JUMP_NS;
        fake.reads = 0;
        fake.jump_at_read = read;
        const char *const reason = stage_run(&s.run->stage);
        /* A thread that was switched out needs fewer reads to the end of its window. */
        const bool jumped = fake.reads >= read;
        fake.jump_at_read = 0;
        if (jumped)
            assert_string_equal(reason, "the clock jumped");
        jumps += jumped;
        assert_string_not_equal(stage_run(&s.run->stage), "the clock jumped"); /* it goes on */
        session_end(&s);
    }
    assert_true(jumps > 0);
}

static void a_matrix_ends_when_its_counter_jumps(void **state)
{
    (void)state;
    struct here h = here_open(NULL);
    struct matrix_plan plan;
    struct matrix *m = NULL;
    struct err err = {0};
    unsigned cpu[2] = {0};
    need_counter();
    if (here_cpus(&h, cpu, 2) < 2)
        SKIP_BECAUSE("needs two cpus");
    const struct matrix_request request = {.cpus = {cpu, 2}};
    if (matrix_plan_build(&request, &h.topology, &plan, &err) ||
        matrix_new(h.machine, &plan, (struct matrix_options){.version = "1.2.3"}, &m, &err))
        fail_msg("%s", err.text);
    for (unsigned block = 0; block < 2; block++) {
        assert_int_equal(matrix_play(m, 0, 0, block, &err), 0);
        if (block == 0)
            assert_int_equal(matrix_end_block(m, &err), 0);
    }
    fake.offset_ns = (int64_t)JUMP_NS;
    assert_refused(matrix_end_block(m, &err), -ESTALE, &err, "the cpu's counter");
    const struct matrix_track *const track = matrix_track(m, 0, 0);
    assert_true(track->count >= 2);
    for (uint32_t i = 0; i < track->count; i++)
        assert_int_equal(track->batch[i].reason == PAIR_CLOCK, track->batch[i].block == 1);
    matrix_free(m);
    matrix_plan_fini(&plan);
    here_close(&h);
}
