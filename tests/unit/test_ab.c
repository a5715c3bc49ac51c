/* SPDX-License-Identifier: MIT
 * analysis/ab: estimates, verdicts, gate and joined sessions, and how often the intervals cover. */
#include "tests/test.h"

#include "analysis/ab/ab_csv.h"
#include "analysis/ab/ab_join.h"
#include "analysis/ab/ab_verdict.h"
#include "base/grow.h"
#include "tests/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAMS = 2 };

/* What the simulated machine does. */
struct noise {
    double ratio, control;         /* of b and of the control to a */
    double drift, single, outlier; /* deviations of a block and of a run; share of outliers */
};

static void add_run(struct ab_session *s, unsigned block, unsigned slot, double wall)
{
    assert_int_equal(GROW(s->run, s->runs), 0);
    s->run[s->runs++] = (struct ab_run){.block = block,
        .slot = slot,
        .accepted = true,
        .reject_reason = "",
        .value = {wall, 0.9 * wall, NAN, 3, 100 / wall},
        .canary_ns = 100,
        .canary_after_ns = 100,
        .round_trip_ns = NAN};
}

static struct ab_session new_session(void)
{
    return (struct ab_session){.id = "1",
        .started_at = "2026-11-27T00:00:00Z",
        .host = "here",
        .cpu_model = "cpu, of some kind",
        .kernel = "6",
        .version = "1",
        .cpus = "0,1",
        .seed = 7,
        .programs = PROGRAMS,
        .command = {"./old", "./new \"1\""}};
}

/* Drift is what the runs of a block have in common; noise only makes a run longer, as on a machine
 * that others use. */
static void add_blocks(
    struct ab_session *s, const struct noise *noise, struct rng *rng, unsigned from, unsigned to)
{
    const double truth[PROGRAMS + 1] = {1, noise->ratio, noise->control};
    for (unsigned block = from; block < to; block++) {
        const double drift = exp(noise->drift * normal(rng));
        for (unsigned slot = 0; slot <= PROGRAMS; slot++) {
            double wall = truth[slot] * drift * exp(noise->single * fabs(normal(rng)));
            if (uniform(rng) < noise->outlier)
                wall *= 1 + uniform(rng);
            add_run(s, block, slot, wall);
        }
    }
}

static const struct noise noisy = {1, 1, 0.05, 0.02, 0.05};
static const struct ab_rule rule = {.judged = AB_WALL, .precision = 0.01};

static void judge_blocks(const struct noise *noise, unsigned blocks, uint64_t seed,
    const struct ab_rule *how, struct ab_verdicts *out)
{
    struct ab_session s = new_session();
    struct ab_summary summary;
    struct rng rng;
    rng_seed(&rng, seed);
    add_blocks(&s, noise, &rng, 0, blocks);
    assert_int_equal(ab_summarise(&s, &summary), 0);
    assert_int_equal(summary.blocks, blocks);
    ab_judge(&summary, how, out);
    free(s.run);
}

static struct noise with(double ratio, double control)
{
    struct noise noise = noisy;
    noise.ratio = ratio;
    noise.control = control;
    return noise;
}

static void equal_programs_are_the_same(void **state)
{
    (void)state;
    struct ab_verdicts v;
    char text[AB_VERDICT_TEXT];
    judge_blocks(&noisy, 200, 1, &rule, &v);
    assert_int_equal(v.kind[1], VERDICT_SAME);
    assert_false(v.cannot_tell);
    ab_verdict_text(&v, AB_WALL, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_non_null(strstr(text, "b and a: no difference found, "));
}

static void a_slower_program_is_found(void **state)
{
    (void)state;
    struct ab_verdicts v;
    char text[AB_VERDICT_TEXT];
    const struct noise slower = with(1.03, 1), faster = with(0.5, 1);
    judge_blocks(&slower, 200, 1, &rule, &v);
    assert_int_equal(v.kind[1], VERDICT_SLOWER);
    judge_blocks(&faster, 40, 1, &rule, &v);
    assert_int_equal(v.kind[1], VERDICT_FASTER);
    ab_verdict_text(&v, AB_WALL, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_non_null(strstr(text, "b is faster than a: 0.50× (0."));
    ab_verdict_text(&v, AB_MEMORY, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_non_null(strstr(text, "b needs less memory than a: "));
}

static void few_blocks_decide_nothing(void **state)
{
    (void)state;
    struct ab_verdicts v;
    char text[AB_VERDICT_TEXT];
    const struct noise slower = with(2, 1);
    judge_blocks(&slower, STATS_BLOCKS_MIN - 1, 1, &rule, &v);
    assert_int_equal(v.kind[1], VERDICT_NONE);
    assert_true(v.gate_unknown);
    assert_false(ab_precise(&v, 1));
    ab_verdict_text(&v, AB_WALL, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_string_equal(text, "b and a: undecided, 19 of 20 blocks that are needed");
}

static void a_control_that_differs_decides_nothing(void **state)
{
    (void)state;
    struct ab_verdicts v;
    char text[AB_VERDICT_TEXT];
    const struct noise broken = with(1.5, 1.05);
    const struct ab_rule gated = {.judged = AB_WALL, .precision = 0.01, .gate = 0.02};
    judge_blocks(&broken, 200, 1, &gated, &v);
    assert_true(v.cannot_tell);
    assert_true(v.gate_unknown);
    assert_false(v.gate_failed);
    ab_verdict_text(&v, AB_WALL, 1, "blocks", STATS_BLOCKS_MIN, text);
    assert_non_null(strstr(text, "this machine cannot decide: a differs from itself"));
}

static void the_gate_fails_on_more_than_it_allows(void **state)
{
    (void)state;
    static const struct {
        double ratio, gate;
        bool fails;
    } rows[] = {{1.10, 0.02, true}, {1.03, 0.10, false}, {0.9, 0.02, false}, {1.10, 0, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ab_verdicts v;
        const struct noise noise = with(rows[i].ratio, 1);
        const struct ab_rule gated = {.judged = AB_WALL, .precision = 0.01, .gate = rows[i].gate};
        judge_blocks(&noise, 200, 1, &gated, &v);
        assert_int_equal(v.gate_failed, rows[i].fails);
    }
}

static void kinds_follow_the_interval(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        enum verdict_kind kind;
    } rows[] = {{1.004, 1.010, VERDICT_SAME}, {1.006, 1.010, VERDICT_SLOWER},
        {0.980, 0.990, VERDICT_FASTER}, {0.990, 1.020, VERDICT_OPEN}, {0.997, 1.004, VERDICT_SAME},
        {NAN, NAN, VERDICT_NONE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double low = rows[i].low, high = rows[i].high;
        const struct interval ratio = {low, (low + high) / 2, high, 40};
        assert_int_equal(ab_kind(ratio, 0.005), rows[i].kind);
    }
}

static void disturbed_and_cut_blocks_do_not_count(void **state)
{
    (void)state;
    struct ab_session s = new_session();
    struct ab_summary summary;
    struct rng rng;
    rng_seed(&rng, 1);
    add_blocks(&s, &noisy, &rng, 0, 30);
    for (unsigned i = 0; i <= PROGRAMS; i++)
        s.run[i].accepted = false;
    s.runs--;
    assert_int_equal(ab_summarise(&s, &summary), 0);
    assert_int_equal(summary.blocks, 28);
    assert_int_equal(summary.rejected, 1);
    assert_int_equal(summary.of[1].ratio[AB_WALL].n, 28);
    assert_int_equal(summary.of[1].ratio[AB_MEMORY].n, 0);
    free(s.run);
}

/* As a command does: looks, and stops at the first that is precise. */
static bool covers_when_stopped(const struct noise *noise, struct rng *rng, struct ab_summary *out)
{
    enum { MOST = 400 };
    struct ab_session s = new_session();
    struct ab_verdicts v;
    unsigned blocks = 0;
    do {
        const unsigned next = (unsigned)stats_next_look(blocks);
        add_blocks(&s, noise, rng, blocks, next);
        blocks = next;
        assert_int_equal(ab_summarise(&s, out), 0);
        ab_judge(out, &rule, &v);
    } while (!ab_precise(&v, rule.precision) && blocks < MOST);
    free(s.run);
    const struct interval ratio = out->of[1].ratio[AB_WALL];
    return ratio.low <= noise->ratio && ratio.high >= noise->ratio;
}

static void intervals_cover_the_ratio_of_noisy_series(void **state)
{
    (void)state;
    enum { RUNS = 1000 };
    const struct noise noise[] = {noisy, with(1.02, 1), with(2, 1)};
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        struct rng rng;
        struct ab_summary summary;
        struct ab_verdicts v;
        unsigned hits = 0, wrong = 0, undecidable = 0;
        rng_seed(&rng, 11 + i);
        for (unsigned run = 0; run < RUNS; run++) {
            hits += covers_when_stopped(&noise[i], &rng, &summary);
            ab_judge(&summary, &rule, &v);
            undecidable += v.cannot_tell;
            wrong += v.kind[1] == (noise[i].ratio > 1 ? VERDICT_FASTER : VERDICT_SLOWER);
        }
        print_message("ratio %.2f: covered %.1f%%, wrong way %.1f%%, control differs %.1f%%\n",
            noise[i].ratio, 100.0 * hits / RUNS, 100.0 * wrong / RUNS, 100.0 * undecidable / RUNS);
        assert_true(hits >= 0.93 * RUNS);
        assert_true(wrong <= 0.01 * RUNS && undecidable <= 0.02 * RUNS);
    }
}

/* Each session shifts the ratio by a deviation of 2%, which no number of blocks shows. */
static bool sessions_cover(struct rng *rng, size_t count)
{
    struct ab_summary of[8], joined;
    for (size_t i = 0; i < count; i++) {
        struct ab_session s = new_session();
        const struct noise noise = with(1.1 * exp(0.02 * normal(rng)), 1);
        add_blocks(&s, &noise, rng, 0, STATS_BLOCKS_MIN);
        assert_int_equal(ab_summarise(&s, &of[i]), 0);
        free(s.run);
    }
    ab_join(of, count, &joined);
    const struct interval ratio = joined.of[1].ratio[AB_WALL];
    assert_int_equal(ratio.n, count);
    return ratio.low <= 1.1 && ratio.high >= 1.1;
}

static void joined_sessions_cover_what_one_does_not(void **state)
{
    (void)state;
    enum { RUNS = 1000 };
    struct rng rng;
    rng_seed(&rng, 3);
    for (size_t count = AB_SESSIONS_MIN; count <= 8; count += 5) {
        unsigned hits = 0;
        for (unsigned run = 0; run < RUNS; run++)
            hits += sessions_cover(&rng, count);
        print_message("%zu sessions: %.1f%%\n", count, 100.0 * hits / RUNS);
        assert_true(hits >= 0.95 * RUNS);
    }
}

static void two_sessions_have_no_interval(void **state)
{
    (void)state;
    struct ab_session s = new_session();
    struct ab_summary of[2], joined;
    struct rng rng;
    rng_seed(&rng, 1);
    add_blocks(&s, &noisy, &rng, 0, 30);
    assert_int_equal(ab_summarise(&s, &of[0]), 0);
    of[1] = of[0];
    ab_join(of, 2, &joined);
    assert_int_equal(joined.of[1].ratio[AB_WALL].n, 2);
    assert_true(isnan(joined.of[1].ratio[AB_WALL].low));
    assert_true(fabs(joined.of[1].ratio[AB_WALL].mid / of[0].of[1].ratio[AB_WALL].mid - 1) < 1e-9);
    assert_true(isnan(joined.of[1].value[AB_MEMORY].mid));
    free(s.run);
}

/* A CSV in memory; the caller frees it. */
static char *written(const struct ab_session *s)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    assert_non_null(out);
    ab_csv_write(s, out);
    fclose(out);
    char *const copy = strdup(text);
    free(text);
    return copy;
}

static int read_text(const char *text, struct ab_sessions *sessions, struct err *err)
{
    FILE *const in = fmemopen((char *)text, strlen(text), "r");
    assert_non_null(in);
    const int code = ab_csv_read(in, "a.csv", sessions, err);
    fclose(in);
    return code;
}

static void a_session_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct ab_session s = new_session();
    struct ab_sessions read = {0};
    struct rng rng;
    struct err err = {0};
    rng_seed(&rng, 1);
    add_blocks(&s, &noisy, &rng, 0, 5);
    s.run[4].accepted = false;
    s.run[4].reject_reason = "canary moved";
    char *const text = written(&s);
    assert_int_equal(read_text(text, &read, &err), 0);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.session[0].programs, PROGRAMS);
    assert_string_equal(read.session[0].command[1], s.command[1]);
    assert_string_equal(read.session[0].cpu_model, s.cpu_model);
    assert_int_equal(read.session[0].runs, s.runs);
    for (size_t i = 0; i < s.runs; i++) {
        assert_int_equal(read.session[0].run[i].slot, s.run[i].slot);
        assert_int_equal(read.session[0].run[i].accepted, s.run[i].accepted);
        assert_true(
            fabs(read.session[0].run[i].value[AB_WALL] / s.run[i].value[AB_WALL] - 1) < 1e-8);
        assert_true(isnan(read.session[0].run[i].value[AB_MEMORY]));
    }
    assert_int_equal(read_text(text, &read, &err), -EINVAL);
    assert_non_null(strstr(err.text, "session 1 is also in a file before"));
    ab_sessions_fini(&read);
    free(text);
    free(s.run);
}

static void broken_files_are_refused_in_one_line(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *why;
    } rows[] = {
        {"ab_schema", "schema", "a.csv:1: column 'ab_schema' is missing"},
        {"\r\n1,", "\r\nx,", "a.csv:2: column 'ab_schema': 'x' is not a count"},
        {",control,", ",e,", "column 'program': 'e' is not a, b, c, d or control"},
        {",b,", ",c,", "has no run of program b"},
        {",canary moved,", ",,nan", "is not a number"},
    };
    struct ab_session s = new_session();
    add_run(&s, 0, 0, 1);
    add_run(&s, 0, 1, 1);
    add_run(&s, 0, 2, 1);
    s.run[0].reject_reason = "canary moved";
    char *const text = written(&s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char broken[4096];
        struct ab_sessions read = {0};
        struct err err = {0};
        const char *const at = strstr(text, rows[i].from);
        assert_non_null(at);
        snprintf(broken, sizeof broken, "%.*s%s%s", (int)(at - text), text, rows[i].to,
            at + strlen(rows[i].from));
        assert_int_equal(read_text(broken, &read, &err), -EINVAL);
        if (!strstr(err.text, rows[i].why))
            fail_msg("'%s', not '%s'", err.text, rows[i].why);
        ab_sessions_fini(&read);
    }
    free(text);
    free(s.run);
}

static void other_programs_are_not_joined(void **state)
{
    (void)state;
    struct ab_session s[2] = {new_session(), new_session()};
    struct err err = {0};
    assert_int_equal(ab_check_sessions(s, 2, &err), 0);
    s[1].command[1] = "./other";
    assert_int_equal(ab_check_sessions(s, 2, &err), -EINVAL);
    assert_non_null(strstr(err.text, "program b is './new \"1\"' in one session and './other'"));
    s[1].programs = 3;
    assert_int_equal(ab_check_sessions(s, 2, &err), -EINVAL);
}
