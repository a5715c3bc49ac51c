/* SPDX-License-Identifier: MIT
 * analysis/dataset/price_table: a price list looked up, and the holding curve folded, from rows
 * made up here. What is measured is in test_costs_run.c. */
#include "tests/test.h"

#include "analysis/dataset/price_table.h"
#include "base/rng.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 40 };

struct book {
    struct samples samples;
    struct summary summary;
    struct price_table costs;
    int64_t trial;
    struct rng rng;
};

static struct sample row_of(struct book *b, int64_t block, const char *layout, const char *op)
{
    struct sample row;
    sample_clear(&row);
    row.run_id = "run";
    row.host = "host";
    row.instrument = "costs";
    row.layout = layout;
    row.op = op;
    row.seed = 1;
    row.gap_ns = 0;
    row.threads = 2;
    row.thread = 0;
    row.block = block;
    row.regime = 0;
    row.canary_ns = 80;
    row.trial = b->trial;
    row.accepted = 1;
    row.reject_reason = "";
    return row;
}

static void push(struct book *b, const struct sample *row)
{
    assert_int_equal(samples_push(&b->samples, row), 0);
}

static double noise(struct book *b)
{
    return (rng_below(&b->rng, 1000) - 500.0) / 500;
}

/* A price around `ns` in each block; owned by cpu 1, or by nobody where distance is "". */
static void push_price(struct book *b, const char *op, const char *state, const char *distance,
    const char *home, double ns)
{
    for (int64_t block = 0; block < BLOCKS; block++, b->trial++) {
        struct sample row = row_of(b, block, "line", op);
        row.role = "requester";
        row.mode = "latency";
        row.state = state;
        row.distance = distance;
        row.home = home;
        row.cpu = 0;
        row.peer = *distance ? 1 : SAMPLE_NONE;
        row.ops = 1000;
        row.seconds = (ns + noise(b)) * 1e-6;
        push(b, &row);
    }
}

/* Two threads, each `ns` an op and `ops` between two transfers of the line. */
static void push_hold(
    struct book *b, int64_t block, double gap, const char *layout, double ns, int64_t ops)
{
    for (int64_t thread = 0; thread < 2; thread++) {
        struct sample row = row_of(b, block, layout, "add");
        row.reference_for = strcmp(layout, "isolated") == 0 ? "hold" : "";
        row.align_bytes = strcmp(layout, "isolated") == 0 ? SAMPLE_NONE : 8;
        row.role = "contender";
        row.mode = "throughput";
        row.distance = "same L3";
        row.home = row.state = "";
        row.gap_ns = gap;
        row.thread = row.cpu = thread;
        row.ops = 10000;
        row.transfers = strcmp(layout, "isolated") == 0 ? 0 : 10000 / ops;
        row.seconds = ns * 1e-5;
        push(b, &row);
    }
    b->trial++;
}

static const struct hold_curve *hold_of(const struct book *b, int64_t threads, double gap)
{
    return price_table_hold(&b->costs,
        &(struct hold_key){.op = "add", .distance = "same L3", .threads = threads, .gap_ns = gap});
}

static struct book *book_new(void)
{
    struct book *b = calloc(1, sizeof *b);
    assert_non_null(b);
    rng_seed(&b->rng, 7);
    return b;
}

static int book_close(struct book *b)
{
    assert_int_equal(summary_build(&b->samples, &b->summary), 0);
    return price_table_build(&b->samples, &b->summary, &b->costs);
}

static void book_free(struct book *b)
{
    price_table_fini(&b->costs);
    summary_fini(&b->summary);
    samples_fini(&b->samples);
    free(b);
}

static void prices_are_found_by_what_they_are_of(void **state)
{
    (void)state;
    struct book *b = book_new();
    push_price(b, "load", "modified", "same cpu", "local", 10);
    push_price(b, "load", "modified", "same L3", "local", 50);
    push_price(b, "load", "modified", "same L3", "remote", 70);
    push_price(b, "load", "invalid", "", "local", 150);
    push_price(b, "cas", "modified", "same L3", "local", 60);
    assert_int_equal(book_close(b), 0);
    assert_int_equal(b->costs.prices, 5);
    assert_int_equal(b->costs.blocks, BLOCKS);
    assert_true(b->costs.canary_ns == 80);
    static const struct {
        const char *op, *state, *distance, *home;
        double ns;
    } want[] = {{"load", "modified", "same cpu", "local", 10},
        {"load", "modified", "same L3", "local", 50}, {"load", "modified", "same L3", "remote", 70},
        {"load", "invalid", "", "local", 150}, {"cas", "modified", "same L3", "local", 60}};
    for (size_t i = 0; i < 5; i++) {
        const struct price_entry *const f =
            price_table_price(&b->costs, want[i].op, want[i].state, want[i].distance, want[i].home);
        assert_non_null(f);
        assert_int_equal(f->ns.n, BLOCKS);
        assert_true(f->ns.low <= want[i].ns + 0.5 && f->ns.high >= want[i].ns - 0.5);
        assert_true(f->ns.low <= f->ns.mid && f->ns.mid <= f->ns.high);
        assert_int_equal(f->peer, *want[i].distance ? 1 : SAMPLE_NONE);
        assert_string_equal(f->reason, "");
    }
    assert_null(price_table_price(&b->costs, "load", "shared", "same L3", "local"));
    assert_null(price_table_price(&b->costs, "swap", "modified", "same L3", "local"));
    assert_null(price_table_price(&b->costs, "load", "invalid", "same L3", "local"));
    assert_null(hold_of(b, 2, 0));
    book_free(b);
}

static void a_price_that_never_counted_has_a_reason(void **state)
{
    (void)state;
    struct book *b = book_new();
    push_price(b, "load", "modified", "same L3", "local", 50);
    push_price(b, "load", "modified", "same cpu", "local", 1);
    for (size_t i = BLOCKS; i < b->samples.count; i++) {
        b->samples.row[i].accepted = 0;
        b->samples.row[i].reject_reason = "below the clock's resolution";
    }
    assert_int_equal(book_close(b), 0);
    const struct price_entry *const f =
        price_table_price(&b->costs, "load", "modified", "same cpu", "local");
    assert_non_null(f);
    assert_int_equal(f->ns.n, 0);
    assert_true(isnan(f->ns.mid));
    assert_string_equal(f->reason, "below the clock's resolution");
    book_free(b);
}

static void the_regime_with_the_most_blocks_is_told(void **state)
{
    (void)state;
    struct book *b = book_new();
    push_price(b, "load", "modified", "same L3", "local", 50);
    for (size_t i = 0; i < BLOCKS / 4; i++) {
        b->samples.row[i].regime = 1;
        b->samples.row[i].canary_ns = 400;
        b->samples.row[i].seconds *= 5;
    }
    b->samples.row[BLOCKS - 1].regime = SAMPLE_NONE; /* a rejected block */
    b->samples.row[BLOCKS - 1].accepted = 0;
    assert_int_equal(book_close(b), 0);
    assert_int_equal(b->costs.regime, 0);
    assert_int_equal(b->costs.prices, 1);
    const struct price_entry *const f =
        price_table_price(&b->costs, "load", "modified", "same L3", "local");
    assert_int_equal(f->ns.n, BLOCKS - BLOCKS / 4 - 1);
    assert_true(f->ns.high < 60);
    book_free(b);
}

static void the_holding_curve_is_folded_block_by_block(void **state)
{
    (void)state;
    struct book *b = book_new();
    for (int64_t block = 0; block < BLOCKS; block++) {
        const double drift = 1 + (double)block / BLOCKS; /* hits both alike */
        push_hold(b, block, 100, "hold", 140 * drift, 2);
        push_hold(b, block, 100, "isolated", 100 * drift, 1);
        push_hold(b, block, 0, "hold", 20, 10);
        push_hold(b, block, 0, "isolated", 5, 1);
    }
    assert_int_equal(book_close(b), 0);
    assert_int_equal(b->costs.curves, 2);
    assert_true(b->costs.curve[0].key.gap_ns == 0 && b->costs.curve[1].key.gap_ns == 100);
    const struct hold_curve *c = hold_of(b, 2, 0);
    assert_non_null(c);
    assert_true(fabs(c->contended.mid - 20) < 1e-9 && fabs(c->alone.mid - 5) < 1e-9);
    assert_true(fabs(c->price.mid - 15) < 1e-9);
    assert_true(fabs(c->ops_a_hold.mid - 10) < 1e-9);
    /* 2 threads at 20 ns an op: an add every 10 ns, a transfer every 10 adds */
    assert_true(fabs(c->hold_ns.mid - 100) < 1e-9);
    assert_int_equal(c->price.n, BLOCKS);
    assert_string_equal(c->key.distance, "same L3");
    c = hold_of(b, 2, 100);
    assert_true(c->price.low >= 40 && c->price.high <= 80);
    assert_true(fabs(c->ops_a_hold.mid - 2) < 1e-9);
    assert_null(hold_of(b, 4, 0));
    assert_null(hold_of(b, 2, 50));
    book_free(b);
}

static void a_line_that_never_moved_has_no_hold(void **state)
{
    (void)state;
    struct book *b = book_new();
    for (int64_t block = 0; block < BLOCKS; block++) {
        push_hold(b, block, 0, "hold", 20, 20000); /* no transfer in 10,000 adds */
        if (block % 2)
            push_hold(b, block, 0, "isolated", 5, 1);
    }
    assert_int_equal(book_close(b), 0);
    const struct hold_curve *const c = hold_of(b, 2, 0);
    assert_int_equal(c->hold_ns.n, 0);
    assert_true(isnan(c->hold_ns.mid) && isnan(c->ops_a_hold.mid));
    assert_int_equal(c->contended.n, BLOCKS);
    assert_int_equal(c->price.n, BLOCKS / 2); /* only blocks that have both */
    book_free(b);
}

static void other_instruments_and_runs_are_passed_over(void **state)
{
    (void)state;
    struct book *b = book_new();
    push_price(b, "load", "modified", "same L3", "local", 900);
    push_price(b, "load", "modified", "same L3", "local", 900);
    for (size_t i = 0; i < b->samples.count; i++) {
        b->samples.row[i].instrument = i < BLOCKS ? "run" : "costs";
        b->samples.row[i].run_id = i < BLOCKS ? "run of run" : "short run of costs";
        b->samples.row[i].accepted = i < BLOCKS || i % 2;
        b->samples.row[i].regime = b->samples.row[i].accepted ? 0 : SAMPLE_NONE;
    }
    push_price(b, "load", "modified", "same L3", "local", 50);
    assert_int_equal(book_close(b), 0);
    assert_string_equal(b->costs.run_id, "run");
    assert_int_equal(b->costs.prices, 1);
    assert_true(b->costs.price[0].ns.high < 60);
    book_free(b);
}

static void without_a_row_of_costs_there_is_no_list(void **state)
{
    (void)state;
    struct book *b = book_new();
    assert_int_equal(book_close(b), -ENOENT);
    assert_null(price_table_price(&b->costs, "load", "modified", "same L3", "local"));
    summary_fini(&b->summary);
    push_price(b, "load", "modified", "same L3", "local", 50);
    for (size_t i = 0; i < b->samples.count; i++)
        b->samples.row[i].instrument = "matrix";
    assert_int_equal(book_close(b), -ENOENT);
    book_free(b);
}

static void a_list_survives_its_csv(void **state)
{
    (void)state;
    struct book *b = book_new(), *copy = book_new();
    struct err err = {0};
    push_price(b, "load", "invalid", "", "local", 150);
    push_price(b, "load", "modified", "same L3", "local", 50);
    for (int64_t block = 0; block < BLOCKS; block++) {
        push_hold(b, block, 10, "hold", 20 + (double)block / 10, 5);
        push_hold(b, block, 10, "isolated", 5, 1);
    }
    for (size_t i = 0; i < b->samples.count; i++)
        b->samples.row[i].schema = SAMPLE_SCHEMA;
    FILE *f = tmpfile();
    assert_non_null(f);
    samples_write(&b->samples, f);
    rewind(f);
    if (samples_read(f, "costs.csv", &copy->samples, &err))
        fail_msg("%s", err.text);
    fclose(f);
    assert_int_equal(book_close(b), 0);
    assert_int_equal(book_close(copy), 0);
    const struct price_entry *const p =
        price_table_price(&b->costs, "load", "invalid", "", "local");
    const struct price_entry *const q =
        price_table_price(&copy->costs, "load", "invalid", "", "local");
    assert_non_null(q);
    assert_true(p->ns.low == q->ns.low && p->ns.mid == q->ns.mid && p->ns.high == q->ns.high);
    const struct hold_curve *const c = hold_of(b, 2, 10);
    const struct hold_curve *const d = hold_of(copy, 2, 10);
    assert_non_null(d);
    assert_true(c->price.low == d->price.low && c->hold_ns.high == d->hold_ns.high);
    book_free(b);
    book_free(copy);
}
