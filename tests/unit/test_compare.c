/* SPDX-License-Identifier: MIT
 * analysis/compare/compare: which figures are partners, what is refused, and whether the ratio's
 * interval holds what it says. Rows are made up and go through their CSV. */
#include "tests/test.h"

#include "analysis/compare/compare.h"
#include "base/rng.h"
#include "probes/trial/canary.h"
#include "tests/random.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct made {
    const char *run, *host, *cpu, *protocol, *distance, *layout, *op, *instrument;
    int64_t blocks, regime, align, peer;
    double ns, canary; /* canary 0: none */
};

static const char *or_else(const char *text, const char *other)
{
    return text ? text : other;
}

static struct sample row_of(const struct made *m, int64_t block, struct rng *rng)
{
    struct sample row;
    sample_clear(&row);
    row.schema = SAMPLE_SCHEMA;
    row.run_id = or_else(m->run, "run");
    row.host = or_else(m->host, "box");
    row.cpu_model = or_else(m->cpu, "cpu9");
    row.protocol = or_else(m->protocol, "turns");
    row.distance = or_else(m->distance, "same L3");
    row.layout = or_else(m->layout, "counter");
    row.op = or_else(m->op, "add");
    row.instrument = or_else(m->instrument, "run");
    row.role = "adder";
    row.mode = "throughput";
    row.align_bytes = m->align ? m->align : 8;
    row.peer = m->peer ? m->peer : SAMPLE_NONE;
    row.cpu = 0;
    row.gap_ns = 0;
    row.threads = 2;
    row.seed = 1;
    row.block = block;
    row.trial = (block * 64 + row.align_bytes) * 8 + m->regime + 10000000 * (row.op[0] - 'a');
    row.regime = m->regime;
    row.canary_ns = m->canary > 0 ? m->canary : NAN;
    row.ops = 1000;
    row.seconds = m->ns * 1e-6 * (1 + 0.01 * normal(rng));
    row.accepted = 1;
    return row;
}

static struct dataset data_of(const struct made *made, size_t count)
{
    struct dataset d = {0};
    struct err err = {0};
    FILE *file = tmpfile();
    struct rng rng;
    rng_seed(&rng, 5);
    for (size_t i = 0; i < count; i++) {
        struct samples samples = {0};
        for (int64_t block = 0; block < made[i].blocks; block++) {
            const struct sample row = row_of(&made[i], block + 1000 * made[i].regime, &rng);
            assert_int_equal(samples_push(&samples, &row), 0);
        }
        samples_write(&samples, file);
        samples_fini(&samples);
    }
    rewind(file);
    assert_int_equal(dataset_read(file, "x.csv", &d, &err), 0);
    assert_int_equal(dataset_fold(&d, &err), 0);
    fclose(file);
    return d;
}

struct compared {
    struct dataset a, b;
    struct comparison c;
    struct err err;
    int code;
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define COMPARED(a, b, across) compared_of(a, COUNT(a), b, COUNT(b), across)

static struct compared compared_of(
    const struct made *a, size_t as, const struct made *b, size_t bs, unsigned across)
{
    struct compared out = {.a = data_of(a, as), .b = data_of(b, bs)};
    const struct compare_request request = {.across = across, .threshold = 1.05};
    out.code = compare_build(&out.a, &out.b, &request, &out.c, &out.err);
    return out;
}

static void finish(struct compared *out)
{
    comparison_fini(&out->c);
    dataset_fini(&out->a);
    dataset_fini(&out->b);
}

static void test_worse_better_same(void **state)
{
    (void)state;
    const struct made a[] = {{.blocks = 30, .ns = 10, .canary = 75},
        {.blocks = 30, .ns = 10, .canary = 75, .op = "cas"},
        {.blocks = 30, .ns = 10, .canary = 75, .op = "rmw"},
        {.blocks = 30, .ns = 10, .canary = 75, .op = "gone"}};
    const struct made b[] = {{.blocks = 40, .ns = 13, .canary = 80},
        {.blocks = 40, .ns = 10, .canary = 80, .op = "cas"},
        {.blocks = 40, .ns = 5, .canary = 80, .op = "rmw"},
        {.blocks = 40, .ns = 5, .canary = 80, .op = "new"}};
    struct compared c = COMPARED(a, b, 0);
    assert_int_equal(c.code, 0);
    assert_int_equal(c.c.pairs, 3);
    assert_int_equal(c.c.pair[0].kind, VERDICT_SLOWER);
    assert_float_equal(c.c.pair[0].ratio.mid, 1.3, 0.02);
    assert_true(c.c.pair[0].ratio.low > 1.25 && c.c.pair[0].ratio.high < 1.35);
    assert_int_equal(c.c.pair[0].ratio.n, 30);
    assert_true(c.c.pair[0].delta == 1);
    assert_int_equal(c.c.pair[1].kind, VERDICT_SAME);
    assert_int_equal(c.c.pair[2].kind, VERDICT_FASTER);
    assert_true(c.c.pair[2].delta == -1);
    assert_int_equal(c.c.singles, 2);
    assert_true(!c.c.single[0].in_b && c.c.single[0].why == ALONE_ABSENT && !c.c.single[0].judged);
    assert_true(c.c.single[1].in_b && c.c.single[1].why == ALONE_ABSENT);
    const struct compare_tally t = compare_tally(&c.c);
    assert_int_equal(t.worse, 1);
    assert_int_equal(t.better, 1);
    assert_int_equal(t.same, 1);
    assert_int_equal(t.unjudged, 1);
    assert_ptr_equal(t.worst, &c.c.pair[0]);
    finish(&c);
}

/* The labels are the other way round; a third regime of A is nowhere in B, and one of B is too
 * short. */
static void test_regimes_by_canary(void **state)
{
    (void)state;
    const struct made a[] = {{.blocks = 30, .ns = 10, .canary = 75, .regime = 0},
        {.blocks = 30, .ns = 40, .canary = 157, .regime = 1},
        {.blocks = 25, .ns = 90, .canary = 400, .regime = 2}};
    const struct made b[] = {{.blocks = 30, .ns = 40, .canary = 150, .regime = 0},
        {.blocks = 30, .ns = 10, .canary = 80, .regime = 1},
        {.blocks = 3, .ns = 10, .canary = 1000, .regime = 2}};
    struct compared c = COMPARED(a, b, 0);
    assert_int_equal(c.c.pairs, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(c.c.pair[i].kind, VERDICT_SAME);
        assert_true(c.c.pair[i].b.canary_ns < 1.1 * c.c.pair[i].a.canary_ns);
    }
    assert_int_equal(c.c.singles, 1);
    assert_int_equal(c.c.single[0].why, ALONE_REGIME);
    assert_int_equal(c.c.single[0].side.estimate->regime, 2);
    assert_true(c.c.single[0].judged);
    assert_int_equal(compare_tally(&c.c).unjudged, 0);
    finish(&c);
    c = COMPARED(a, b, 1u << ACROSS_REGIME); /* those with the most blocks */
    assert_int_equal(c.c.pairs, 1);
    finish(&c);
}

/* Without a canary that of the most blocks, whatever its label. */
static void test_without_canary(void **state)
{
    (void)state;
    const struct made a[] = {
        {.blocks = 30, .ns = 10, .regime = 0, .peer = 1, .instrument = "matrix"},
        {.blocks = 60, .ns = 40, .regime = 1, .peer = 1, .instrument = "matrix"}};
    const struct made b[] = {
        {.blocks = 50, .ns = 40, .regime = 0, .peer = 1, .instrument = "matrix"},
        {.blocks = 40, .ns = 10, .regime = 1, .peer = 2, .instrument = "matrix"}};
    struct compared c = COMPARED(a, b, 0);
    assert_int_equal(c.c.pairs, 1);
    assert_int_equal(c.c.pair[0].kind, VERDICT_SAME);
    assert_int_equal(c.c.pair[0].a.estimate->regime, 1);
    assert_int_equal(c.c.singles, 2); /* the rarer regime, and cpu 2 of B */
    finish(&c);
}

static void check_refused(
    const struct made *a, const struct made *b, unsigned across, const char *want)
{
    struct compared c = compared_of(a, 1, b, 1, 0);
    assert_int_equal(c.code, -ENOENT);
    assert_int_equal(c.c.pairs, 0);
    assert_string_equal(c.err.text, want);
    finish(&c);
    c = compared_of(a, 1, b, 1, across);
    assert_int_equal(c.code, 0);
    assert_int_equal(c.c.pairs, 1);
    assert_int_equal(c.c.pair[0].kind, VERDICT_SAME);
    finish(&c);
}

static void test_refused(void **state)
{
    (void)state;
    const struct made a = {.blocks = 30, .ns = 10, .canary = 75};
    struct made b = a;
    b.cpu = "cpu10";
    check_refused(&a, &b, 1u << ACROSS_CPU,
        "nothing to compare: the cpu model differs ('cpu9' and 'cpu10'); --across cpu compares "
        "anyway");
    b = a;
    b.protocol = "other";
    check_refused(&a, &b, 1u << ACROSS_PROTOCOL,
        "nothing to compare: the canary's protocol differs ('turns' and 'other'); --across "
        "protocol compares anyway");
    b = a;
    b.distance = "same core";
    check_refused(&a, &b, 1u << ACROSS_DISTANCE,
        "nothing to compare: the distance between the cpus differs ('same L3' and 'same core'); "
        "--across distance "
        "compares anyway");
    b = a;
    b.canary = 157;
    check_refused(&a, &b, 1u << ACROSS_REGIME,
        "nothing to compare: no regime in common (canaries of 75 and 157 ns a round trip); "
        "--across regime compares "
        "those with the most blocks");
}

static void test_nothing_in_common(void **state)
{
    (void)state;
    const struct made a[] = {{.blocks = 30, .ns = 10, .canary = 75}};
    const struct made b[] = {{.blocks = 30, .ns = 10, .canary = 75, .op = "cas"}};
    const struct made none[] = {{.blocks = 0}};
    struct compared c = COMPARED(a, b, 15);
    assert_int_equal(c.code, -ENOENT);
    assert_string_equal(c.err.text, "nothing to compare: no variant is in both x.csv and x.csv");
    assert_int_equal(c.c.singles, 2);
    finish(&c);
    c = COMPARED(a, none, 0);
    assert_int_equal(c.code, -ENOENT);
    assert_string_equal(c.err.text, "nothing to compare: the second file has no rows");
    finish(&c);
}

static void test_too_few_blocks(void **state)
{
    (void)state;
    const struct made a[] = {{.blocks = 30, .ns = 10, .canary = 75}};
    const struct made b[] = {{.blocks = 19, .ns = 30, .canary = 75}};
    struct compared c = COMPARED(a, b, 0);
    assert_int_equal(c.c.pairs, 1);
    assert_int_equal(c.c.pair[0].kind, VERDICT_NONE);
    assert_true(isnan(c.c.pair[0].ratio.low) && c.c.pair[0].ratio.mid > 2.9);
    assert_int_equal(compare_tally(&c.c).unjudged, 1);
    assert_int_equal(compare_tally(&c.c).worse, 0);
    finish(&c);
}

/* Runs of one host meet first, then in the order of the files. */
static void test_several_runs(void **state)
{
    (void)state;
    const struct made a[] = {{.run = "a1", .host = "one", .blocks = 30, .ns = 10, .canary = 75},
        {.run = "a2", .host = "two", .blocks = 30, .ns = 20, .canary = 75},
        {.run = "a3", .host = "two", .blocks = 30, .ns = 30, .canary = 75}};
    const struct made b[] = {{.run = "b1", .host = "two", .blocks = 30, .ns = 20, .canary = 75},
        {.run = "b2", .host = "new", .blocks = 30, .ns = 10, .canary = 75}};
    struct compared c = COMPARED(a, b, 0);
    assert_int_equal(c.c.pairs, 2);
    assert_string_equal(c.c.pair[0].a.run->run_id, "a1");
    assert_string_equal(c.c.pair[0].b.run->run_id, "b2");
    assert_string_equal(c.c.pair[1].a.run->run_id, "a2");
    assert_string_equal(c.c.pair[1].b.run->run_id, "b1");
    assert_int_equal(c.c.singles, 1);
    assert_int_equal(c.c.single[0].why, ALONE_RUN);
    assert_string_equal(c.c.single[0].side.run->run_id, "a3");
    finish(&c);
}

static int ratio_of(const double *a, size_t a_count, const double *b, size_t b_count,
    struct interval *ratio, double *delta)
{
    const struct compare_series x = {.ns = a, .count = a_count}, y = {.ns = b, .count = b_count};
    return compare_ratio(&x, &y, ratio, delta);
}

static void test_delta(void **state)
{
    (void)state;
    struct interval ratio;
    double delta;
    /* python3: sum((y > x) - (y < x) for x in (1, 2, 3) for y in (2, 3, 4)) / 9 */
    assert_int_equal(ratio_of((double[]){3, 1, 2}, 3, (double[]){4, 2, 3}, 3, &ratio, &delta), 0);
    assert_float_equal(delta, 5.0 / 9, 1e-12);
    assert_float_equal(ratio.mid, 1.5, 0);
    assert_int_equal(ratio_of((double[]){1, 1}, 2, (double[]){1}, 1, &ratio, &delta), 0);
    assert_float_equal(delta, 0, 0);
    assert_int_equal(ratio_of((double[]){1}, 1, NULL, 0, &ratio, &delta), 0);
    assert_true(isnan(ratio.mid) && isnan(delta));
    assert_int_equal(ratio_of((double[]){0}, 1, (double[]){1}, 1, &ratio, &delta), 0);
    assert_true(isnan(ratio.mid));
}

/* A series against itself: they count as measured apart, or the interval would have no width. */
static void test_not_taken_as_paired(void **state)
{
    (void)state;
    double value[40];
    struct rng rng;
    struct interval ratio, one;
    double delta;
    rng_seed(&rng, 3);
    for (size_t i = 0; i < 40; i++)
        value[i] = 10 + normal(&rng);
    assert_int_equal(ratio_of(value, 40, value, 40, &ratio, &delta), 0);
    assert_int_equal(stats_interval(value, NULL, 40, &one), 0);
    assert_true(interval_width(ratio) > 1.1 * interval_width(one));
    assert_true(ratio.low < 1 && ratio.high > 1);
}
