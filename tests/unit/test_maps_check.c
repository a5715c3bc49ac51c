/* SPDX-License-Identifier: MIT
 * probes/maps/map_check.h: all strategies under all loads are right, and strategies with a fault
 * are found, each by its own message. */
#include "tests/test.h"

#include "probes/maps/map_check.h"
#include "probes/maps/map_check_child.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 2, QUIESCE = 16, SEED = 3 };

static const struct map_strategy *find(const char *name)
{
    for (size_t i = 0; i < map_strategy_count; i++)
        if (strcmp(map_strategy_table[i]->name, name) == 0)
            return map_strategy_table[i];
    return NULL;
}

/* mutex with one function replaced; that calls it all but once in FAULT times. */
enum { FAULT = 100 };
static const struct map_strategy *whole;
static bool is_faulty(void)
{
    static _Atomic unsigned calls;
    return ++calls % FAULT == 0;
}

static enum map_written lose_put(void *self, uint64_t key, const uint64_t *value)
{
    return is_faulty() ? MAP_ADDED : whole->put(self, key, value);
}

static bool get_stale(void *self, uint64_t key, uint64_t *value)
{
    const bool found = whole->get(self, key, value);
    value[0] += is_faulty();
    return found;
}

static enum map_written keep_removed(void *self, uint64_t key)
{
    return is_faulty() ? MAP_CHANGED : whole->remove(self, key);
}

static uint64_t count_less(void *self)
{
    const uint64_t size = whole->size(self);
    return size ? size - 1 : 0;
}

struct once {
    map_visit *visit;
    void *context;
    bool passed;
};

static void pass_over_first(void *of, uint64_t key, const uint64_t *value)
{
    struct once *const once = of;
    if (once->passed)
        once->visit(once->context, key, value);
    once->passed = true;
}

static bool iterate_less(void *self, map_visit *visit, void *context)
{
    struct once once = {visit, context, false};
    return whole->iterate(self, pass_over_first, &once);
}

static bool crash(void *self, uint64_t key, uint64_t *value)
{
    (void)self, (void)key, (void)value;
    abort();
}

static void check_fault(const struct map_strategy *faulty, const char *mix, const char *message)
{
    struct load load = load_default("own");
    struct err err = {0};
    assert_int_equal(load_parse("own.txt", mix, &load, &err), 0);
    const struct maps_point point = {.load = &load, .strategy = faulty, .threads = THREADS};
    assert_int_equal(map_check_points(&point, 1, QUIESCE, SEED, &err), -ECHILD);
    if (!strstr(err.text, message))
        fail_msg("%s is not in: %s", message, err.text);
}

static void test_faults_are_found(void **state)
{
    (void)state;
    whole = find("mutex");
    struct map_strategy faulty = *whole;
    faulty.put = lose_put;
    check_fault(&faulty, "mix get=50 put=50\n", "mutex is not a map: ");
    faulty = *whole;
    faulty.get = get_stale;
    check_fault(&faulty, "mix get=50 put=50\n", "mutex is not a map: ");
    faulty = *whole;
    faulty.remove = keep_removed;
    check_fault(&faulty, "mix get=50 put=30 delete=20\n", "mutex is not a map: ");
    faulty = *whole;
    faulty.size = count_less;
    check_fault(&faulty, "mix get=100\n", "mutex is not a map: ");
    faulty = *whole;
    faulty.iterate = iterate_less;
    check_fault(&faulty, "mix get=90 iterate=10\n", "mutex is not a map: ");
    faulty = *whole;
    faulty.get = crash;
    check_fault(&faulty, "mix get=100\n", "mutex crashed when threads meet: Aborted");
}

static void test_all_is_well(void **state)
{
    (void)state;
    struct load load = load_default("own");
    struct err err = {0};
    assert_int_equal(load_parse("own.txt", "mix get=50 put=50\n", &load, &err), 0);
    const struct maps_point point = {.load = &load, .strategy = find("mutex"), .threads = THREADS};
    assert_int_equal(map_check_points(&point, 1, QUIESCE, SEED, &err), 0);
}

/* Last: liburcu has a thread from then on, and a sanitizer wants none when a process forks. */
static void test_each_strategy_under_each_load(void **state)
{
    (void)state;
    for (size_t i = 0; i < load_file_count; i++) {
        struct load load;
        struct err err;
        assert_int_equal(load_find("--load", load_file_table[i].name, &load, &err), 0);
        for (size_t k = 0; k < map_strategy_count; k++) {
            const struct map_strategy *const s = map_strategy_table[k];
            if (s->missing || strcmp(s->name, "none") == 0)
                continue;
            for (int copies = 0; copies <= (s->copies && load_iterates(&load)); copies++) {
                char wrong[MAP_CHECK_TEXT] = "";
                const struct maps_point point = {
                    .load = &load, .strategy = s, .copies = copies, .threads = THREADS};
                if (!map_check_run(&point, QUIESCE, SEED, wrong))
                    fail_msg("%s under %s: %s", s->name, load.name, wrong);
            }
        }
    }
}
