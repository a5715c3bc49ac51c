/* SPDX-License-Identifier: MIT
 * analysis/panels_*, chart and gnuplot_text: what charts are given to draw, from datasets made up
 * here. */
#include "tests/test.h"

#include "analysis/charts/gnuplot.h"
#include "analysis/charts/panels.h"
#include "base/table_data.h"
#include "tests/made.h"
#include "tests/panels_made.h"

#include <math.h>
#include <stdlib.h>

static void each_chart_draws_panels_that_there_are(void **state)
{
    (void)state;
    for (size_t c = 0; c < chart_file_count; c++) {
        bool draws = false;
        for (size_t i = 0; i < PANELS_KINDS; i++)
            draws |= chart_draws(&chart_file_table[c], panels_table[i].name);
        assert_true(draws);
    }
    assert_false(chart_draws(&chart_file_table[0], ""));
    assert_false(chart_draws(&(struct chart_file){"x", "# panels: gaps\n"}, "gap"));
    assert_false(chart_draws(&(struct chart_file){"x", "plot 1\n"}, "gap"));
}

static void gnuplot_is_told_no_text_that_it_runs(void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    gnuplot_text(out, "a`b`$c@d'e\"f\\g\nh{i}µ 1%");
    fclose(out);
    assert_string_equal(text, "a?b??c?d?e?f?g?h?i?µ 1%");
    free(text);
}

static void latency_has_a_place_for_each_variant(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    made_variants(&s, row, 5, 50, 5);
    row.op = "cas";
    made_variants(&s, row, 6, 60, 6);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_latency, &d, 1);
    const struct panel *const panel = &p.panel[0];
    assert_string_equal(panel->title, "counter, latency, adder, same L3, 1 thread");
    has(panel->script, "$data << EOD\n\"add\"\n0 5 ");
    has(panel->script, "\n\n\n\"cas\"\n0 6 ");
    lacks(panel->script, "log =");
    has(panel->script, "set xtics ('isolated' 0, '8 B' 1, '64 B' 2)\n");
    has(panel->about, "add: isolated 5.00 ns (");
    has(panel->about, ", 8 B 50.0 ns (");
    assert_int_equal(panel->table->rows, 6);
    assert_string_equal(cell(panel->table, 1, "variant"), "8 B");
    assert_string_equal(cell(panel->table, 1, "ratio"), "10.0×");
    assert_string_equal(cell(panel->table, 0, "ratio"), "");
    assert_string_equal(panel->note, "");
    end(&p, &d);
}

static void a_distribution_is_quantiles_that_were_measured(void **state)
{
    (void)state;
    struct samples s = {0};
    made_variants(&s, made_row("run", 0), 100, 200, 100);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_distribution, &d, 1);
    has(p.panel[0].script, "\"isolated\"\n99 0\n");
    has(p.panel[0].script, "\n101 100\n");
    assert_string_equal(cell(p.panel[0].table, 1, "least ns"), "198");
    assert_string_equal(cell(p.panel[0].table, 1, "50% ns"), "200");
    assert_string_equal(cell(p.panel[0].table, 1, "most ns"), "202");
    has(p.panel[0].about, "8 B: half of 24 blocks between 198 and 202 ns.");
    end(&p, &d);
}

static void events_stand_where_they_were_counted(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    made_variants(&s, row, 5, 50, 5);
    for (size_t i = 0; i < s.count; i++) {
        s.row[i].counters = "perf: rfo=X";
        s.row[i].counted_ops = 1000;
        if (s.row[i].align_bytes == 8)
            s.row[i].count[EVENT_RFO] = 500;
    }
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_events, &d, 1);
    has(p.panel[0].script, "\"rfo\"\n0 0.5 ");
    lacks(p.panel[0].script, "l3-miss");
    assert_string_equal(p.panel[0].note, "Counted by perf: rfo=X.");
    assert_string_equal(cell(p.panel[0].table, 0, "rfo/op"), "0.500");
    assert_string_equal(cell(p.panel[0].table, 0, "l3-miss/op"), "");
    end(&p, &d);
}

static void without_a_second_gap_there_is_no_curve(void **state)
{
    (void)state;
    struct samples s = {0};
    made_variants(&s, made_row("run", 0), 5, 50, 5);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_gap, &d, 0);
    end(&p, &d);
}

static void a_price_against_the_gap_is_what_sharing_adds(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    made_variants(&s, row, 10, 50, 10);
    row.gap_ns = 100;
    row.run_id = "another";
    made_variants(&s, row, 110, 121, 110);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_gap, &d, 1);
    has(p.panel[0].script, "\"8 B\"\n0 40 ");
    has(p.panel[0].script, "\n100 11 ");
    lacks(p.panel[0].script, "isolated");
    has(p.panel[0].title, "canary from 80 ns");
    assert_string_equal(cell(p.panel[0].table, 0, "price ns"), "40.0");
    end(&p, &d);
}

/* A hold without transfers, a point without its reference, and one that has both. */
static void a_holding_curve_has_its_holds(void **state)
{
    (void)state;
    struct samples s = {0};
    for (int64_t block = 0; block < MADE_BLOCKS; block++)
        for (int gap = 0; gap < 3; gap++)
            for (int thread = 0; thread < 4; thread++) {
                struct sample row = made_row("costs", block);
                const bool alone = thread < 2;
                if (alone && gap == 2)
                    continue;
                row.layout = alone ? "isolated" : "hold";
                row.reference_for = alone ? "hold" : "";
                row.align_bytes = alone ? SAMPLE_NONE : 8;
                row.mode = "throughput";
                row.role = "contender";
                row.gap_ns = 10 * gap;
                row.threads = 2;
                row.transfers = alone || gap == 1 ? 0 : 100;
                made_push(&s, row, alone ? 5 : 20);
            }
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_gap, &d, 1);
    const struct table *const t = p.panel[0].table;
    assert_int_equal(t->rows, 3);
    /* 2 threads, 1,000 adds of 20 ns each, every tenth of which found the line gone */
    assert_string_equal(cell(t, 0, "price ns"), "15.0");
    assert_string_equal(cell(t, 0, "held ns"), "100");
    assert_string_equal(cell(t, 0, "adds a hold"), "10.0");
    assert_string_equal(cell(t, 0, "alone ns"), "5.00");
    assert_string_equal(cell(t, 1, "price ns"), "15.0");
    assert_string_equal(cell(t, 1, "held ns"), "");
    assert_string_equal(cell(t, 2, "price ns"), "");
    assert_string_equal(cell(t, 2, "contended ns"), "20.0");
    assert_string_equal(cell(t, 2, "held ns"), "100");
    has(p.panel[0].about, "2 contenders: 15.0 ns at a gap of 0 ns (held 100 ns, 10.0 adds a hold)");
    end(&p, &d);
}

static void push_pairs(struct samples *s, int64_t cpus)
{
    for (int64_t a = 0; a < cpus; a++)
        for (int64_t b = a + 1; b < cpus; b++) {
            struct sample row = made_row("matrix", 0);
            row.layout = "pair";
            row.op = "handover";
            row.role = "pair";
            row.home = "first";
            row.cpu = a;
            row.peer = b;
            row.beside = 1;
            made_push(s, row, b == a + 1 && a == 0 ? 40 : 100);
        }
}

static void a_matrix_is_the_same_on_both_sides(void **state)
{
    (void)state;
    struct samples s = {0};
    push_pairs(&s, 3);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_matrix, &d, 1);
    assert_string_equal(p.panel[0].title, "handover, memory of the first");
    has(p.panel[0].script, "1 0 39.6 \"39.6\"\n");
    has(p.panel[0].script, "0 1 39.6 \"39.6\"\n");
    lacks(p.panel[0].script, "\n0 0 ");
    has(p.panel[0].script, "cpus = 3\nleast = 39.6\nmost = 99\n");
    has(p.panel[0].brief, "Nearest: cpus 0 and 1, 39.6 ns. Farthest: cpus ");
    assert_int_equal(p.panel[0].table->rows, 3);
    end(&p, &d);
    s = (struct samples){0};
    push_pairs(&s, 2);
    d = made_dataset(&s);
    p = panels_of(panels_matrix, &d, 1);
    has(p.panel[0].brief, "Cpus 0 and 1, 39.6 ns.");
    lacks(p.panel[0].brief, "Farthest");
    end(&p, &d);
}

/* One pair has no nearest, and is not as large as many. */
static void a_matrix_of_two_cpus_is_small(void **state)
{
    (void)state;
    struct samples s = {0}, more = {0};
    push_pairs(&s, 2);
    push_pairs(&more, 6);
    struct dataset d = made_dataset(&s), six = made_dataset(&more);
    struct panels p = panels_of(panels_matrix, &d, 1), large = panels_of(panels_matrix, &six, 1);
    assert_string_equal(p.panel[0].brief, "Cpus 0 and 1, 39.6 ns.");
    assert_true(p.panel[0].width_px < large.panel[0].width_px);
    assert_true(p.panel[0].height_px < large.panel[0].height_px);
    end(&p, &d);
    end(&large, &six);
}

/* A few blocks in another regime are a warning, not a second price list. */
static void a_brief_regime_has_no_price_list(void **state)
{
    (void)state;
    struct samples s = {0};
    for (int64_t block = 0; block < MADE_BLOCKS + 5; block++) {
        struct sample row = made_row("costs", block);
        row.layout = "line";
        row.op = "load";
        row.state = "modified";
        row.distance = "same L3";
        row.regime = block >= MADE_BLOCKS;
        row.canary_ns = row.regime ? 300 : 80;
        made_push(&s, row, 50);
    }
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_costs, &d, 1);
    has(p.panel[0].title, "canary 80 ns");
    end(&p, &d);
}

static void a_large_matrix_is_drawn_in_tiles(void **state)
{
    (void)state;
    struct samples s = {0};
    push_pairs(&s, 60);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_matrix, &d, 1);
    has(p.panel[0].script, "cpus = 30\n");
    has(p.panel[0].note, "Each tile is the median over 2 × 2 cpus.");
    has(p.panel[0].note, "The table ends after 400 of 1770 rows");
    assert_int_equal(p.panel[0].table->rows, 400);
    end(&p, &d);
}

static void a_price_has_a_place_for_state_owner_and_home(void **state)
{
    (void)state;
    static const struct {
        const char *op, *state, *distance;
        double ns;
    } price[] = {{"load", "invalid", "", 150}, {"load", "modified", "same cpu", 1},
        {"cas", "modified", "same L3", 60}, {"load", "modified", "same L3", 50}};
    struct samples s = {0};
    for (int64_t block = 0; block < MADE_BLOCKS; block++)
        for (size_t i = 0; i < sizeof price / sizeof *price; i++) {
            struct sample row = made_row("costs", block);
            row.layout = "line";
            row.role = "requester";
            row.op = price[i].op;
            row.state = price[i].state;
            row.distance = price[i].distance;
            row.home = "local";
            row.peer = *row.distance ? strcmp(row.distance, "same cpu") != 0 : SAMPLE_NONE;
            made_push(&s, row, price[i].ns);
        }
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_costs, &d, 1);
    has(p.panel[0].title, "price of one op; canary 80 ns");
    has(p.panel[0].script, "places = 3\nleast = 1\nmost = 15");
    has(p.panel[0].brief, "Cheapest: load, modified, here, 1.00 ns (");
    has(p.panel[0].brief, " Dearest: load, in memory, 150 ns (");
    has(p.panel[0].script, "'modified'.fold.'here' 2");
    has(p.panel[0].script, "'modified'.fold.'same L3' 1");
    has(p.panel[0].script, "'in memory' 0");
    const struct table *const t = p.panel[0].table;
    assert_int_equal(t->rows, 3);
    assert_string_equal(cell(t, 0, "cas, ns"), "");
    has(cell(t, 1, "cas, ns"), "60.0 (");
    has(cell(t, 2, "load, ns"), "150 (");
    end(&p, &d);
}

/* One question of several hosts stands side by side, and names them. */
static void panels_of_several_runs_say_whose_they_are(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    made_variants(&s, row, 5, 50, 5);
    row.host = "other";
    made_variants(&s, row, 5, 50, 5);
    row.run_id = "second";
    row.regime = 1;
    made_variants(&s, row, 5, 50, 5);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_latency, &d, 3);
    assert_string_equal(p.panel[0].title, "counter, latency, adder, same L3, 1 thread; host box");
    has(p.panel[1].title, "; host other; made.csv 01234567");
    has(p.panel[2].title, "; host other; made.csv second");
    end(&p, &d);
}

/* More panels than a page takes are counted, not built. */
static void too_many_panels_are_left_out(void **state)
{
    (void)state;
    static char layout[210][16];
    struct samples s = {0};
    for (int i = 0; i < 210; i++) {
        struct sample row = made_row("run", 0);
        snprintf(layout[i], sizeof layout[i], "l%d", i);
        row.layout = layout[i];
        row.align_bytes = 8;
        made_push(&s, row, 5);
    }
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_latency, &d, 200);
    assert_int_equal(p.left_out, 10);
    end(&p, &d);
}
