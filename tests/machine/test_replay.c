/* SPDX-License-Identifier: MIT
 * probes/replay/replay: real replays on this machine's cpus, judged by the tool's own intervals;
 * and probes/plain, which tells what a program's threads use. */
#include "tests/test.h"

#include "analysis/price/pattern.h"
#include "analysis/stats/stats.h"
#include "machine/baseline.h"
#include "probes/replay/replay.h"
#include "tests/probes.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ROUNDS = 24, TRIES = 400, SEED = 1 };

/* Two threads side by side on one line. */
struct two {
    struct pattern_access access[2];
    struct pattern_thread thread[2];
    struct pattern pattern;
};

static void make(struct two *t, enum pattern_op op)
{
    *t = (struct two){.pattern = {.threads = 2, .bytes = {PATTERN_LINE}, .happens = true}};
    t->pattern.thread = t->thread;
    for (uint32_t i = 0; i < 2; i++) {
        t->access[i] =
            (struct pattern_access){.at = {8 * i}, .op = (uint8_t)op, .size = 8, .count = 1e6};
        t->thread[i] = (struct pattern_thread){
            .slot = i, .access = &t->access[i], .accesses = 1, .ops = 1e6, .active = 1};
    }
    assert_int_equal(pattern_pad(&t->pattern), 0);
}

struct setting {
    struct here here;
    struct stage *stage;
    struct replay *replay;
    struct two two;
};

static bool begin(struct setting *s, enum pattern_op op)
{
    unsigned cpu[2];
    struct err err = {0};
    *s = (struct setting){.here = here_open(NULL)};
    make(&s->two, op);
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

static void end(struct setting *s)
{
    replay_free(s->replay);
    replay_stage_free(s->stage);
    here_close(&s->here);
}

/* Shared over padded, both of one round. */
static struct interval price(struct setting *s)
{
    double shared[ROUNDS], padded[ROUNDS], ns[2];
    struct interval out;
    size_t count = 0;
    for (size_t i = 0; i < TRIES && count < ROUNDS; i++) {
        shared[count] = replay_once(s->replay, PATTERN_SHARED, ns) ? ns[0] + ns[1] : NAN;
        padded[count] = replay_once(s->replay, PATTERN_PADDED, ns) ? ns[0] + ns[1] : NAN;
        count += isfinite(shared[count] + padded[count]);
        replay_move(s->replay);
    }
    assert_int_equal(stats_ratio(shared, padded, count, SEED, &out), 0);
    return out;
}

static void two_adders_on_one_line_pay(void **state)
{
    (void)state;
    if (getenv("EMULATED"))
        SKIP_BECAUSE("emulated time says nothing of caches");
    struct setting s;
    if (SANITIZED)
        SKIP_BECAUSE("a sanitizer's accesses are not the loop's");
    if (!begin(&s, PATTERN_ADD))
        SKIP_BECAUSE("one cpu only");
    const struct interval i = price(&s);
    end(&s);
    if (i.n < STATS_BLOCKS_MIN)
        SKIP_BECAUSE("the machine is too busy: %zu of %d rounds undisturbed", i.n, TRIES);
    assert_true(i.low > 1.05);
}

static void two_readers_pay_nothing(void **state)
{
    (void)state;
    if (getenv("EMULATED"))
        SKIP_BECAUSE("emulated time says nothing of caches");
    struct setting s;
    if (SANITIZED)
        SKIP_BECAUSE("a sanitizer's accesses are not the loop's");
    if (!begin(&s, PATTERN_LOAD))
        SKIP_BECAUSE("one cpu only");
    const struct interval i = price(&s);
    end(&s);
    if (i.n < STATS_BLOCKS_MIN)
        SKIP_BECAUSE("the machine is too busy: %zu of %d rounds undisturbed", i.n, TRIES);
    assert_true(i.low < 1.05);
}

/* Of one access, when one a microsecond is asked for; NAN when no replay was undisturbed. */
static double paced_ns(const struct setting *s)
{
    double sum = 0, ns[2];
    unsigned good = 0;
    replay_pace(s->replay, PATTERN_PADDED, (double[]){1000, 1000}, 20);
    for (int i = 0; i < 10; i++)
        if (replay_once(s->replay, PATTERN_PADDED, ns)) {
            sum += ns[0];
            good++;
        }
    return good ? sum / good : NAN;
}

/* An access every microsecond is kept up with, by private work, on a machine that others leave in
 * peace for a moment. */
static void the_pace_is_kept(void **state)
{
    (void)state;
    if (getenv("EMULATED"))
        SKIP_BECAUSE("emulated time says nothing of caches");
    struct setting s;
    if (!begin(&s, PATTERN_ADD))
        SKIP_BECAUSE("one cpu only");
    double ns = NAN;
    enum { CALLS = 20 };
    for (int i = 0; i < CALLS && !(ns > 700 && ns < 1400); i++) {
        const double one = paced_ns(&s);
        ns = isnan(one) ? ns : one; /* a disturbed call does not excuse a wrong one */
    }
    end(&s);
    if (isnan(ns))
        SKIP_BECAUSE("the machine is too busy");
    assert_true(ns > 700 && ns < 1400);
}

static void threads_without_a_pace_rest(void **state)
{
    (void)state;
    struct setting s;
    double ns[2];
    if (!begin(&s, PATTERN_STORE))
        SKIP_BECAUSE("one cpu only");
    replay_pace(s.replay, PATTERN_SHARED, (double[]){NAN, 5}, 1);
    const bool good = replay_once(s.replay, PATTERN_SHARED, ns);
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
    assert_int_equal(
        replay_stage_new(here.machine, &here.topology, &(struct cpuset){.cpu = &cpu, .count = 1}, SEED,
            &stage, &err), -EINVAL);
    assert_non_null(strstr(err.text, "two cpus"));
    here_close(&here);
}

static void a_plain_run_tells_its_end(void **state)
{
    (void)state;
    const struct baseline_options how = {.cpu = BASELINE_ANY_CPU, .most_ns = 60e9};
    struct baseline_run run;
    struct err err = {0};
    char sh[] = "sh", c[] = "-c", nowhere[] = "/nowhere/at/all",
         work[] = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; exit 3";
    char *const argv[] = {sh, c, work, NULL}, *const none[] = {nowhere, NULL};
    assert_int_equal(baseline_run(argv, &how, &run, &err), 0);
    assert_int_equal(run.status, 3);
    assert_true(run.cpu_ns > 0);
    assert_true(run.elapsed_ns > 0);
    for (size_t i = 0; i < run.threads; i++)
        assert_true(run.thread[i].cpu_ns <= 1.01 * run.cpu_ns);
    baseline_fini(&run);
    const int code = baseline_run(none, &how, &run, &err);
    if (code == 0 && run.status == 127) {
        baseline_fini(&run);
        SKIP_BECAUSE("posix_spawn does not tell of a failed exec here (qemu-user)");
    }
    assert_int_equal(code, -ENOENT);
    assert_non_null(strstr(err.text, "--plain"));
}

static void one_that_does_not_end_is_killed(void **state)
{
    (void)state;
    const struct baseline_options how = {.cpu = BASELINE_ANY_CPU, .most_ns = 20e6};
    struct baseline_run run;
    struct err err = {0};
    char name[] = "sleep", time[] = "1000";
    char *const argv[] = {name, time, NULL};
    assert_int_equal(baseline_run(argv, &how, &run, &err), -ETIMEDOUT);
    assert_non_null(strstr(err.text, "had not ended"));
}
