/* SPDX-License-Identifier: MIT
 * analysis/maps: strategies beside each other, and the sentences about them. */
#include "analysis/maps/map_verdict.h"
#include "analysis/maps/map_witness.h"
#include "tests/made.h"

#include <math.h>

/* One strategy in all blocks, with the same time in each thread. */
static void push(struct samples *samples, const char *strategy, int64_t align, int64_t threads,
    double ns, int64_t promotions)
{
    struct sample row = made_row("maps", 0);
    row.layout = strategy;
    row.align_bytes = align;
    row.op = "half";
    row.threads = threads;
    row.keys = 100;
    row.promotions = promotions;
    for (row.block = 0; row.block < MADE_BLOCKS; row.block++)
        made_push(samples, row, ns);
}

static void push_all(struct samples *samples, int64_t threads, double rwlock, double padded)
{
    push(samples, "rwlock", SAMPLE_NONE, threads, rwlock, SAMPLE_NONE);
    push(samples, "sharded", 8, threads, padded * 1.5, SAMPLE_NONE);
    push(samples, "sharded", 64, threads, padded, SAMPLE_NONE);
    push(samples, "twotier", SAMPLE_NONE, threads, rwlock * 2, 7);
    push(samples, "none", SAMPLE_NONE, threads, 1, SAMPLE_NONE);
}

static struct map_table table_of(struct samples *samples, struct dataset *dataset)
{
    struct map_table table;
    *dataset = made_dataset(samples);
    assert_int_equal(map_table_build(&dataset->summary, &table), 0);
    return table;
}

static void test_one_number_of_threads(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct dataset dataset;
    char text[MAP_VERDICT_TEXT];
    push_all(&samples, 2, 100, 20);
    struct map_table table = table_of(&samples, &dataset);
    assert_int_equal(table.groups, 1);
    assert_int_equal(table.group->entries, 5);
    assert_string_equal(table.group->entry[0].estimate->layout, "sharded");
    assert_string_equal(table.group->entry[4].estimate->layout, "none");
    map_verdict_text(table.group, 1, text);
    assert_string_equal(text,
        "sharded 64 B wins; against rwlock: sharded 64 B 5.00× (5.00–5.00) faster, "
        "twotier 2.00× (2.00–2.00) slower, with promotions");
    map_verdict_padding(table.group, text);
    has(text, "sharded at 8 B takes 1.50× (1.50–1.50) of 64 B");
    map_table_fini(&table);
    dataset_fini(&dataset);
}

/* How long twotier takes, and in Go a sync.Map, where both locks take 100. */
static void check_witness(double tiers, double go, double mutex, const char *expected)
{
    struct samples samples = {0};
    struct dataset dataset;
    char text[MAP_WITNESS_TEXT];
    push(&samples, "rwlock", SAMPLE_NONE, 2, 100, SAMPLE_NONE);
    push(&samples, "twotier", SAMPLE_NONE, 2, tiers, SAMPLE_NONE);
    push(&samples, "go-rwmutex", SAMPLE_NONE, 2, 100, SAMPLE_NONE);
    if (go > 0)
        push(&samples, "go-syncmap", SAMPLE_NONE, 2, go, SAMPLE_NONE);
    if (mutex > 0)
        push(&samples, "mutex", SAMPLE_NONE, 2, mutex, SAMPLE_NONE);
    struct map_table table = table_of(&samples, &dataset);
    const struct map_witness witness = map_witness_of(table.group);
    map_witness_text(&witness, text);
    assert_string_equal(text, expected);
    map_table_fini(&table);
    dataset_fini(&dataset);
}

static void push_clients(struct samples *samples, int64_t clients, int64_t threads, double ns)
{
    struct sample row = made_row("maps", 0);
    row.layout = "mutex";
    row.op = "half";
    row.threads = 2;
    row.clients = clients;
    row.client_threads = threads;
    for (row.block = 0; row.block < MADE_BLOCKS; row.block++)
        made_push(samples, row, ns);
}

/* Clients that are threads are other groups than as many that are dealt out, and another series. In
 * files older than the column, all were dealt out. */
static void test_client_threads_are_apart(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct dataset dataset;
    char name[MAP_GROUP_NAME];
    push_clients(&samples, 100, 1, 400);
    push_clients(&samples, 1000, 1, 800);
    push_clients(&samples, 100, SAMPLE_NONE, 50);
    push_clients(&samples, 1000, 0, 60);
    struct map_table table = table_of(&samples, &dataset);
    static const struct {
        int64_t clients, threads, ns;
        const char *name;
    } expected[] = {{100, 0, 50, "100 clients"}, {1000, 0, 60, "1000 clients"},
        {100, 1, 400, "100 client threads"}, {1000, 1, 800, "1000 client threads"}};
    assert_int_equal(table.groups, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct map_group *const g = &table.group[i];
        assert_int_equal(g->clients, expected[i].clients);
        assert_int_equal(g->client_threads, expected[i].threads);
        assert_int_equal(lround(g->entry->estimate->ns.mid), expected[i].ns);
        assert_string_equal(map_group_name(g, name), expected[i].name);
        assert_string_equal(map_group_places(g, name), i < 2 ? "2 threads" : "2 cpus");
    }
    assert_int_equal(map_table_series(&table, 0), 2);
    assert_int_equal(map_table_series(&table, 2), 2);
    map_table_fini(&table);
    dataset_fini(&dataset);
}

static void test_whether_go_has_the_same_order(void **state)
{
    (void)state;
    check_witness(50, 20, 25,
        "twotier takes 0.50× (0.50–0.50) of rwlock in C, and a sync.Map 0.20× (0.20–0.20) of a "
        "sync.RWMutex in Go: the same order");
    check_witness(50, 200, 0,
        "twotier takes 0.50× (0.50–0.50) of rwlock in C, and a sync.Map 2.00× (2.00–2.00) of a "
        "sync.RWMutex in Go: the opposite order");
    check_witness(50, 101, 0,
        "twotier takes 0.50× (0.50–0.50) of rwlock in C, and a sync.Map 1.01× (1.01–1.01) of a "
        "sync.RWMutex in Go: not the same order");
    check_witness(50, 200, 25,
        "twotier takes 0.50× (0.50–0.50) of rwlock in C, and a sync.Map 2.00× (2.00–2.00) of a "
        "sync.RWMutex in Go: the opposite order; it takes 2.00× (2.00–2.00) of mutex in C: Go's "
        "order, so what differs is how long a waiter for rwlock sleeps");
    check_witness(50, 200, 80,
        "twotier takes 0.50× (0.50–0.50) of rwlock in C, and a sync.Map 2.00× (2.00–2.00) of a "
        "sync.RWMutex in Go: the opposite order; it takes 0.62× (0.62–0.62) of mutex in C: not "
        "Go's order either");
    check_witness(50, 0, 0, "");
}

static void test_who_wins_from_where_on(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct dataset dataset;
    char text[MAP_VERDICT_TEXT];
    push_all(&samples, 1, 20, 30);
    push_all(&samples, 2, 40, 30);
    push_all(&samples, 4, 90, 30);
    struct map_table table = table_of(&samples, &dataset);
    assert_int_equal(table.groups, 3);
    assert_int_equal(map_table_series(&table, 0), 3);
    map_verdict_text(table.group, 3, text);
    has(text, "rwlock wins with 1 thread; sharded 64 B wins from 2 threads on; against rwlock: ");
    map_table_fini(&table);
    dataset_fini(&dataset);
}

static void test_two_alike(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct dataset dataset;
    char text[MAP_VERDICT_TEXT];
    push(&samples, "mutex", SAMPLE_NONE, 2, 100, SAMPLE_NONE);
    push(&samples, "brlock", SAMPLE_NONE, 2, 101, SAMPLE_NONE);
    struct map_table table = table_of(&samples, &dataset);
    map_verdict_text(table.group, 1, text);
    has(text, "mutex and brlock are alike");
    map_verdict_padding(table.group, text);
    assert_string_equal(text, "");
    map_table_fini(&table);
    dataset_fini(&dataset);
}
