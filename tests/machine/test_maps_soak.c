/* SPDX-License-Identifier: MIT
 * maps/: each strategy for a while under deletes and iteration, without growth of memory: at
 * rest, it takes after the second half of the time what it took after the first. SOAK_SECONDS in
 * all; a few by default. */
#include "tests/test.h"

#include "machine/clock.h"
#include "maps/memory.h"
#include "probes/maps/map_loop.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 2, QUIESCE = 64, BATCH = 100 };
static const double BYTES_NOISE = 1 << 17;

struct soak {
    const struct map_strategy *strategy;
    struct load load;
    void *map;
    uint64_t keys;
    atomic_bool stop;
};

struct soaker {
    struct soak *soak;
    struct map_thread me;
    pthread_t thread;
    uint64_t ops;
};

static void *go_on(void *context)
{
    static const struct clock clock = {.ns_per_tick = 1};
    struct soaker *const s = context;
    struct rng rng;
    s->me.strategy = s->soak->strategy;
    s->me.clock = &clock;
    s->me.steps = steps_count(&s->soak->load, THREADS);
    uint64_t *const step = calloc(s->me.steps, sizeof *step);
    s->me.self = s->me.strategy->join(s->soak->map, s->me.place.thread);
    if (!step || !s->me.self)
        return NULL;
    rng_seed(&rng, s->me.place.thread + 1);
    steps_draw(&s->soak->load, s->me.place, &rng, step);
    s->me.step = step;
    const struct worker worker = {.state = &s->me, .clock = &clock};
    while (!s->soak->stop)
        s->ops += map_loops(&s->soak->load, CLIENTS_NONE)->plain(&worker, BATCH);
    s->me.strategy->leave(s->me.self);
    free(step);
    return NULL;
}

/* What waits to be freed comes and goes with how the kernel schedules: it is waited for. */
static double heap_at_rest(const struct soak *s)
{
    enum { TIMES = 5000 };
    const struct timespec pause = {.tv_nsec = 1000000};
    struct map_facts facts = {.waiting = 1};
    for (int i = 0; i < TIMES && facts.waiting && s->strategy->facts; i++) {
        s->strategy->facts(s->map, &facts);
        if (facts.waiting)
            nanosleep(&pause, NULL);
    }
    return map_heap_bytes();
}

/* The threads for so long; then at rest. */
static double run_threads(struct soak *s, double seconds)
{
    struct soaker soaker[THREADS] = {0};
    uint64_t ops = 0;
    s->stop = false;
    for (unsigned i = 0; i < THREADS; i++) {
        soaker[i].soak = s;
        soaker[i].me.place = (struct steps_place){i, THREADS};
        assert_int_equal(pthread_create(&soaker[i].thread, NULL, go_on, &soaker[i]), 0);
    }
    const struct timespec pause = {
        .tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - floor(seconds)) * 1e9)};
    nanosleep(&pause, NULL);
    s->stop = true;
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(soaker[i].thread, NULL);
        assert_true(soaker[i].me.failed == 0);
        ops += soaker[i].ops; /* on a busy machine one may not have had its turn */
    }
    assert_true(ops > 0);
    return heap_at_rest(s);
}

static void soak(const struct map_strategy *strategy, double seconds)
{
    struct soak s = {.strategy = strategy};
    struct err err;
    const struct map_needs needs = {
        .keys = 1000, .threads = THREADS, .words = 1, .quiesce = QUIESCE};
    const double before = map_heap_bytes();
    assert_int_equal(load_find("soak", "deletes", &s.load, &err), 0);
    s.map = strategy->make(&needs);
    assert_non_null(s.map);
    const double first = run_threads(&s, seconds / 2), second = run_threads(&s, seconds / 2);
    strategy->destroy(s.map);
    print_message("# %s %u: %.0f KB after one half of the time, %.0f after the other\n",
        strategy->name, strategy->align, (first - before) / 1e3, (second - before) / 1e3);
    assert_true(second - first <= 0.2 * (first - before) + BYTES_NOISE);
}

static void test_no_growth(void **state)
{
    (void)state;
    const char *const text = getenv("SOAK_SECONDS");
    const double seconds = text ? strtod(text, NULL) : 5;
    size_t maps = 0;
    for (size_t i = 0; i < map_strategy_count; i++)
        maps += !map_strategy_table[i]->missing && strcmp(map_strategy_table[i]->name, "none") != 0;
    for (size_t i = 0; i < map_strategy_count; i++)
        if (!map_strategy_table[i]->missing && strcmp(map_strategy_table[i]->name, "none") != 0)
            soak(map_strategy_table[i], seconds / (double)maps);
}
