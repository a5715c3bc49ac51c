/* SPDX-License-Identifier: MIT
 * probes/maps/map_homes: what is asked for a thread is of its home, counted, verified and used
 * again; and a sharded map asks for each shard at the home of its owner. */
#include "tests/test.h"

#include "machine/memory.h"
#include "maps/map.h"
#include "maps/memory.h"
#include "maps/table.h"
#include "probes/maps/map_homes.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, THREADS = 3 };

static const int any_node[THREADS] = {MEMORY_ANY_NODE, MEMORY_ANY_NODE, MEMORY_ANY_NODE};

static void pieces_are_counted_and_used_again(void **state)
{
    (void)state;
    struct map_homes *const homes = map_homes_new(any_node, THREADS, THREADS);
    const struct map_home *const home = map_homes_list(homes)[1];
    char *const first = home->zeroed(home, PAGE), *const second = home->zeroed(home, 2 * PAGE);
    assert_true(first && second);
    assert_true(map_homes_bytes(homes) == 3 * PAGE);
    memset(first, 1, PAGE);
    home->free(home, first, PAGE);
    assert_true(map_homes_bytes(homes) == 2 * PAGE);
    char *const again = home->zeroed(home, PAGE);
    assert_ptr_equal(again, first);
    for (int i = 0; i < PAGE; i++)
        assert_int_equal(again[i], 0);
    map_homes_free(homes);
}

static void each_piece_is_verified(void **state)
{
    (void)state;
    struct err err = {0};
    const char *how = "before";
    struct map_homes *const homes = map_homes_new(any_node, THREADS, THREADS);
    const struct map_home *const home = map_homes_list(homes)[0];
    assert_int_equal(map_homes_verify(homes, &how, &err), 0);
    assert_string_equal(how, "before");
    assert_non_null(home->zeroed(home, PAGE));
    assert_int_equal(map_homes_verify(homes, &how, &err), 0);
    assert_string_not_equal(how, "before");
    how = "unverified";
    assert_int_equal(map_homes_verify(homes, &how, &err), 0);
    assert_string_equal(how, "unverified");
    map_homes_free(homes);
}

static void a_node_that_is_not_there_has_no_memory(void **state)
{
    (void)state;
    const int far[] = {MEMORY_ANY_NODE, 777};
    struct map_homes *const homes = map_homes_new(far, 2, 5);
    const struct map_home *const *const home = map_homes_list(homes);
    assert_non_null(home[0]->zeroed(home[0], PAGE));
    /* Where binding is forbidden, or there is no NUMA, the kernel does not look at the node. */
    void *const memory = home[1]->zeroed(home[1], PAGE);
    assert_true(map_homes_bytes(homes) == (memory ? 2 * PAGE : PAGE));
    /* More threads than nodes: the next is on the first again. */
    assert_non_null(home[4]->zeroed(home[4], PAGE));
    map_homes_free(homes);
}

/* A home that counts what it is asked for. */
struct counting {
    struct map_home base; /* first */
    unsigned asked, given_back;
    size_t bytes;
};

static void *count_zeroed(const struct map_home *home, size_t bytes)
{
    struct counting *const c = (struct counting *)(uintptr_t)home;
    c->asked++;
    c->bytes += bytes;
    const size_t whole = (bytes + PAGE - 1) / PAGE * PAGE;
    void *const memory = aligned_alloc(PAGE, whole);
    return memory ? memset(memory, 0, whole) : NULL;
}

static void count_free(const struct map_home *home, void *memory, size_t bytes)
{
    struct counting *const c = (struct counting *)(uintptr_t)home;
    c->given_back++;
    c->bytes -= bytes;
    free(memory);
}

/* 64 shards of three threads: 22, 21 and 21 of them, each with a table, and one block of shards. */
static void run_owners(const struct map_strategy *s, unsigned threads)
{
    struct counting at[MAP_SHARDS + 2] = {0};
    const struct map_home *list[MAP_SHARDS + 2];
    for (unsigned i = 0; i < threads; i++) {
        at[i].base = (struct map_home){count_zeroed, count_free};
        list[i] = &at[i].base;
    }
    const struct map_needs needs = {.keys = 640, .threads = threads, .words = 1, .home = list};
    void *const map = s->make(&needs), *const self = s->join(map, 0);
    const unsigned owners = threads < MAP_SHARDS ? threads : MAP_SHARDS;
    for (unsigned i = 0; i < threads; i++)
        assert_int_equal(at[i].asked, i < owners ? 1 + (MAP_SHARDS - i + owners - 1) / owners : 0);
    uint64_t value = 1;
    for (uint64_t key = 0; key < 10000; key++) /* they grow */
        assert_int_equal(s->put(self, key, &value), MAP_ADDED);
    for (uint64_t key = 0; key < 10000; key++)
        assert_true(s->get(self, key, &value));
    assert_int_equal(s->size(self), 10000);
    s->leave(self);
    s->destroy(map);
    for (unsigned i = 0; i < threads; i++)
        assert_true(at[i].asked == at[i].given_back && at[i].bytes == 0);
    assert_true(at[0].asked > 1 + (MAP_SHARDS + owners - 1) / owners);
}

static void shards_lie_with_their_owners(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (size_t i = 0; i < map_strategy_count; i++)
        if (map_strategy_table[i]->homes) {
            run_owners(map_strategy_table[i], 3);
            run_owners(map_strategy_table[i], MAP_SHARDS + 2);
            seen++;
        }
    assert_int_equal(seen, 5); /* sharded, at each alignment */
}

/* The copy of an iteration belongs to whoever iterates. */
static void a_copy_has_no_home(void **state)
{
    (void)state;
    struct counting c = {.base = {count_zeroed, count_free}};
    struct table t, copy;
    assert_int_equal(table_init_home(&t, 10, 1, &c.base), 0);
    assert_int_equal(c.asked, 1);
    assert_int_equal(table_copy(&copy, &t), 0);
    assert_int_equal(c.asked, 1);
    table_fini(&copy);
    table_fini(&t);
    assert_int_equal(c.given_back, 1);
}

/* Whichever allocation fails, nothing is lost. */
static void without_memory_nothing_is_lost(void **state)
{
    (void)state;
    struct counting c[2] = {
        {.base = {count_zeroed, count_free}}, {.base = {count_zeroed, count_free}}};
    const struct map_home *const list[] = {&c[0].base, &c[1].base};
    const struct map_needs needs = {.keys = 1, .threads = 2, .words = 1, .home = list};
    for (size_t i = 0; i < map_strategy_count; i++)
        for (uint64_t n = 0; map_strategy_table[i]->homes && n < 80; n++) {
            map_fail_after(n);
            void *const map = map_strategy_table[i]->make(&needs);
            map_fail_after(0);
            if (map)
                map_strategy_table[i]->destroy(map);
            assert_true(c[0].bytes == 0 && c[1].bytes == 0);
        }
}
