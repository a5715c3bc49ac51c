/* SPDX-License-Identifier: MIT
 * cli/sampling: when blocks are looked at, and what ends them. No machine is measured. */
#include "tests/test.h"

#include "cli/sampling.h"
#include "cli/widest.h"

#include <errno.h>
#include <math.h>
#include <string.h>

struct fake {
    unsigned blocks, looks, regimes; /* rows alternate between that many regimes */
    unsigned enough_at;              /* the look that is enough; 0: never */
    unsigned fail_at;                /* the block that fails; 0: none */
    size_t seen[16];                 /* blocks of the first regime at each look */
};

static int block(void *context, struct samples *samples, struct err *err)
{
    struct fake *f = context;
    struct sample row;
    if (++f->blocks == f->fail_at)
        return err_set(err, -EIO, "broken");
    sample_clear(&row);
    row.run_id = row.host = "here";
    row.block = row.trial = f->blocks;
    row.regime = f->blocks % f->regimes;
    row.accepted = 1;
    row.ops = 1;
    row.seconds = 1e-9;
    return samples_push(samples, &row);
}

static bool enough(void *context, const struct summary *summary)
{
    struct fake *f = context;
    if (f->looks < 16)
        f->seen[f->looks] = summary->regime[0].blocks;
    return ++f->looks == f->enough_at;
}

static struct sampling sampling_of(struct fake *fake)
{
    struct sampling s = {.precision = 0.01,
        .max_time_ns = 60e9,
        .quiet = true,
        .threads = 1,
        .context = fake,
        .block = block,
        .enough = enough};
    sampling_begin(&s);
    return s;
}

static void it_ends_at_a_look_that_is_enough(void **state)
{
    (void)state;
    for (unsigned regimes = 1; regimes <= 2; regimes++) {
        struct fake fake = {.regimes = regimes, .enough_at = 3};
        struct sampling s = sampling_of(&fake);
        struct err err;
        assert_int_equal(sampling_run(&s, &err), 0);
        assert_true(s.precise);
        assert_null(s.limit);
        assert_int_equal(fake.looks, 3);
        /* Only where the stopping rule allows it, in blocks of the regime that has most. */
        assert_int_equal(fake.seen[0], 20);
        assert_int_equal(fake.seen[1], 28);
        assert_int_equal(fake.seen[2], 40);
        assert_int_equal(s.samples.count, fake.blocks);
        assert_true(fake.blocks >= 40 * regimes - 1 && fake.blocks <= 40 * regimes);
        sampling_fini(&s);
    }
}

static void the_first_look_can_be_later(void **state)
{
    (void)state;
    struct fake fake = {.regimes = 1, .enough_at = 1};
    struct sampling s = sampling_of(&fake);
    struct err err;
    s.first_look = 30;
    assert_int_equal(sampling_run(&s, &err), 0);
    assert_int_equal(fake.blocks, 30);
    sampling_fini(&s);
}

static void push_series(struct samples *samples, const char *op, int64_t align, double spread)
{
    for (int64_t i = 0; i < 40; i++) {
        struct sample row;
        sample_clear(&row);
        row.run_id = row.host = "here";
        row.instrument = "run";
        row.layout = align == SAMPLE_NONE ? "isolated" : "counter";
        row.reference_for = align == SAMPLE_NONE ? "counter" : "";
        row.op = op;
        row.role = "adder";
        row.align_bytes = align;
        row.block = row.trial = i;
        row.regime = 0;
        row.accepted = 1;
        row.ops = 100;
        row.seconds = 1e-7 * (1 + spread * (double)(i * 7 % 11));
        assert_int_equal(samples_push(samples, &row), 0);
    }
}

static void the_widest_figure_is_named(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct summary summary;
    push_series(&samples, "add", 8, 0.001);
    push_series(&samples, "rmw", 64, 0.01);
    assert_int_equal(summary_build(&samples, &summary), 0);
    struct widest w = widest_of(&summary, true);
    assert_string_equal(w.name, "counter rmw 64 B adder");
    assert_true(w.width == summary.regime[0].width);
    summary_fini(&summary);
    assert_int_equal(summary_build(&(struct samples){0}, &summary), 0);
    w = widest_of(&summary, true);
    assert_true(isinf(w.width) && !*w.name);
    summary_fini(&summary);
    samples_fini(&samples);
}

/* What was narrow when the time ended is not called wider than what was asked for. */
static void what_ended_it_is_no_contradiction(void **state)
{
    (void)state;
    char text[512];
    static const struct {
        double width;
        const char *words;
    } of[] = {{0.0065, "only after the last look"}, {0.02, "the widest is ±2%, of counter add"},
        {INFINITY, "fewer than 20 blocks, as counter add"}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        const struct widest w = {.width = of[i].width, .name = "counter add 8 B adder"};
        FILE *const out = fmemopen(text, sizeof text, "w");
        widest_report(&w, "--max-time", 0.01, out);
        fclose(out);
        assert_non_null(strstr(text, of[i].words));
    }
}

static void limits_end_it(void **state)
{
    (void)state;
    struct fake fake = {.regimes = 1};
    struct sampling s = sampling_of(&fake);
    struct err err;
    s.max_time_ns = 0;
    assert_int_equal(sampling_run(&s, &err), 0);
    assert_string_equal(s.limit, "--max-time");
    assert_int_equal(fake.blocks, 1);
    assert_false(s.precise);
    sampling_fini(&s);
    fake = (struct fake){.regimes = 1};
    s = sampling_of(&fake);
    assert_int_equal(sampling_run(&s, &err), 0);
    assert_string_equal(s.limit, "the limit of rows");
    assert_int_equal(s.samples.count, SAMPLING_ROWS);
    sampling_fini(&s);
}

static void an_error_ends_it_and_leaves_what_was_measured(void **state)
{
    (void)state;
    struct fake fake = {.regimes = 1, .fail_at = 5};
    struct sampling s = sampling_of(&fake);
    struct err err = {0};
    assert_int_equal(sampling_run(&s, &err), -EIO);
    assert_string_equal(err.text, "broken");
    assert_int_equal(s.samples.count, 4);
    assert_int_equal(sampling_summarise(&s, &err), 0);
    assert_int_equal(s.summary.regime[0].blocks, 4);
    sampling_fini(&s);
}
