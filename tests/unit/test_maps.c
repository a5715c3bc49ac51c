/* SPDX-License-Identifier: MIT
 * maps/: each strategy against an array that knows the answer, with several threads, and without
 * memory. */
#include "tests/test.h"

#include "base/rng.h"
#include "maps/map.h"
#include "maps/memory.h"

#include <pthread.h>
#include <string.h>

enum { KEYS = 500, OPS = 20000, THREADS = 4 };

static const struct map_strategy *strategy; /* of the test that runs */
static bool copies;

static bool is_map(const struct map_strategy *s)
{
    return !s->missing && strcmp(s->name, "none") != 0;
}

/* Runs it for each strategy, and those that hold a lock to iterate in both ways. */
static void for_each(void (*run)(void))
{
    for (size_t i = 0; i < 2 * map_strategy_count; i++) {
        strategy = map_strategy_table[i / 2];
        copies = i % 2;
        if (is_map(strategy))
            run();
    }
}

/* Each word of a value is made of the key and a number, so that a mixture shows. */
static void make_words(uint64_t key, uint64_t number, unsigned words, uint64_t *value)
{
    for (unsigned i = 0; i < words; i++)
        value[i] = (key << 32 | number) * (i + 1);
}

static uint64_t number_of(uint64_t key, unsigned words, const uint64_t *value)
{
    uint64_t expected[MAP_WORDS];
    const uint64_t number = value[0] & UINT32_MAX;
    make_words(key, number, words, expected);
    assert_memory_equal(value, expected, words * sizeof *value);
    return number;
}

static void *make(unsigned words, unsigned threads, uint64_t keys)
{
    const struct map_needs needs = {
        .keys = keys, .threads = threads, .words = words, .copies = copies, .quiesce = 16};
    void *const map = strategy->make(&needs);
    assert_non_null(map);
    return map;
}

/* What should be there: the number of each key's value; 0: it is not there. */
struct model {
    uint64_t number[KEYS], count;
    unsigned words;
};

struct seen {
    const struct model *model;
    uint64_t count;
};

static void see(void *context, uint64_t key, const uint64_t *value)
{
    struct seen *const s = context;
    assert_true(key < KEYS && s->model->number[key]);
    assert_int_equal(number_of(key, s->model->words, value), s->model->number[key]);
    s->count++;
}

static void check_all(const struct model *m, void *self)
{
    struct seen s = {m, 0};
    assert_true(strategy->iterate(self, see, &s));
    assert_int_equal(s.count, m->count);
    assert_int_equal(strategy->size(self), m->count);
}

static void check_get(const struct model *m, void *self, uint64_t key)
{
    uint64_t value[MAP_WORDS];
    const bool found = strategy->get(self, key, value);
    assert_int_equal(found, m->number[key] != 0);
    if (found)
        assert_int_equal(number_of(key, m->words, value), m->number[key]);
}

static void do_op(struct model *m, void *self, struct rng *rng, uint64_t number)
{
    const uint64_t key = rng_below(rng, KEYS), op = rng_below(rng, 100);
    const bool there = m->number[key];
    uint64_t value[MAP_WORDS];
    make_words(key, number, m->words, value);
    if (op < 40) {
        check_get(m, self, key);
    } else if (op < 60) {
        assert_int_equal(strategy->put(self, key, value), there ? MAP_CHANGED : MAP_ADDED);
        m->count += !there;
        m->number[key] = number;
    } else if (op < 75) {
        assert_int_equal(strategy->insert(self, key, value), there ? MAP_KEPT : MAP_CHANGED);
        m->count += !there;
        m->number[key] = there ? m->number[key] : number;
    } else if (op < 99) {
        assert_int_equal(strategy->remove(self, key), there ? MAP_CHANGED : MAP_KEPT);
        m->count -= there;
        m->number[key] = 0;
    } else
        check_all(m, self);
}

static void run_against_model(unsigned words)
{
    struct model m = {.words = words};
    struct rng rng;
    rng_seed(&rng, words);
    void *const map = make(words, 1, KEYS / 8), *const self = strategy->join(map, 0);
    assert_non_null(self);
    for (uint64_t i = 1; i <= OPS; i++)
        do_op(&m, self, &rng, i);
    for (uint64_t key = 0; key < KEYS; key++)
        check_get(&m, self, key);
    check_all(&m, self);
    strategy->leave(self);
    strategy->destroy(map);
}

static void run_one_thread(void)
{
    run_against_model(1);
    run_against_model(MAP_WORDS);
}

static void test_one_thread(void **state)
{
    (void)state;
    for_each(run_one_thread);
}

/* The keys at the limits of what a load draws. */
static void run_limits(void)
{
    const uint64_t keys[] = {0, 1, UINT32_MAX, UINT64_MAX - 2};
    uint64_t value = 7;
    void *const map = make(1, 1, 0), *const self = strategy->join(map, 0);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(strategy->put(self, keys[i], &value), MAP_ADDED);
    for (unsigned i = 0; i < 4; i++)
        assert_true(strategy->get(self, keys[i], &value) && value == 7);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(strategy->remove(self, keys[i]), MAP_CHANGED);
    assert_int_equal(strategy->size(self), 0);
    strategy->leave(self);
    strategy->destroy(map);
}

static void test_limits(void **state)
{
    (void)state;
    for_each(run_limits);
}

/* Each thread writes the keys that are its own, reads all, and knows its own last values. */
struct worker {
    pthread_t id;
    void *map;
    unsigned thread;
    struct model model;
};

static void read_any(void *self, uint64_t key, unsigned words)
{
    uint64_t value[MAP_WORDS];
    if (strategy->get(self, key, value))
        number_of(key, words, value);
}

static void see_any(void *context, uint64_t key, const uint64_t *value)
{
    number_of(key, *(const unsigned *)context, value);
}

static void *work(void *of)
{
    struct worker *const w = of;
    struct model *const m = &w->model;
    struct rng rng;
    rng_seed(&rng, w->thread + 1);
    void *const self = strategy->join(w->map, w->thread);
    for (uint64_t i = 1; i <= OPS / 4; i++) {
        const uint64_t key = rng_below(&rng, KEYS / THREADS) * THREADS + w->thread;
        uint64_t value[MAP_WORDS];
        make_words(key, i, m->words, value);
        if (rng_below(&rng, 3)) {
            strategy->put(self, key, value);
            m->number[key] = i;
        } else {
            strategy->remove(self, key);
            m->number[key] = 0;
        }
        check_get(m, self, key);
        read_any(self, rng_below(&rng, KEYS), m->words);
        if (i % 512 == 0)
            strategy->iterate(self, see_any, &m->words);
    }
    strategy->leave(self);
    return NULL;
}

static void run_threads(void)
{
    static struct worker worker[THREADS];
    struct model all = {.words = 4};
    void *const map = make(all.words, THREADS + 1, KEYS);
    for (unsigned i = 0; i < THREADS; i++) {
        worker[i] = (struct worker){.map = map, .thread = i, .model = {.words = all.words}};
        assert_int_equal(pthread_create(&worker[i].id, NULL, work, &worker[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(worker[i].id, NULL), 0);
    for (uint64_t key = 0; key < KEYS; key++) {
        all.number[key] = worker[key % THREADS].model.number[key];
        all.count += all.number[key] != 0;
    }
    void *const self = strategy->join(map, THREADS);
    check_all(&all, self);
    strategy->leave(self);
    strategy->destroy(map);
}

static void test_threads(void **state)
{
    (void)state;
    for_each(run_threads);
}

/* Whatever allocation fails, the op says so or is done, and nothing else is lost. */
/* liburcu may still be changing the size of a map that has just grown. What the others make anew
 * for each key would take too long. */
static void run_short_life(void)
{
    enum { LIVES = 60, MANY = 50000 };
    for (unsigned life = 0; life < LIVES && strcmp(strategy->name, "rcu") == 0; life++) {
        void *const map = make(1, 1, 64), *const self = strategy->join(map, 0);
        assert_non_null(self);
        for (uint64_t key = 0; key < MANY; key++)
            assert_int_equal(strategy->put(self, key, &key), MAP_ADDED);
        strategy->leave(self);
        strategy->destroy(map);
    }
}

static void test_short_life(void **state)
{
    (void)state;
    for_each(run_short_life);
}

static void fail_at(uint64_t allocations)
{
    enum { FEW = 40 };
    struct model m = {.words = 2};
    void *const map = make(m.words, 1, 4), *const self = strategy->join(map, 0);
    map_fail_after(allocations);
    for (uint64_t key = 0; key < FEW; key++) {
        uint64_t value[MAP_WORDS];
        make_words(key, key + 1, m.words, value);
        const enum map_written done = strategy->put(self, key, value);
        assert_true(done == MAP_ADDED || done == MAP_NO_MEMORY);
        m.number[key] = done == MAP_ADDED ? key + 1 : 0;
        m.count += done == MAP_ADDED;
    }
    map_fail_after(0);
    check_all(&m, self);
    strategy->leave(self);
    strategy->destroy(map);
}

static void run_no_memory(void)
{
    for (uint64_t allocations = 1; allocations < 60; allocations += 3)
        fail_at(allocations);
}

static void test_no_memory(void **state)
{
    (void)state;
    for_each(run_no_memory);
}
