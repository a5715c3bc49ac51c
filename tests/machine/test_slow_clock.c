/* SPDX-License-Identifier: MIT
 * A clock that takes microseconds a read, as hpet does, must not change what is measured with it:
 * the same on a fast and on a slowed clock, block by block in turn, judged as an A/A test is. */
#include "analysis/verdict/verdict.h"
#include "probes/matrix/pair.h"
#include "probes/run/run_internal.h"
#include "tests/probes.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { KINDS = 3, ENOUGH = 40, BLOCKS_MAX = 2000 };
static const double read_ns[KINDS] = {0, 1500, 5000};
static _Atomic uint64_t delay_ns;

static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_open)(const char *, int, ...);

static void find_real(void)
{
    *(void **)&real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    *(void **)&real_open = dlsym(RTLD_NEXT, "open");
}

static void need_real(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_real);
}

static uint64_t ns_of(const struct timespec *t)
{
    return (uint64_t)t->tv_sec * 1000000000U + (uint64_t)t->tv_nsec;
}

/* These two stand before libc's for the whole program: a kernel that has left the cpu's counter for
 * hpet, and a clock that is as slow as is asked for. */
int open(const char *path, int flags, ...)
{
    static const char hpet[] = "hpet\n";
    va_list more;
    need_real();
    va_start(more, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    if (!strstr(path, "current_clocksource"))
        return real_open(path, flags, mode);
    const int fd = memfd_create("clocksource", MFD_CLOEXEC);
    if (fd >= 0 && pwrite(fd, hpet, sizeof hpet - 1, 0) < 0)
        abort();
    return fd;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    need_real();
    const int code = real_clock(clock, out);
    const uint64_t delay =
        clock == CLOCK_MONOTONIC_RAW ? atomic_load_explicit(&delay_ns, memory_order_relaxed) : 0;
    const uint64_t began = ns_of(out);
    while (!code && ns_of(out) - began < delay)
        real_clock(clock, out);
    return code;
}

static void slow_down(int kind)
{
    atomic_store(&delay_ns, (uint64_t)read_ns[kind]);
}

static void the_cost_of_a_read_is_measured(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        struct clock clock;
        slow_down(kind);
        clock_calibrate(&clock);
        assert_false(clock.counter);
        assert_true(clock.read_ns > read_ns[kind]);
        assert_true(clock.overhead_ns > read_ns[kind]);
    }
}

/* The series of one figure, a value a block for each clock; NaN: it did not count. */
struct series {
    double value[KINDS][BLOCKS_MAX];
    size_t blocks;
};

static size_t pairs_of(const struct series *s, int kind)
{
    size_t pairs = 0;
    for (size_t i = 0; i < s->blocks; i++)
        pairs += isfinite(s->value[kind][i] / s->value[0][i]);
    return pairs;
}

/* Of the clock that is not slow. */
static double median_that_counts(const struct series *s)
{
    double value[BLOCKS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < s->blocks; i++)
        if (isfinite(s->value[0][i]))
            value[count++] = s->value[0][i];
    return stats_median(value, count);
}

static bool is_enough(const struct series *s)
{
    for (int kind = 1; kind < KINDS; kind++)
        if (pairs_of(s, kind) < ENOUGH && s->blocks < BLOCKS_MAX)
            return false;
    return true;
}

/* `contended`: how much dearer the figure is than without the other thread, which is less so while
 * that reads the clock: probes/trial/trial.h. 1: nothing is lost then. */
static void assert_same(const struct series *s, double contended)
{
    if (SANITIZED)
        SKIP_BECAUSE("instrumented loops run differently beside many reads of a clock");
    for (int kind = 1; kind < KINDS; kind++) {
        struct interval ratio;
        assert_int_equal(stats_ratio(s->value[kind], s->value[0], NULL, s->blocks, &ratio), 0);
        const double kept = 1 - trial_clock_share(read_ns[kind]) * (contended - 1);
        print_message("# %g ns a read: %.4f (%.4f-%.4f, n=%zu), of %.4f\n", read_ns[kind],
            ratio.mid, ratio.low, ratio.high, ratio.n, kept);
        ratio = (struct interval){.n = ratio.n,
            .mid = ratio.mid / kept,
            .low = ratio.low / kept,
            .high = ratio.high / kept};
        const enum verdict_kind verdict = verdict_kind(ratio);
        assert_int_not_equal(verdict, VERDICT_NONE);
        assert_int_not_equal(verdict, VERDICT_SLOWER);
        assert_int_not_equal(verdict, VERDICT_FASTER);
    }
}

/* Blocks of every clock in random order, until each slow one has enough to compare. */
static void measure_series(
    struct series *s, double (*measure)(void *context, int kind), void *context)
{
    struct rng rng;
    rng_seed(&rng, 1);
    for (s->blocks = 0; !is_enough(s); s->blocks++) {
        unsigned order[KINDS] = {0, 1, 2};
        rng_shuffle(&rng, order, KINDS);
        for (int i = 0; i < KINDS; i++) {
            const int kind = (int)order[i];
            slow_down(kind);
            s->value[kind][s->blocks] = measure(context, kind);
        }
    }
    slow_down(0);
}

struct runs {
    struct here here;
    struct plan plan;
    struct run *run[KINDS];
    struct samples samples;
};

/* Of the last trial of a point that counts, over both threads. */
static double block_ns(const struct samples *samples, bool isolated)
{
    double seconds = 0, ops = 0;
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *const row = &samples->row[i];
        if (!row->accepted || (row->align_bytes == SAMPLE_NONE) != isolated)
            continue;
        seconds += row->seconds;
        ops += (double)row->ops;
    }
    return ops > 0 ? seconds * 1e9 / ops : NAN;
}

static double measure_ratio(void *context, int kind)
{
    struct runs *const r = context;
    struct err err = {0};
    r->samples.count = 0;
    if (run_block(r->run[kind], &r->samples, &err))
        fail_msg("%s", err.text);
    return block_ns(&r->samples, false) / block_ns(&r->samples, true);
}

static void false_sharing_costs_as_much_on_a_slow_clock(void **state)
{
    (void)state;
    static struct runs r;
    static struct series series;
    struct err err = {0};
    unsigned cpu[2];
    r.here = here_open(NULL);
    struct plan_request request = {.op = "add", .aligns = 8};
    request.cpus = (struct cpuset){cpu, here_cpus(&r.here, cpu, 2)};
    if (request.cpus.count == 2) {
        if (plan_build(&request, &r.here.topology, &r.plan, &err))
            fail_msg("%s", err.text);
        for (int kind = 0; kind < KINDS; kind++) {
            const struct run_options options = {.seed = 1, .version = "test", .counters = "none"};
            slow_down(kind);
            if (run_new(r.here.machine, &r.here.topology, &r.plan, options, &r.run[kind], &err))
                fail_msg("%s", err.text);
            /* The same between two reads: Zen 4 does locked adds 15% faster just after a fence. */
            r.run[kind]->stage.trial.window_ns = trial_window_ns(read_ns[1]);
            r.run[kind]->stage.trial.batch_ns =
                trial_batch_ns(trial_window_ns(read_ns[1]), read_ns[1]);
        }
        measure_series(&series, measure_ratio, &r);
        for (int kind = 0; kind < KINDS; kind++)
            run_free(r.run[kind]);
        samples_fini(&r.samples);
        plan_fini(&r.plan);
    }
    here_close(&r.here);
    if (request.cpus.count < 2)
        SKIP_BECAUSE("one cpu");
    const double fast = median_that_counts(&series);
    /* Threads that seldom run at the same time, on a busy machine, share nothing; those of one core
     * have one cache. */
    if (fast < 1.2)
        SKIP_BECAUSE("the two threads did not contend for the line");
    assert_same(&series, fast);
}

struct pairs {
    struct here here;
    struct crew *crew;
    struct clock clock[KINDS];
    struct pair_table *table[KINDS];
    struct pair_match match[KINDS];
    struct protocol_page *page;
};

static const struct memory_policy anywhere = {.node = MEMORY_ANY_NODE};

static double measure_pair(void *context, int kind)
{
    struct pairs *const p = context;
    struct pair_match *const m = &p->match[kind];
    pair_play(p->table[kind], m, 1);
    return m->batch.reason == PAIR_COUNTS ? m->batch.ns : NAN;
}

static void open_pairs(struct pairs *p, const unsigned *cpu)
{
    struct err err = {0};
    if (crew_new(p->here.machine, cpu, 2, &p->crew, &err) ||
        memory_new(sizeof *p->page, anywhere, (void **)&p->page, &err))
        fail_msg("%s", err.text);
    for (int kind = 0; kind < KINDS; kind++) {
        slow_down(kind);
        clock_calibrate(&p->clock[kind]);
        assert_int_equal(pair_table_new(p->crew, &p->clock[kind], 2, NULL, &p->table[kind]), 0);
    }
}

static void a_hand_over_takes_as_long_on_a_slow_clock(void **state)
{
    (void)state;
    static struct pairs p;
    static struct series series;
    unsigned cpu[2];
    p.here = here_open(NULL);
    const unsigned cpus = here_cpus(&p.here, cpu, 2);
    if (cpus == 2)
        open_pairs(&p, cpu);
    for (int kind = 0; kind < KINDS && cpus == 2; kind++)
        p.match[kind] =
            (struct pair_match){.second = 1, .protocol = protocol_find("handover"), .page = p.page};
    if (cpus == 2)
        measure_series(&series, measure_pair, &p);
    for (int kind = 0; kind < KINDS; kind++)
        pair_table_free(p.table[kind]);
    if (cpus == 2)
        memory_free(p.page, sizeof *p.page, anywhere);
    crew_free(p.crew);
    here_close(&p.here);
    if (cpus < 2)
        SKIP_BECAUSE("one cpu");
    assert_same(&series, 1);
}
