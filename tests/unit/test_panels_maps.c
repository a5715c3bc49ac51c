/* SPDX-License-Identifier: MIT
 * analysis/charts/panels_{maps,scaling,memory}: what is drawn of strategies of maps, from samples
 * made up here. */
#include "tests/test.h"

#include "analysis/charts/panels.h"
#include "base/table_data.h"
#include "tests/panels_made.h"

struct strategy {
    const char *name;
    int64_t align;
    double ns, full_kib, emptied_kib;
};

/* As `maps` measures one load with one number of threads. */
static void push_load(struct samples *s, const char *load, int64_t threads, int64_t clients,
    const struct strategy *strategy, size_t count)
{
    for (int64_t block = 0; block < MADE_BLOCKS; block++)
        for (size_t i = 0; i < count; i++) {
            struct sample row = made_row("maps", block);
            row.layout = strategy[i].name;
            row.align_bytes = strategy[i].align;
            row.op = load;
            row.role = "worker";
            row.mode = "throughput";
            row.threads = threads;
            row.clients = clients;
            row.keys = 1000;
            row.writes = 500;
            row.allocations = row.iterations = 0;
            row.full_bytes = strategy[i].full_kib * 1024;
            row.emptied_bytes = strategy[i].emptied_kib * 1024;
            made_push(s, row, strategy[i].ns);
        }
}

enum { STRATEGIES = 4 };
static const struct strategy slow[STRATEGIES] = {{"rwlock", SAMPLE_NONE, 100, 256, 256},
    {"sharded", 64, 25, 270, 270}, {"cow", SAMPLE_NONE, 5000, 5120, 260},
    {"none", SAMPLE_NONE, 2, 0, 0}};
static const struct strategy fast[STRATEGIES] = {{"rwlock", SAMPLE_NONE, 40, 8, 8},
    {"sharded", 64, 30, 9, 9}, {"cow", SAMPLE_NONE, 10, 10, 8}, {"none", SAMPLE_NONE, 2, 0, 0}};

/* Strategies by their mean ratio, loads by name; the instrument itself is in the table only. */
static void each_strategy_meets_each_load(void **state)
{
    (void)state;
    struct samples s = {0};
    push_load(&s, "half", 2, SAMPLE_NONE, slow, STRATEGIES);
    push_load(&s, "reads", 2, SAMPLE_NONE, fast, STRATEGIES);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_maps, &d, 1);
    const struct panel *const panel = &p.panel[0];
    assert_string_equal(panel->title, "time against the baseline, 2 threads");
    has(panel->script, "0 0 0.25 \"0.25×\" \".25\"\n1 0 0.75 \"0.75×\" \".75\"\n");
    has(panel->script, "0 1 1 \"1.00×\" \"1.0\"\n");
    has(panel->script, "0 2 50 \"50.0×\" \"50\"\n1 2 0.25 ");
    has(panel->script, "columns = 2\nrows = 3\n");
    has(panel->script, "set ytics ('sharded 64 B' 0, 'rwlock' 1, 'cow' 2)\n");
    has(panel->script, "set xtics (stagger(0).'half' 0, stagger(1).'reads' 1)\n");
    has(panel->about, "half: sharded 64 B 0.25×, rwlock 1.00×, cow 50.0×. reads: ");
    assert_string_equal(panel->note, "1 is rwlock. ");
    assert_int_equal(panel->table->rows, 2 * STRATEGIES);
    assert_string_equal(cell(panel->table, 0, "strategy"), "sharded 64 B");
    assert_string_equal(cell(panel->table, 0, "ratio"), "0.25×");
    assert_string_equal(cell(panel->table, 0, "KiB full"), "270");
    assert_string_equal(cell(panel->table, 1, "ratio"), "");
    assert_string_equal(cell(panel->table, 3, "strategy"), "none");
    assert_string_equal(cell(panel->table, 3, "KiB full"), "");
    end(&p, &d);
}

/* With no lock around the whole map, ratios are to the fastest of the load. */
static void without_a_baseline_the_fastest_is_one(void **state)
{
    (void)state;
    struct samples s = {0};
    push_load(&s, "half", 2, SAMPLE_NONE, slow + 1, 2);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_maps, &d, 1);
    has(p.panel[0].script, "0 0 1 \"1.00×\" \"1.0\"\n0 1 200 \"200×\" \"200\"\n");
    has(p.panel[0].note, "1 is the fastest of the load");
    end(&p, &d);
}

/* What is thirty thousand times as slow fits into its cell. */
static void a_large_ratio_is_short(void **state)
{
    (void)state;
    static const struct strategy pair[] = {
        {"rwlock", SAMPLE_NONE, 100, 1, 1}, {"cow", SAMPLE_NONE, 3386200, 1, 1}};
    struct samples s = {0};
    push_load(&s, "half", 2, SAMPLE_NONE, pair, 2);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_maps, &d, 1);
    has(p.panel[0].script, "0 1 33862 \"34k×\" \"34k\"\n");
    end(&p, &d);
}

/* Of several numbers of threads the most; a strategy that is missing under a load has no cell. */
static void a_column_has_the_most_threads(void **state)
{
    (void)state;
    struct samples s = {0};
    push_load(&s, "half", 1, SAMPLE_NONE, fast, STRATEGIES);
    push_load(&s, "half", 2, SAMPLE_NONE, slow, STRATEGIES);
    push_load(&s, "reads", 2, SAMPLE_NONE, slow, 2);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_maps, &d, 1);
    has(p.panel[0].title, ", 2 threads");
    has(p.panel[0].script, "0 2 50 ");
    lacks(p.panel[0].script, "\n1 2 ");
    assert_int_equal(p.panel[0].table->rows, STRATEGIES + 2);
    end(&p, &d);
}

static void throughput_is_over_threads(void **state)
{
    (void)state;
    struct samples s = {0};
    push_load(&s, "half", 1, SAMPLE_NONE, fast, STRATEGIES);
    push_load(&s, "half", 4, SAMPLE_NONE, slow, STRATEGIES);
    push_load(&s, "reads", 4, SAMPLE_NONE, slow, STRATEGIES);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_scaling, &d, 1); /* one number of threads is no curve */
    const struct panel *const panel = &p.panel[0];
    assert_string_equal(panel->title, "half");
    has(panel->script, "\"sharded 64 B\"\n1 33.3333 ");
    has(panel->script, "\n4 160 ");
    has(panel->script, "unit = 'threads'\nlog = 1\n");
    has(panel->script, "set xtics ('1' 1, '4' 4)\nfew = 1\nmany = 4\n");
    lacks(panel->script, "none");
    has(panel->about, "sharded 64 B: 33.3 with 1 thread, 160 with 4 threads, ");
    assert_int_equal(panel->table->rows, 6);
    assert_string_equal(cell(panel->table, 1, "threads"), "4");
    assert_string_equal(cell(panel->table, 1, "million ops a second"), "160");
    assert_string_equal(cell(panel->table, 1, "ratio"), "0.25×");
    end(&p, &d);
}

/* Rows of costs in the same file have the reason. */
static void a_curve_has_the_price_of_the_reader_count(void **state)
{
    (void)state;
    struct samples s = {0};
    push_load(&s, "reads", 1, SAMPLE_NONE, fast, STRATEGIES);
    push_load(&s, "reads", 4, SAMPLE_NONE, slow, STRATEGIES);
    for (size_t i = 0; i < s.count; i++)
        s.row[i].load = "get=100, 1000 keys";
    for (int64_t block = 0; block < MADE_BLOCKS; block++)
        for (int there = 0; there < 2; there++) {
            struct sample row = made_row("costs", block);
            row.run_id = "fedcba9876543210";
            row.layout = "line";
            row.state = "modified";
            row.home = "local";
            row.distance = there ? "same L3" : "same cpu";
            made_push(&s, row, there ? 41 : 5);
        }
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_scaling, &d, 1);
    has(p.panel[0].note, "Each read by rwlock adds to its reader count twice: ");
    has(p.panel[0].note, "about 72.0 ns (71.1–72.9) of the 100 ns of an op with 4 threads. ");
    end(&p, &d);
}

/* Each number of threads has its own curve over the clients that they serve. */
static void throughput_is_over_clients(void **state)
{
    (void)state;
    struct samples s = {0};
    push_load(&s, "half", 2, 10, fast, STRATEGIES);
    push_load(&s, "half", 2, 1500, slow, STRATEGIES);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_scaling, &d, 1);
    assert_string_equal(p.panel[0].title, "half, 2 threads");
    has(p.panel[0].script, "unit = 'clients'\n");
    has(p.panel[0].script, "set xtics ('10' 10, '1.5k' 1500)\n");
    assert_string_equal(cell(p.panel[0].table, 0, "clients"), "10");
    panels_fini(&p);
    p = panels_of(panels_maps, &d, 1);
    has(p.panel[0].title, ", 2 threads, 1500 clients");
    end(&p, &d);
}

/* Of the load whose leanest map is largest, the leanest first. */
static void memory_is_that_of_the_most_keys(void **state)
{
    (void)state;
    struct samples s = {0};
    push_load(&s, "few", 2, SAMPLE_NONE, fast, STRATEGIES);
    push_load(&s, "many", 2, SAMPLE_NONE, slow, STRATEGIES);
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_memory, &d, 1);
    const struct panel *const panel = &p.panel[0];
    assert_string_equal(panel->title, "memory, many, 2 threads");
    has(panel->script, "$data << EOD\n0 256 256\n1 270 270\n2 5120 260\nEOD\nrows = 3\n");
    has(panel->script, "least = 256\nmost = 5120\n");
    has(panel->script, "set ytics ('rwlock' 0, 'sharded 64 B' 1, 'cow' 2)\n");
    has(panel->about, "cow 5120 KiB, emptied 260 KiB.");
    assert_string_equal(cell(panel->table, 2, "KiB after the load"), "5120");
    assert_string_equal(cell(panel->table, 2, "KiB emptied"), "260");
    end(&p, &d);
}

/* Rows of another instrument are none, and those of maps are none of another. */
static void instruments_keep_to_themselves(void **state)
{
    (void)state;
    struct samples s = {0}, run = {0};
    push_load(&s, "half", 2, SAMPLE_NONE, slow, STRATEGIES);
    made_variants(&run, made_row("run", 0), 5, 50, 5);
    struct dataset maps = made_dataset(&s), other = made_dataset(&run);
    panels_fn *const of_maps[] = {panels_maps, panels_scaling, panels_memory},
                     *const of_others[] = {panels_latency, panels_distribution, panels_events,
                         panels_gap, panels_matrix, panels_costs};
    for (size_t i = 0; i < sizeof of_maps / sizeof *of_maps; i++)
        panels_of(of_maps[i], &other, 0);
    for (size_t i = 0; i < sizeof of_others / sizeof *of_others; i++)
        panels_of(of_others[i], &maps, 0);
    dataset_fini(&maps);
    dataset_fini(&other);
}

/* A strategy against itself: b to a, and no baseline. */
static void a_self_test_has_ratios_of_twins(void **state)
{
    (void)state;
    struct samples s = {0};
    push_load(&s, "half", 2, SAMPLE_NONE, slow, 1);
    push_load(&s, "half", 2, SAMPLE_NONE, slow, 1);
    for (size_t i = 0; i < s.count; i++)
        s.row[i].twin = i < MADE_BLOCKS ? "a" : "b";
    struct dataset d = made_dataset(&s);
    struct panels p = panels_of(panels_maps, &d, 1);
    has(p.panel[0].script, "$data << EOD\n0 0 1 \"1.00×\" \"1.0\"\nEOD\n");
    has(p.panel[0].script, "'rwlock b' 0, 'rwlock a' 1");
    has(p.panel[0].note, "A self-test");
    end(&p, &d);
}
