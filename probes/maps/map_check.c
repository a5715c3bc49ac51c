/* SPDX-License-Identifier: MIT
 * Threads beside their models. */
#include "probes/maps/map_check.h"

#include "probes/maps/map_loop.h"
#include "probes/maps/map_value.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
    const struct maps_point *point;
    struct load load; /* with fewer keys */
    void *map;
    unsigned threads;
    bool own_keys; /* the steps' keys are the thread's own as they are */
    pthread_mutex_t mutex;
    atomic_bool failed;
    char *wrong;
};

/* The first fault counts. */
static void report_wrong(struct check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void report_wrong(struct check *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pthread_mutex_lock(&c->mutex);
    if (!c->failed)
        vsnprintf(c->wrong, MAP_CHECK_TEXT, format, args);
    c->failed = true;
    pthread_mutex_unlock(&c->mutex);
    va_end(args);
}

/* A thread and what it knows: of its key number i, the number of its last value; 0: not there. */
struct checker {
    struct check *check;
    pthread_t thread;
    struct map_thread me;
    uint64_t *last, numbers, count; /* count: keys that are there */
    uint64_t seen;                  /* own keys, of an iteration */
    uint64_t *step;
    bool started;
};

static uint64_t number_of(const struct checker *me, uint64_t key)
{
    return key / me->check->threads;
}

static bool is_own(const struct checker *me, uint64_t key)
{
    return key % me->check->threads == me->me.place.thread && number_of(me, key) < me->numbers;
}

static void see_key(void *context, uint64_t key, const uint64_t *value)
{
    struct checker *const me = context;
    const uint64_t number = map_value_number(key, me->check->load.words, value);
    if (number == 0)
        report_wrong(me->check, "iterate shows key %" PRIu64 " with a value of no one", key);
    if (!is_own(me, key))
        return;
    me->seen++;
    if (number && number != me->last[number_of(me, key)])
        report_wrong(me->check, "iterate shows an old value of key %" PRIu64, key);
}

static void check_iterate(struct checker *me)
{
    me->seen = 0;
    if (!me->check->point->strategy->iterate(me->me.self, see_key, me))
        report_wrong(me->check, "iterate has no memory");
    else if (me->seen != me->count)
        report_wrong(me->check, "iterate shows %" PRIu64 " of a thread's %" PRIu64 " keys",
            me->seen, me->count);
}

static void check_size(struct checker *me)
{
    const uint64_t size = me->check->point->strategy->size(me->me.self);
    if (size < me->count)
        report_wrong(
            me->check, "size is %" PRIu64 ", and one thread has %" PRIu64 " keys", size, me->count);
}

static void check_get(struct checker *me, uint64_t key)
{
    uint64_t value[MAP_WORDS] = {0};
    const uint64_t last = me->last[number_of(me, key)];
    const bool found = me->check->point->strategy->get(me->me.self, key, value);
    if (found != (last != 0))
        report_wrong(
            me->check, found ? "a deleted key is there: %" PRIu64 : "a key is lost: %" PRIu64, key);
    else if (found && map_value_number(key, me->check->load.words, value) != last)
        report_wrong(me->check, "get gives an old or a mixed value of key %" PRIu64, key);
}

/* What a write should answer. */
static enum map_written expected(enum map_op op, bool there)
{
    return op == MAP_PUT                 ? there ? MAP_CHANGED : MAP_ADDED
           : there == (op == MAP_DELETE) ? MAP_CHANGED
                                         : MAP_KEPT;
}

static enum map_written write_key(struct checker *me, enum map_op op, uint64_t key)
{
    uint64_t value[MAP_WORDS];
    const struct map_strategy *const s = me->check->point->strategy;
    map_value_make(key, ++me->me.writes, me->check->load.words, value);
    return op == MAP_PUT      ? s->put(me->me.self, key, value)
           : op == MAP_INSERT ? s->insert(me->me.self, key, value)
                              : s->remove(me->me.self, key);
}

static void check_write(struct checker *me, enum map_op op, uint64_t key)
{
    uint64_t *const last = &me->last[number_of(me, key)];
    const bool there = *last;
    const enum map_written done = write_key(me, op, key);
    if (done == MAP_NO_MEMORY)
        report_wrong(me->check, "%s has no memory", map_op_name[op]);
    else if (done != expected(op, there))
        report_wrong(me->check, "%s of a key that is %sthere returns something else",
            map_op_name[op], there ? "" : "not ");
    if (op == MAP_DELETE)
        *last = 0;
    else if (op == MAP_PUT || !there)
        *last = me->me.writes;
    me->count = me->count + (*last != 0) - there;
}

static void check_step(struct checker *me, enum map_op op, uint64_t key)
{
    if (op == MAP_ITERATE)
        check_iterate(me);
    else if (op == MAP_SIZE)
        check_size(me);
    else if (op == MAP_GET)
        check_get(me, key);
    else
        check_write(me, op, key);
}

static void do_steps(struct checker *me)
{
    const struct check *const c = me->check;
    const uint64_t keys = load_keys(&c->load, c->threads);
    for (uint64_t key = me->me.place.thread; key < keys; key += c->threads)
        check_write(me, MAP_PUT, key);
    for (int i = 0; i < MAP_CHECK_STEPS && !c->failed; i++) {
        uint64_t key;
        const enum map_op op = map_next(&me->me, &c->load, &key);
        check_step(me, op, c->own_keys ? key : key * c->threads + me->me.place.thread);
    }
    for (uint64_t i = 0; i < me->numbers && !c->failed; i++)
        check_get(me, i * c->threads + me->me.place.thread);
}

static void *check_thread(void *context)
{
    struct checker *const me = context;
    struct check *const c = me->check;
    me->me.self = c->point->strategy->join(c->map, me->me.place.thread);
    if (!me->me.self) {
        report_wrong(c, "a thread cannot join");
        return NULL;
    }
    do_steps(me);
    c->point->strategy->leave(me->me.self);
    return NULL;
}

static bool prepare_thread(struct check *c, unsigned thread, uint64_t seed, struct checker *me)
{
    struct rng rng;
    const struct steps_place place = {thread, c->threads};
    const uint64_t keys = load_keys(&c->load, c->threads),
                   steps = steps_count(&c->load, c->threads);
    me->check = c;
    me->numbers = keys + MAP_CHECK_STEPS + 1;
    me->last = calloc(me->numbers, sizeof *me->last);
    me->step = calloc(steps, sizeof *me->step);
    me->me = (struct map_thread){.step = me->step,
        .steps = steps,
        .place = place,
        .next = (keys + c->threads - 1 - thread) / c->threads};
    if (!me->last || !me->step)
        return false;
    rng_seed(&rng, seed + thread);
    steps_draw(&c->load, place, &rng, me->step);
    return true;
}

/* With the keys of all: nobody else is there. */
static void check_all(struct check *c, const struct checker *checker)
{
    const struct map_strategy *const s = c->point->strategy;
    void *const self = s->join(c->map, 0);
    uint64_t count = 0;
    for (unsigned i = 0; i < c->threads; i++)
        count += checker[i].count;
    const uint64_t size = self ? s->size(self) : count;
    if (size != count)
        report_wrong(c, "size is %" PRIu64 ", and there are %" PRIu64 " keys", size, count);
    if (self)
        s->leave(self);
}

static bool run_threads(struct check *c, struct checker *checker, uint64_t seed)
{
    bool ready = true;
    for (unsigned i = 0; i < c->threads; i++)
        ready = prepare_thread(c, i, seed, &checker[i]) && ready;
    for (unsigned i = 0; i < c->threads && ready; i++)
        checker[i].started =
            pthread_create(&checker[i].thread, NULL, check_thread, &checker[i]) == 0;
    for (unsigned i = 0; i < c->threads; i++) {
        if (!checker[i].started)
            report_wrong(c, "no memory for a thread");
        else
            pthread_join(checker[i].thread, NULL);
    }
    if (!c->failed)
        check_all(c, checker);
    for (unsigned i = 0; i < c->threads; i++) {
        free(checker[i].last);
        free(checker[i].step);
    }
    return !c->failed;
}

/* The load as it is, with fewer keys. */
static struct load smaller(const struct load *load, unsigned threads)
{
    struct load small = *load;
    const uint64_t most = MAP_CHECK_KEYS;
    small.keys = load->keys < most ? load->keys : most;
    small.burst = load->burst < most ? load->burst : most;
    while (load_keys(&small, threads) > most * threads)
        small.lifetime /= 2;
    return small;
}

bool map_check_run(
    const struct maps_point *point, unsigned quiesce, uint64_t seed, char wrong[MAP_CHECK_TEXT])
{
    const unsigned threads =
        point->threads < MAP_CHECK_THREADS ? point->threads : MAP_CHECK_THREADS;
    struct check c = {.point = point,
        .load = smaller(point->load, threads),
        .threads = threads,
        .own_keys =
            point->load->draw == DRAW_OWN || point->load->draw == DRAW_NEW || point->load->burst,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .wrong = wrong};
    struct checker *const checker =
        aligned_alloc(_Alignof(struct checker), MAP_CHECK_THREADS * sizeof *checker);
    const struct map_needs needs = {.keys = load_keys(&c.load, threads),
        .threads = threads,
        .words = c.load.words,
        .copies = point->copies,
        .quiesce = quiesce};
    c.map = checker ? point->strategy->make(&needs) : NULL;
    if (checker)
        memset(checker, 0, MAP_CHECK_THREADS * sizeof *checker);
    if (!c.map)
        report_wrong(&c, "there is no memory to make it");
    const bool right = c.map && run_threads(&c, checker, seed);
    if (c.map)
        point->strategy->destroy(c.map);
    free(checker);
    return right;
}
