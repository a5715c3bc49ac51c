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
        .user = 1,
        .alone_user = 1,
        .threads = THREADS,
        .cpus = 2};
    for (uint32_t i = 0; i < 2; i++)
        m->thread[i] = (struct pattern_thread){.slot = i + 1, .ops = OPS, .active = 1};
    m->pattern = (struct pattern){.thread = m->thread, .threads = 2, .items = 1};
}

#define NEAR(a, b) assert_true(fabs((double)(a) - (double)(b)) < 1e-6 * (double)(b))

static double fixed_by_share(struct made *m, double share)
{
    struct price_block block;
    price_save_share(&m->program, &m->pattern, share, m->saved_ns, &block);
    return price_elapsed_ns(&m->program, m->saved_ns);
}

static double share_of(struct made *m, double now, double fixed, double alone)
{
    return price_share(&m->pattern, &(struct price_times){.now = (double[]){now, now},
                                        .fixed = (double[]){fixed, fixed},
                                        .alone = (double[]){alone, alone}});
}

static void the_replay_shows_which_share_a_fix_saves(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    NEAR(share_of(&m, 10, 4, 4), 1);
    NEAR(share_of(&m, 10, 7, 4), 0.5);
    assert_true(share_of(&m, 10, 12, 4) == 0); /* what would cost saves nothing */
    assert_true(isnan(share_of(&m, 4, 4, 4))); /* nothing is shared there */
    assert_true(isnan(share_of(&m, NAN, NAN, NAN)));
}

static void that_share_of_what_the_program_loses_is_saved(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    NEAR(fixed_by_share(&m, 1), 5000);
    make(&m, 11000, 10000, 4000);
    NEAR(fixed_by_share(&m, 0.5), 8000);
    make(&m, 11000, 10000, 4000);
    NEAR(fixed_by_share(&m, 0), 11000);
}

/* As in a program whose threads wake each other: that takes the kernel's time. */
static void only_user_time_is_saved(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    m.program.user = 0.45;
    NEAR(fixed_by_share(&m, 1), 10500);
}

static void the_longest_thread_decides(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    m.cpu_ns[1] = m.alone_ns[1] = 9000; /* it loses nothing, and is then the longest */
    NEAR(fixed_by_share(&m, 1), 10000);
}

static void with_more_threads_than_cpus_all_count(void **state)
{
    (void)state;
    struct made m;
    make(&m, 22000, 10000, 4000);
    m.program.cpus = 1;
    NEAR(fixed_by_share(&m, 1), 10000);
}

/* Others used the cpus for a fifth of 12,500 ns, and will for a fifth of what is left. */
static void waiting_for_others_shrinks_with_the_time(void **state)
{
    (void)state;
    struct made m;
    make(&m, 13000, 10000, 4000);
    m.program.waited = 0.25;
    NEAR(fixed_by_share(&m, 1), 500 + 5000);
}

static void waiting_for_each_other_is_counted_once(void **state)
{
    (void)state;
    struct made m;
    make(&m, 22000, 10000, 4000);
    m.program.cpus = 1;
    m.program.waited = 1;
    NEAR(fixed_by_share(&m, 1), 10000);
    make(&m, 25000, 10000, 4000);
    m.program.cpus = 1;
    m.program.waited = 1.4; /* each had the cpu for 10,000 of 24,000 ns */
    NEAR(fixed_by_share(&m, 1), 25000 - 1.2 * 12000);
}

static void without_a_run_alone_the_ratio_tells(void **state)
{
    (void)state;
    struct made m;
    struct price_block block;
    make(&m, 11000, 10000, 4000);
    m.program.alone = false;
    NEAR(price_target_ns(&m.program, &m.pattern, 0), 10);
    price_save_ratio(&m.program, &m.pattern,
        &(struct price_times){.now = (double[]){10, 10}, .fixed = (double[]){5, 5}}, m.saved_ns,
        &block);
    NEAR(price_elapsed_ns(&m.program, m.saved_ns), 6000);
    NEAR(block.shared_ns, 10);
    NEAR(block.padded_ns, 5);
}

static void what_does_not_happen_would_cost(void **state)
{
    (void)state;
    struct made m;
    struct price_block block;
    make(&m, 5000, 4000, 4000);
    price_cost_ratio(&m.program, &m.pattern,
        &(struct price_times){.now = (double[]){10, 10}, .fixed = (double[]){4, 4}}, m.saved_ns,
        &block);
    NEAR(price_elapsed_ns(&m.program, m.saved_ns), 11000);
    NEAR(block.shared_ns, 10);
    NEAR(block.padded_ns, 4);
}

static void presence_is_of_the_busiest_thread(void **state)
{
    (void)state;
    struct made m;
    make(&m, 11000, 10000, 4000);
    m.thread[1].active = 0.02;
    double presence[2];
    price_presence(&m.program, &m.pattern, presence);
    NEAR(presence[0], 1);
    NEAR(presence[1], 0.02);
}

static void rare_accesses_rest(void **state)
{
    (void)state;
    struct made m;
    struct price_block block;
    const double none[] = {NAN, NAN};
    make(&m, 2e9, 1e9, 1e9);
    m.thread[0].ops = 10; /* one in 0.1 s */
    assert_true(isnan(price_target_ns(&m.program, &m.pattern, 0)));
    price_save_ratio(
        &m.program, &m.pattern, &(struct price_times){none, none, none}, m.saved_ns, &block);
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

static void goroutines_are_weighed_by_accesses(void **state)
{
    (void)state;
    struct record_thread t[] = {{.tid = 10, .cpu_ns = 400}, {.coroutine = 1, .accesses = 300},
        {.coroutine = 1, .accesses = 100}};
    const struct recording r = {.header = {.coroutines_created = 2}, .thread = t, .threads = 3};
    double out[3];
    assert_false(price_threads(&r, (double[]){1, 7, 9}, 3, 40, out));
    assert_true(out[0] == 0);
    NEAR(out[1], 30);
    NEAR(out[2], 10);
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

/* 15% of what is saved where little is, a quarter of what is left where most is. */
static void an_interval_is_as_wide_as_the_model_is_wrong(void **state)
{
    (void)state;
    struct price small = {.known = true, .happens = true, .speedup = {1.25, 1.25, 1.25, 20}},
                 large = {.known = true, .happens = true, .speedup = {10, 10, 10, 20}};
    price_judge(&small);
    NEAR(small.speedup.low, 1 / (0.8 + 0.15 * 0.2));
    NEAR(small.speedup.high, 1 / (0.8 - 0.15 * 0.2));
    price_judge(&large);
    NEAR(large.speedup.low, 8);
    NEAR(large.speedup.high, 1 / 0.075);
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
    assert_string_equal(text, "fixing it makes the program 2.10 times as fast (2.10 to 2.10)");
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
