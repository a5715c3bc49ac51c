/* SPDX-License-Identifier: MIT
 * probes/run/run: short runs on this machine's cpus, and what they say of themselves in their rows.
 * Which rows count is in test_run_rows.c,
 * what ends a run in test_run_end.c. */
#include "tests/run_session.h"

#include <math.h>

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
