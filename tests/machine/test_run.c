/* SPDX-License-Identifier: MIT
 * probes/run/run: short runs on this machine's cpus, and what they say of themselves in their rows.
 * Which rows count is in test_run_rows.c. */
#include "probes/run/run_internal.h"
#include "tests/probes.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/time.h>

#include <cmocka.h>

enum { SEED = 42, BLOCKS_MAX = 20, POINTS_MAX = 16 };

struct session {
    struct here here;
    struct plan plan;
    struct run *run;
    struct samples samples;
};

static volatile int stop;

/* On the first one or two cpus that this process may use. */
static struct session *session_new(struct plan_request request, unsigned cpus, uint64_t seed)
{
    struct session *s = calloc(1, sizeof *s);
    struct err err = {0};
    unsigned cpu[2] = {0};
    assert_non_null(s);
    s->here = here_open(NULL);
    request.cpus = (struct cpuset){cpu, here_cpus(&s->here, cpu, cpus)};
    if (plan_build(&request, &s->here.topology, &s->plan, &err))
        fail_msg("%s", err.text);
    const struct run_options options = {.seed = seed, .version = "1.2.3", .stop = &stop};
    if (run_new(s->here.machine, &s->here.topology, &s->plan, options, &s->run, &err))
        fail_msg("%s", err.text);
    return s;
}

static void session_free(struct session *s)
{
    samples_fini(&s->samples);
    run_free(s->run);
    plan_fini(&s->plan);
    here_close(&s->here);
    free(s);
}

static void block(struct session *s)
{
    struct err err = {0};
    if (run_block(s->run, &s->samples, &err))
        fail_msg("%s", err.text);
}

/* The point a row is of. */
static size_t point_of(const struct session *s, const struct sample *row)
{
    for (size_t i = 0; i < s->plan.points; i++) {
        const struct point *p = &s->plan.point[i];
        const int64_t align = p->shape->align_bytes ? p->shape->align_bytes : SAMPLE_NONE;
        if (strcmp(p->op->name, row->op) == 0 && align == row->align_bytes &&
            strcmp(p->twin, row->twin) == 0)
            return i;
    }
    fail_msg("a row of no point: %s %s", row->layout, row->op);
    return 0;
}

static void a_block_has_rows_of_all_points_and_threads(void **state)
{
    (void)state;
    struct session *s = session_new((struct plan_request){0}, 2, SEED);
    const size_t threads = s->plan.cpus.count;
    unsigned seen[POINTS_MAX] = {0};
    block(s);
    assert_true(s->samples.count >= s->plan.points * threads);
    assert_true(s->samples.count <= s->plan.points * threads * (1 + BLOCK_RETRIES));
    for (size_t i = 0; i < s->samples.count; i++) {
        const struct sample *row = &s->samples.row[i];
        assert_int_equal(row->thread, i % threads);
        assert_int_equal(row->trial, i / threads);
        assert_int_equal(row->block, 0);
        seen[point_of(s, row)]++;
    }
    for (size_t i = 0; i < s->plan.points; i++)
        assert_true(seen[i] >= threads);
    block(s);
    assert_int_equal(s->samples.row[s->samples.count - 1].block, 1);
    session_free(s);
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static void assert_describes_the_run(const struct session *s, const struct sample *row)
{
    assert_int_equal(row->schema, SAMPLE_SCHEMA);
    assert_string_equal(row->run_id, s->run->series.origin.id);
    assert_int_equal(strlen(row->run_id), 16);
    assert_int_equal(strlen(row->started_at), strlen("2000-01-01T00:00:00Z"));
    assert_true(*row->arch && *row->kernel);
    assert_string_equal(row->version, "1.2.3");
    assert_int_equal(row->seed, SEED);
    assert_string_equal(row->mode, mode_names[s->plan.mode]);
    assert_true(row->gap_ns == s->plan.gap_ns);
    assert_int_equal(row->shards, s->plan.shards);
    assert_string_equal(row->pages, "4k");
    assert_int_equal(row->threads, s->plan.cpus.count);
    assert_string_equal(row->mem_node, s->plan.mem_node);
    assert_true(row->clock_overhead_ns == s->run->stage.clock.overhead_ns);
    assert_true(row->clock_resolution_ns > 0);
    assert_true(*row->counters);
    if (strcmp(row->counters, "none") == 0) {
        assert_true(*row->counters_reason);
        for (int i = 0; i < EVENT_HARDWARE; i++)
            assert_int_equal(row->count[i], SAMPLE_NONE);
        assert_int_equal(row->counted_ops, SAMPLE_NONE);
    }
    assert_true(row->count[EVENT_PAGE_FAULTS] >= 0);
}

static void assert_describes_its_place(const struct session *s, const struct sample *row)
{
    static const char *const how[] = {"move_pages", "numa_maps", "single-node", "unverified", NULL};
    const unsigned cpu = s->plan.cpus.cpu[row->thread];
    const struct topology_cpu *place = topology_cpu(&s->here.topology, cpu);
    assert_int_equal(row->cpu, cpu);
    assert_int_equal(row->core, place->core < 0 ? SAMPLE_NONE : place->core);
    assert_int_equal(row->l3, place->l3 < 0 ? SAMPLE_NONE : place->l3);
    assert_int_equal(row->package, place->package < 0 ? SAMPLE_NONE : place->package);
    assert_int_equal(row->node, place->node < 0 ? SAMPLE_NONE : place->node);
    assert_true(is_one_of(row->mem_verified, how));
    const bool reference = row->align_bytes == SAMPLE_NONE;
    assert_string_equal(row->layout, reference ? "isolated" : "counter");
    assert_string_equal(row->reference_for, reference ? "counter" : "");
    assert_string_equal(row->role, "adder");
}

static void assert_describes_the_trial(const struct sample *row)
{
    static const char *const reasons[] = {"migration", "context switch", "threads did not overlap",
        "stall", "no whole batch", "canary moved", "stolen time", NULL};
    assert_true(row->accepted == 0 || row->accepted == 1);
    if (row->accepted) {
        assert_string_equal(row->reject_reason, "");
        assert_true(row->regime >= 0);
        assert_true(row->ops > 0 && row->seconds > 0 && row->ns_per_op > 0);
        assert_int_equal(row->count[EVENT_CONTEXT_SWITCHES], 0);
        assert_int_equal(row->count[EVENT_MIGRATIONS], 0);
    } else {
        assert_true(is_one_of(row->reject_reason, reasons));
    }
    if (row->threads > 1) {
        assert_true(row->canary_ns > 0 && row->canary_after_ns > 0);
        assert_true(*row->distance && *row->protocol);
    } else {
        assert_true(isnan(row->canary_ns) && isnan(row->canary_after_ns));
        assert_string_equal(row->distance, "");
        assert_string_equal(row->protocol, "");
    }
}

static void assert_no_latency(const struct sample *row)
{
    const double lat[] = {row->lat_min_ns, row->lat_p50_ns, row->lat_p90_ns, row->lat_p99_ns,
        row->lat_p999_ns, row->lat_max_ns};
    for (size_t i = 0; i < sizeof lat / sizeof *lat; i++)
        assert_true(isnan(lat[i]));
}

static size_t accepted(const struct samples *samples)
{
    size_t n = 0;
    for (size_t i = 0; i < samples->count; i++)
        n += samples->row[i].accepted == 1;
    return n;
}

static void measure_some(struct session *s)
{
    for (int i = 0; i < BLOCKS_MAX && (i < 2 || !accepted(&s->samples)); i++)
        block(s);
    print_message("# %zu of %zu rows accepted\n", accepted(&s->samples), s->samples.count);
}

static void a_point_left_out_is_not_measured_until_it_is_wanted(void **state)
{
    (void)state;
    struct session *s = session_new((struct plan_request){0}, 2, SEED);
    run_want(s->run, 1, false);
    block(s);
    for (size_t i = 0; i < s->samples.count; i++)
        assert_int_not_equal(point_of(s, &s->samples.row[i]), 1);
    run_want(s->run, 1, true);
    const size_t first = s->samples.count;
    block(s);
    size_t rows = 0;
    for (size_t i = first; i < s->samples.count; i++)
        rows += point_of(s, &s->samples.row[i]) == 1;
    assert_true(rows >= s->plan.cpus.count);
    session_free(s);
}

static void rows_say_what_was_measured(void **state)
{
    (void)state;
    struct session *s = session_new((struct plan_request){0}, 2, SEED);
    measure_some(s);
    for (size_t i = 0; i < s->samples.count; i++) {
        const struct sample *row = &s->samples.row[i];
        assert_describes_the_run(s, row);
        assert_describes_its_place(s, row);
        assert_describes_the_trial(row);
        assert_no_latency(row);
        assert_string_equal(row->lat_reason, "throughput mode");
    }
    const size_t counted = accepted(&s->samples);
    session_free(s);
    if (counted == 0)
        SKIP_BECAUSE("this machine is too busy for one undisturbed trial");
}

static void one_cpu_is_a_run(void **state)
{
    (void)state;
    struct session *s =
        session_new((struct plan_request){.op = "add,lock", .layout = "shard"}, 1, SEED);
    measure_some(s);
    for (size_t i = 0; i < s->samples.count; i++) {
        assert_describes_the_run(s, &s->samples.row[i]);
        assert_describes_the_trial(&s->samples.row[i]);
    }
    session_free(s);
}

static void every_layout_and_its_ops_run(void **state)
{
    (void)state;
    static const char *const layouts[] = {"counter", "lock", "mixed", "shard", "ring"};
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        struct here h = here_open(NULL);
        unsigned cpu[2];
        const unsigned cpus = here_cpus(&h, cpu, 2);
        here_close(&h);
        if (cpus < 2 && strcmp(layouts[i], "ring") == 0)
            SKIP_BECAUSE("a ring needs two cpus");
        struct session *s =
            session_new((struct plan_request){.layout = layouts[i], .aligns = 8}, 2, SEED);
        block(s);
        for (size_t r = 0; r < s->samples.count; r++)
            assert_string_equal(s->samples.row[r].role,
                s->plan.point[0]
                    .shape->role[plan_role(&s->plan.point[point_of(s, &s->samples.row[r])],
                        (unsigned)s->samples.row[r].thread)]);
        session_free(s);
    }
}

static void assert_ordered(const struct sample *row)
{
    const double lat[] = {row->lat_min_ns, row->lat_p50_ns, row->lat_p90_ns, row->lat_p99_ns,
        row->lat_p999_ns, row->lat_max_ns};
    assert_true(lat[0] >= 0);
    for (size_t i = 1; i < sizeof lat / sizeof *lat; i++)
        assert_true(lat[i] >= lat[i - 1]);
}

static void latency_is_told_or_why_not(void **state)
{
    (void)state;
    struct session *s = session_new(
        (struct plan_request){.mode = MODE_LATENCY, .op = "add,size", .aligns = 8}, 2, SEED);
    size_t told = 0;
    block(s);
    for (size_t i = 0; i < s->samples.count; i++) {
        const struct sample *row = &s->samples.row[i];
        assert_string_equal(row->mode, "latency");
        if (*row->lat_reason) {
            assert_string_equal(row->lat_reason, "below the clock's resolution");
            assert_no_latency(row);
        } else {
            assert_ordered(row);
            told++;
        }
    }
    print_message("# %zu of %zu rows timed singly\n", told, s->samples.count);
    session_free(s);
}

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
