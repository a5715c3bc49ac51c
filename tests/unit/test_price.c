/* SPDX-License-Identifier: MIT
 * analysis/price/price: replayed times and plain runs, made up, composed to a program's time. */
#include "tests/test.h"

#include "analysis/price/price.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { THREADS = 3, OPS = 1000 };

/* Thread 0 is main, which only waits. */
struct made {
    double cpu_ns[THREADS], alone_ns[THREADS], saved_ns[THREADS];
    struct price_program program;
    struct pattern_thread thread[2];
    struct pattern pattern;
};

static void make(struct made *m, double elapsed_ns, double cpu_ns, double alone_ns)
{
    *m = (struct made){.cpu_ns = {0, cpu_ns, cpu_ns}, .alone_ns = {0, alone_ns, alone_ns}};
    m->program = (struct price_program){.elapsed_ns = elapsed_ns,
        .cpu_ns = m->cpu_ns,
        .alone_ns = m->alone_ns,
        .alone = true,
        .threads = THREADS,
        .cpus = 2};
    for (uint32_t i = 0; i < 2; i++)
        m->thread[i] = (struct pattern_thread){.slot = i + 1, .ops = OPS, .active = 1};
    m->pattern = (struct pattern){.thread = m->thread, .threads = 2, .happens = true};
}

static double fixed(struct made *m, const double shared_ns[2], const double padded_ns[2])
{
    struct price_block block;
    price_save(&m->program, &m->pattern, shared_ns, padded_ns, m->saved_ns, &block);
    return price_elapsed_ns(&m->program, m->saved_ns);
}

#define NEAR(a, b) assert_true(fabs((double)(a) - (double)(b)) < 1e-6 * (double)(b))

static void what_the_replay_explains_is_saved(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    NEAR(fixed(&m, (double[]){10, 10}, (double[]){4, 4}), 5000);
}

static void what_it_does_not_explain_stays(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    NEAR(fixed(&m, (double[]){7, 7}, (double[]){4, 4}), 8000); /* half of the 6 ns */
    make(&m, 11000, 10000, 4000);
    NEAR(fixed(&m, (double[]){4, 4}, (double[]){4, 4}), 11000);
}

static void no_more_is_saved_than_the_program_loses(void **state)
{
    (void)state;
    struct made m;
    make(&m, 5000, 4400, 4000);
    NEAR(fixed(&m, (double[]){100, 100}, (double[]){4, 4}), 4600);
}

static void the_longest_thread_decides(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    m.cpu_ns[1] = m.alone_ns[1] = 9000; /* it loses nothing, and is then the longest */
    NEAR(fixed(&m, (double[]){9, 10}, (double[]){9, 4}), 10000);
}

static void with_more_threads_than_cpus_all_count(void **state)
{
    (void)state;
    struct made m;
    make(&m, 22000, 10000, 4000);
    m.program.cpus = 1;
    NEAR(fixed(&m, (double[]){10, 10}, (double[]){4, 4}), 10000);
}

static void without_a_run_alone_the_ratio_tells(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    m.program.alone = false;
    assert_int_equal(price_place(&m.program, &m.pattern), PATTERN_SHARED);
    NEAR(price_target_ns(&m.program, &m.pattern, 0), 10);
    NEAR(fixed(&m, (double[]){10, 10}, (double[]){5, 5}), 6000);
}

static void what_does_not_happen_would_cost(void **state)
{
    (void)state;
    struct made m;
    make(&m, 5000, 4000, 4000);
    m.pattern.happens = false;
    assert_int_equal(price_place(&m.program, &m.pattern), PATTERN_PADDED);
    NEAR(fixed(&m, (double[]){10, 10}, (double[]){4, 4}), 11000);
}

static void rare_accesses_rest(void **state)
{
    (void)state;
    struct made m;
    make(&m, 2e9, 1e9, 1e9);
    m.thread[0].ops = 10; /* one in 0.1 s */
    assert_true(isnan(price_target_ns(&m.program, &m.pattern, 0)));
    struct price_block block;
    price_save(
        &m.program, &m.pattern, (double[]){NAN, NAN}, (double[]){NAN, NAN}, m.saved_ns, &block);
    assert_true(isnan(block.shared_ns));
    NEAR(price_elapsed_ns(&m.program, m.saved_ns), 2e9);
}

static void a_run_that_spun_on_its_cpu_tells_nothing(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    assert_true(price_is_alone(&m.program, 8100));
    assert_false(price_is_alone(&m.program, 4000)); /* it ran on two cpus */
    make(&m, 11000, 10000, 30000);
    assert_false(price_is_alone(&m.program, 61000));
}

static void threads_are_matched_by_creation_or_by_share(void **state)
{
    (void)state;
    struct record_thread t[] = {{.tid = 10, .lives = 1, .cpu_ns = 0},
        {.tid = 30, .lives = 1, .cpu_ns = 300}, {.tid = 20, .lives = 1, .cpu_ns = 100}};
    const struct recording r = {.thread = t, .threads = 3};
    double out[3];
    assert_true(price_threads(&r, (double[]){1, 7, 9}, 3, 17, out));
    NEAR(out[0], 1);
    NEAR(out[1], 9);
    NEAR(out[2], 7);
    assert_false(price_threads(&r, (double[]){1, 7}, 2, 40, out));
    NEAR(out[1], 30);
    NEAR(out[2], 10);
    t[2].lives = 2;
    assert_false(price_threads(&r, (double[]){1, 7, 9}, 3, 40, out));
}

static struct price folded(double elapsed, double after, size_t blocks, bool happens)
{
    struct price_block block[40];
    struct price p;
    for (size_t i = 0; i < blocks; i++)
        block[i] = (struct price_block){.elapsed_ns = elapsed * (1 + 0.001 * (double)(i % 3)),
            .fixed_ns = after,
            .shared_ns = 10,
            .padded_ns = 4,
            .fit = 1};
    assert_int_equal(price_fold(block, blocks, happens, &p), 0);
    return p;
}

static void verdicts_need_an_interval(void **state)
{
    (void)state;
    assert_int_equal(folded(20, 10, 30, true).verdict, PRICE_GAIN);
    assert_int_equal(folded(10, 10, 30, true).verdict, PRICE_NONE);
    assert_int_equal(folded(8, 10, 30, true).verdict, PRICE_LOSS);
    assert_int_equal(folded(20, 10, 5, true).verdict, PRICE_UNDECIDED);
    assert_int_equal(folded(10, 20, 30, false).verdict, PRICE_GAIN);
    assert_false(folded(10, 10, 0, true).known);
}

static void the_text_says_it(void **state)
{
    (void)state;
    char text[300];
    struct price p = folded(21, 10, 30, true);
    price_text(&p, text, sizeof text);
    assert_string_equal(text, "fixing it makes the program 2.1 times as fast (2.1 to 2.1)");
    p = folded(10, 10, 30, true);
    price_text(&p, text, sizeof text);
    assert_non_null(strstr(text, "no significant gain"));
    p = folded(20, 10, 1, true);
    price_text(&p, text, sizeof text);
    assert_non_null(strstr(text, "1 run, too few"));
    p = folded(20, 10, 0, true);
    err_set(&p.why, -1, "because");
    price_text(&p, text, sizeof text);
    assert_string_equal(text, "not known: because");
}
