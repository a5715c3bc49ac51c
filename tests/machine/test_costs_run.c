/* SPDX-License-Identifier: MIT
 * probes/costs/costs: short runs on this machine's cpus: what their rows say, and that the figures
 * have the shape that holds on any machine. */
#include "tests/test.h"

#include "analysis/dataset/price_table.h"
#include "probes/costs/costs.h"
#include "probes/trial/block.h"
#include "tests/probes.h"

#include <math.h>
#include <stdbool.h>

enum { SEED = 42 };

struct session {
    struct here here;
    struct costs_plan plan;
    struct costs_run *run;
    struct samples samples;
    unsigned cpus;
};

static volatile int stop;

static struct session *session_new(struct costs_request request, unsigned cpus, uint64_t seed)
{
    struct session *s = calloc(1, sizeof *s);
    struct err err = {0};
    unsigned cpu[2] = {0};
    assert_non_null(s);
    s->here = here_open(NULL);
    s->cpus = here_cpus(&s->here, cpu, cpus);
    request.cpus = (struct cpuset){cpu, s->cpus};
    if (costs_plan_build(&request, &s->here.topology, &s->plan, &err))
        fail_msg("%s", err.text);
    const struct costs_options options = {.seed = seed, .version = "1.2.3", .stop = &stop};
    if (costs_new(s->here.machine, &s->here.topology, &s->plan, options, &s->run, &err))
        fail_msg("%s", err.text);
    return s;
}

static void session_free(struct session *s)
{
    samples_fini(&s->samples);
    costs_free(s->run);
    costs_plan_fini(&s->plan);
    here_close(&s->here);
    free(s);
    stop = 0;
}

static void block(struct session *s)
{
    struct err err = {0};
    if (costs_block(s->run, &s->samples, &err))
        fail_msg("%s", err.text);
}

static size_t measurable(const struct session *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->plan.prices; i++)
        n += !*costs_why_not(&s->plan, &s->plan.price[i]);
    return n;
}

static void assert_price_row(const struct session *s, const struct sample *row)
{
    const struct topology *const t = &s->here.topology;
    const struct topology_cpu *const cpu = topology_cpu(t, s->plan.cpus.cpu[0]);
    assert_string_equal(row->layout, "line");
    assert_string_equal(row->role, "requester");
    assert_string_equal(row->mode, "latency");
    assert_int_equal(row->cpu, cpu->cpu);
    assert_int_equal(row->align_bytes, SAMPLE_NONE);
    assert_int_equal(row->transfers, SAMPLE_NONE);
    assert_true(row->threads >= 1 && row->threads <= 3);
    if (strcmp(row->state, "invalid") == 0) {
        assert_int_equal(row->peer, SAMPLE_NONE);
        assert_string_equal(row->distance, "");
        return;
    }
    const struct topology_cpu *const peer = topology_cpu(t, (unsigned)row->peer);
    assert_string_equal(row->distance, distance_name(topology_distance(cpu, peer)));
}

static void assert_hold_row(const struct session *s, const struct sample *row)
{
    const bool alone = strcmp(row->layout, "isolated") == 0;
    assert_string_equal(row->layout, alone ? "isolated" : "hold");
    assert_string_equal(row->reference_for, alone ? "hold" : "");
    assert_string_equal(row->role, "contender");
    assert_string_equal(row->mode, "throughput");
    assert_int_equal(row->cpu, s->plan.cpus.cpu[row->thread]);
    assert_int_equal(row->peer, SAMPLE_NONE);
    assert_true(row->transfers >= 0 && row->transfers <= row->ops);
    if (alone && row->accepted)
        assert_int_equal(row->transfers, 0);
}

static void a_block_has_rows_of_all_there_is(void **state)
{
    (void)state;
    struct session *s = session_new((struct costs_request){.gap_ns = {0, 100}, .gaps = 2}, 2, SEED);
    const size_t points = measurable(s) + s->plan.holds;
    size_t trials = 0;
    block(s);
    for (size_t i = 0; i < s->samples.count; i++) {
        const struct sample *const row = &s->samples.row[i];
        assert_string_equal(row->instrument, "costs");
        assert_string_equal(row->version, "1.2.3");
        assert_int_equal(row->schema, SAMPLE_SCHEMA);
        assert_int_equal(row->seed, SEED);
        assert_int_equal(row->block, 0);
        assert_int_equal(strlen(row->run_id), 16);
        assert_true(*row->mem_verified);
        assert_true((row->accepted == 1) == (*row->reject_reason == '\0'));
        if (row->accepted) {
            /* A contender may have got nothing in the common window. */
            if (row->ops < (*row->state ? 1 : 0) || row->seconds < 0 || row->regime < 0)
                fail_msg("%s %s %s: %lld ops, %g s, regime %lld", row->layout, row->op, row->state,
                    (long long)row->ops, row->seconds, (long long)row->regime);
        }
        if (s->cpus > 1)
            assert_true(row->canary_ns > 0 && row->canary_after_ns > 0);
        else
            assert_true(isnan(row->canary_ns));
        if (*row->state)
            assert_price_row(s, row);
        else
            assert_hold_row(s, row);
        trials += row->thread == 0;
    }
    assert_true(trials >= points && trials <= points * (1 + BLOCK_RETRIES));
    session_free(s);
}

static void what_is_not_wanted_is_not_measured(void **state)
{
    (void)state;
    struct session *s = session_new(
        (struct costs_request){.ops = 1 << 0 /* load */, .gap_ns = {0}, .gaps = 1}, 2, SEED);
    for (size_t i = 0; i < s->plan.prices; i++)
        costs_want_price(s->run, i, s->plan.price[i].state == LINE_INVALID);
    for (size_t i = 0; i < s->plan.holds; i++)
        costs_want_hold(s->run, i, false);
    block(s);
    assert_true(s->samples.count > 0);
    for (size_t i = 0; i < s->samples.count; i++)
        assert_string_equal(s->samples.row[i].state, "invalid");
    /* What cannot be measured stays so, whoever wants it. */
    for (size_t i = 0; i < s->plan.prices; i++)
        costs_want_price(s->run, i, true);
    block(s);
    session_free(s);
}

static void a_signal_ends_it_and_counts_nothing(void **state)
{
    (void)state;
    struct session *s = session_new((struct costs_request){.ops = 1 << 0 /* load */}, 2, SEED);
    struct err err = {0};
    stop = 2;
    assert_int_equal(costs_block(s->run, &s->samples, &err), -EINTR);
    for (size_t i = 0; i < s->samples.count; i++)
        assert_int_equal(s->samples.row[i].accepted, 0);
    session_free(s);
}

static void the_seed_orders_the_trials(void **state)
{
    (void)state;
    char order[3][512] = {""};
    for (int i = 0; i < 3; i++) {
        struct session *s = session_new((struct costs_request){.no_gap = true}, 1, i < 2 ? 1 : 2);
        block(s);
        const char *last = "";
        for (size_t k = 0; k < s->samples.count; k++) {
            char name[32];
            const struct sample *const row = &s->samples.row[k];
            snprintf(name, sizeof name, "%s-%.3s ", row->op, row->state);
            if (!strstr(order[i], name)) /* a trial that was disturbed is repeated */
                strncat(order[i], name, sizeof order[i] - strlen(order[i]) - 1);
            last = row->op;
        }
        assert_true(*last);
        session_free(s);
    }
    assert_string_equal(order[0], order[1]);
    assert_string_not_equal(order[0], order[2]);
}

/* Nothing that another cpu or the memory has is cheaper than to load a line that one has modified
 * oneself. What one has oneself takes as long or little more, and where the host's clock frequency
 * jumps within a run, two such medians may lie on either side of the jump (1 run in 50). */
static void loading_a_line_of_ones_own_is_cheapest(void **state)
{
    (void)state;
    if (SANITIZED)
        SKIP_BECAUSE("walks of instrumented code are as long whatever the line");
    struct session *s = session_new((struct costs_request){.no_gap = true}, 2, SEED);
    struct summary summary;
    struct price_table costs;
    for (int i = 0; i < 60; i++)
        block(s);
    assert_int_equal(summary_build(&s->samples, &summary), 0);
    if (price_table_build(&s->samples, &summary, &costs) == -ENOENT ||
        costs.blocks < STATS_BLOCKS_MIN) {
        price_table_fini(&costs);
        summary_fini(&summary);
        session_free(s);
        SKIP_BECAUSE("too few blocks could be counted on this machine");
    }
    const struct price_entry *const own =
        price_table_price(&costs, "load", "modified", "same cpu", "local");
    assert_non_null(own);
    for (size_t i = 0; own->ns.n >= STATS_BLOCKS_MIN && i < costs.prices; i++)
        if (costs.price[i].ns.n >= STATS_BLOCKS_MIN &&
            strcmp(costs.price[i].distance, own->distance) != 0)
            assert_true(own->ns.low <= costs.price[i].ns.high);
    price_table_fini(&costs);
    summary_fini(&summary);
    session_free(s);
}

static void contenders_get_the_line_from_each_other(void **state)
{
    (void)state;
    struct session *s = session_new(
        (struct costs_request){.ops = COSTS_NO_OP, .gap_ns = {0, 200}, .gaps = 2}, 2, SEED);
    if (s->cpus < 2) {
        session_free(s);
        SKIP_BECAUSE("one cpu has nobody to contend with");
    }
    int64_t transfers = 0;
    for (int i = 0; i < 5; i++)
        block(s);
    for (size_t i = 0; i < s->samples.count; i++) {
        assert_hold_row(s, &s->samples.row[i]);
        transfers += s->samples.row[i].transfers;
    }
    assert_true(transfers > 0);
    session_free(s);
}
