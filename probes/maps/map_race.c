/* SPDX-License-Identifier: MIT
 * Threads that meet on every key. */
#include "probes/maps/map_race.h"

#include "base/rng.h"
#include "probes/maps/map_value.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

struct race {
    const struct map_strategy *strategy;
    void *map;
    uint64_t seed;
    atomic_int waiting; /* threads that have not yet arrived */
};

struct racer {
    struct race *race;
    unsigned number;
    pthread_t thread;
    int64_t added; /* keys, by what its writes returned: those removed taken off */
    bool joined, mixed, no_memory;
};

static bool is_whole(uint64_t key, const uint64_t value[MAP_WORDS])
{
    return map_value_number(key, MAP_WORDS, value) != 0;
}

static void write_key(struct racer *me, void *self, uint64_t key, uint64_t random, uint64_t number)
{
    const struct map_strategy *const s = me->race->strategy;
    uint64_t value[MAP_WORDS];
    enum map_written done;
    map_value_make(key, number, MAP_WORDS, value);
    switch (random % 4) {
    case 0:
        done = s->remove(self, key);
        me->added -= done == MAP_CHANGED;
        break;
    case 1:
        done = s->insert(self, key, value);
        me->added += done == MAP_CHANGED;
        break;
    default:
        done = s->put(self, key, value);
        me->added += done == MAP_ADDED;
    }
    me->no_memory |= done == MAP_NO_MEMORY;
}

static void race_once(struct racer *me, void *self, struct rng *rng, uint64_t number)
{
    uint64_t value[MAP_WORDS];
    const uint64_t random = rng_next(rng), key = random % MAP_RACE_KEYS;
    if (random >> 63)
        write_key(me, self, key, random >> 32, number);
    else if (me->race->strategy->get(self, key, value))
        me->mixed |= !is_whole(key, value);
}

/* Each on its cpu where there are as many: on one, they would hardly meet. */
static void bind_racer(unsigned number)
{
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        return;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed) || number-- > 0)
            continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof one, &one);
        return;
    }
}

static void *run_racer(void *context)
{
    struct racer *const me = context;
    struct race *const race = me->race;
    struct rng rng;
    rng_seed(&rng, race->seed + me->number);
    bind_racer(me->number);
    void *const self = race->strategy->join(race->map, me->number);
    me->joined = self;
    race->waiting--;
    while (race->waiting > 0)
        ;
    for (uint64_t i = 0; self && i < MAP_RACE_STEPS; i++)
        race_once(me, self, &rng, (uint64_t)me->number << 24 | (i + 1));
    if (self)
        race->strategy->leave(self);
    return NULL;
}

struct seen {
    unsigned times[MAP_RACE_KEYS];
    bool mixed, other;
};

static void see_key(void *context, uint64_t key, const uint64_t *value)
{
    struct seen *const seen = context;
    if (key < MAP_RACE_KEYS) {
        seen->times[key]++;
        seen->mixed |= !is_whole(key, value);
    } else {
        seen->other = true;
    }
}

/* What is there at rest, in three ways. */
static bool is_consistent(
    const struct race *race, void *self, int64_t added, char wrong[MAP_RACE_TEXT])
{
    const struct map_strategy *const s = race->strategy;
    struct seen seen = {.other = false};
    uint64_t value[MAP_WORDS];
    int64_t found = 0, shown = 0;
    bool alike = s->iterate(self, see_key, &seen) && !seen.other && !seen.mixed;
    for (uint64_t key = 0; key < MAP_RACE_KEYS; key++) {
        const bool there = s->get(self, key, value);
        found += there;
        shown += seen.times[key];
        alike = alike && seen.times[key] == there && (!there || is_whole(key, value));
    }
    const int64_t size = (int64_t)s->size(self);
    if (alike && size == found && added == found)
        return true;
    snprintf(wrong, MAP_RACE_TEXT,
        "by what its writes returned %" PRId64 " keys stayed, get finds %" PRId64
        ", iterate shows %" PRId64 ", size is %" PRId64,
        added, found, shown, size);
    return false;
}

static bool judge(struct race *race, const struct racer *racer, char wrong[MAP_RACE_TEXT])
{
    int64_t added = 0;
    for (unsigned i = 0; i < MAP_RACE_THREADS; i++) {
        added += racer[i].added;
        const char *const fault = !racer[i].joined     ? "a thread cannot join"
                                  : racer[i].no_memory ? "a write has no memory"
                                  : racer[i].mixed     ? "get gives a mixture of two values"
                                                       : NULL;
        if (fault) {
            snprintf(wrong, MAP_RACE_TEXT, "%s", fault);
            return false;
        }
    }
    void *const self = race->strategy->join(race->map, 0);
    const bool right = self && is_consistent(race, self, added, wrong);
    if (self)
        race->strategy->leave(self);
    return right;
}

bool map_race_run(
    const struct map_strategy *strategy, unsigned quiesce, uint64_t seed, char wrong[MAP_RACE_TEXT])
{
    const struct map_needs needs = {
        .keys = MAP_RACE_KEYS, .threads = MAP_RACE_THREADS, .words = MAP_WORDS, .quiesce = quiesce};
    struct race race = {.strategy = strategy, .seed = seed, .waiting = MAP_RACE_THREADS};
    struct racer racer[MAP_RACE_THREADS] = {{0}};
    bool started = true;
    race.map = strategy->make(&needs);
    snprintf(wrong, MAP_RACE_TEXT, "there is no memory for it, or for threads");
    if (!race.map)
        return false;
    for (unsigned i = 0; i < MAP_RACE_THREADS; i++) {
        racer[i].race = &race;
        racer[i].number = i;
        started = started && pthread_create(&racer[i].thread, NULL, run_racer, &racer[i]) == 0;
        if (!started)
            race.waiting--;
    }
    for (unsigned i = 0; i < MAP_RACE_THREADS; i++)
        if (racer[i].thread)
            pthread_join(racer[i].thread, NULL);
    const bool right = started && judge(&race, racer, wrong);
    strategy->destroy(race.map);
    return right;
}
