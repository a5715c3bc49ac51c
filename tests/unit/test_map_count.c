/* SPDX-License-Identifier: MIT
 * analysis/maps/map_count: what rwlock's reader count costs, from rows of costs that are made up
 * here. */
#include "analysis/maps/map_count.h"
#include "tests/made.h"

/* Under a load of `what`, on two threads at a canary of 80 ns. */
static void push_strategy(
    struct samples *samples, const char *strategy, const char *what, int64_t threads, double ns)
{
    struct sample row = made_row("maps", 0);
    row.layout = strategy;
    row.op = "load";
    row.load = what;
    row.threads = threads;
    for (row.block = 0; row.block < MADE_BLOCKS; row.block++)
        made_push(samples, row, ns);
}

static struct sample cost_row(double canary_ns)
{
    struct sample row = made_row("costs", 0);
    row.run_id = "fedcba9876543210";
    row.op = "add";
    row.canary_ns = canary_ns;
    return row;
}

/* An add to a line that is here, or that another has written. */
static void push_price(
    struct samples *samples, const char *distance, double canary_ns, int64_t blocks, double ns)
{
    struct sample row = cost_row(canary_ns);
    row.layout = "line";
    row.state = "modified";
    row.home = "local";
    row.role = "requester";
    row.distance = distance;
    for (row.block = 0; row.block < blocks; row.block++)
        made_push(samples, row, ns);
}

/* All threads at once, and each on its own line. */
static void push_hold(struct samples *samples, int64_t threads, double contended, double alone)
{
    struct sample row = cost_row(80);
    row.role = "contender";
    row.mode = "throughput";
    row.threads = threads;
    row.transfers = 500;
    for (row.block = 0; row.block < MADE_BLOCKS; row.block++) {
        row.layout = "hold";
        row.align_bytes = 8;
        row.reference_for = "";
        made_push(samples, row, contended);
        row.layout = "isolated";
        row.align_bytes = SAMPLE_NONE;
        row.reference_for = "hold";
        made_push(samples, row, alone);
    }
}

/* Ends the samples. */
static void check_text(struct samples *samples, const char *expected)
{
    char text[MAP_COUNT_TEXT];
    struct map_table table;
    struct dataset dataset = made_dataset(samples);
    assert_int_equal(map_table_build(&dataset.summary, &table), 0);
    map_count_text(&dataset.summary, &table.group[table.groups - 1], text);
    assert_string_equal(text, expected);
    map_table_fini(&table);
    dataset_fini(&dataset);
    *samples = (struct samples){0};
}

static const char reads[] = "get=95 put=5, 100 keys, uniform, 8 B";

static void two_adds_are_stated_beside_the_time_of_a_read(void **state)
{
    (void)state;
    struct samples s = {0};
    push_strategy(&s, "rwlock", reads, 2, 95);
    push_price(&s, "same cpu", 80, MADE_BLOCKS, 5);
    push_price(&s, "same L3", 80, MADE_BLOCKS, 41);
    check_text(&s,
        "Each read by rwlock adds to its reader count twice: where another thread has just written "
        "the line, an add takes 41.0 ns (40.6–41.4), and 5.00 alone: about 72.0 ns (71.1–72.9) of "
        "the 95.0 ns of an op with 2 threads");
}

/* Not all adds find the line elsewhere; and a lock with a count for each thread is named. */
static void more_than_a_read_takes_is_said_so(void **state)
{
    (void)state;
    struct samples s = {0};
    push_strategy(&s, "rwlock", reads, 2, 50);
    push_strategy(&s, "brlock", reads, 2, 12);
    push_price(&s, "same cpu", 80, MADE_BLOCKS, 5);
    push_price(&s, "same L3", 80, MADE_BLOCKS, 41);
    check_text(&s,
        "Each read by rwlock adds to its reader count twice: where another thread has just written "
        "the line, an add takes 41.0 ns (40.6–41.4), and 5.00 alone: twice that is more than the "
        "50.0 ns of an op with 2 threads, whose adds often find the line still there; with a count "
        "for each thread, as brlock has, an op takes 12.0");
}

/* Where many add at once, an add waits for more than one other. */
static void many_threads_queue_for_the_line(void **state)
{
    (void)state;
    struct samples s = {0};
    push_strategy(&s, "rwlock", reads, 8, 900);
    push_price(&s, "same cpu", 80, MADE_BLOCKS, 5);
    push_price(&s, "same L3", 80, MADE_BLOCKS, 41);
    push_hold(&s, 8, 300, 4);
    check_text(&s,
        "Each read by rwlock adds to its reader count twice: while 8 threads add to one line, an "
        "add takes 300 ns (297–303), and 4.00 alone: about 592 ns (586–598) of the 900 ns of an op "
        "with 8 threads");
    push_strategy(&s, "rwlock", reads, 8, 900);
    push_price(&s, "same cpu", 80, MADE_BLOCKS, 5);
    push_price(&s, "same L3", 80, MADE_BLOCKS, 41);
    push_hold(&s, 8, 10, 4);
    push_hold(&s, 16, 300, 4); /* of other threads than the load had */
    check_text(&s,
        "Each read by rwlock adds to its reader count twice: where another thread has just written "
        "the line, an add takes 41.0 ns (40.6–41.4), and 5.00 alone: about 72.0 ns (71.1–72.9) of "
        "the 900 ns of an op with 8 threads");
}

/* One price or another is missing, or it is of another machine, distance or level; or threads wait
 * for a cpu rather than for the line. */
static void what_was_not_measured_is_not_said(void **state)
{
    (void)state;
    static const struct {
        const char *strategy, *what, *near, *far;
        int64_t threads, blocks;
        double canary_ns;
    } cases[] = {
        {"rwlock", reads, "same cpu", "same L3", 2, MADE_BLOCKS, 120},
        {"rwlock", reads, "same cpu", "same L3", 2, 19, 80},
        {"rwlock", reads, "same cpu", "same package", 2, MADE_BLOCKS, 80},
        {"rwlock", reads, "same core", "same L3", 2, MADE_BLOCKS, 80},
        {"rwlock", reads, "same cpu", "same L3", 1, MADE_BLOCKS, 80},
        {"brlock", reads, "same cpu", "same L3", 2, MADE_BLOCKS, 80},
        {"rwlock", "get=80 put=20, 100 keys", "same cpu", "same L3", 2, MADE_BLOCKS, 80},
        {"rwlock", "", "same cpu", "same L3", 2, MADE_BLOCKS, 80},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct samples s = {0};
        push_strategy(&s, cases[i].strategy, cases[i].what, cases[i].threads, 95);
        push_price(&s, cases[i].near, cases[i].canary_ns, cases[i].blocks, 5);
        push_price(&s, cases[i].far, cases[i].canary_ns, cases[i].blocks, 41);
        check_text(&s, "");
    }
    for (int crowd = 0; crowd <= 1; crowd++) {
        struct samples s = {0};
        push_strategy(&s, "rwlock", reads, 2, 95);
        push_price(&s, "same cpu", 80, MADE_BLOCKS, 5);
        push_price(&s, "same L3", 80, MADE_BLOCKS, 41);
        for (size_t i = 0; i < s.count; i++) {
            const bool is_map = strcmp(s.row[i].instrument, "maps") == 0;
            s.row[i].host = is_map || crowd ? "box" : "other";
            s.row[i].clients = is_map && crowd ? 1000 : SAMPLE_NONE;
            s.row[i].client_threads = is_map && crowd ? 1 : SAMPLE_NONE;
        }
        check_text(&s, "");
    }
}
