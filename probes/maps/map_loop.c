/* SPDX-License-Identifier: MIT
 * Steps on a map. The draw is a constant of each loop; a strategy is called through its table,
 * since which one runs is known only then. */
#include "probes/maps/map_loop.h"

#include <time.h>

enum { NS_A_SECOND = 1000000000 };

/* A number of the living, fewer than 2^32, in proportion to a random one of 61 bits. */
static inline __attribute__((always_inline)) uint64_t pick_living(
    const struct map_thread *me, uint64_t random)
{
    return me->oldest + ((random >> 29) * (me->next - me->oldest) >> 32);
}

static inline __attribute__((always_inline)) uint64_t find_key(
    struct map_thread *me, enum map_op op, uint64_t number, bool moving)
{
    if (!moving)
        return number;
    if (op == MAP_INSERT)
        number = me->next++;
    else if (op == MAP_DELETE && me->oldest < me->next)
        number = me->oldest++;
    else
        number = pick_living(me, number);
    return number * me->place.threads + me->place.thread;
}

static inline __attribute__((always_inline)) uint64_t take_step(struct map_thread *me)
{
    const uint64_t step = me->step[me->at];
    me->at = me->at + 1 == me->steps ? 0 : me->at + 1;
    return step;
}

static void see_key(void *context, uint64_t key, const uint64_t *value)
{
    uint64_t *const seen = context;
    *seen += key ^ value[0];
}

/* Timed by itself: it takes as long as thousands of other steps. */
static __attribute__((noinline)) bool iterate(struct map_thread *me)
{
    const uint64_t before = clock_now(me->clock);
    const bool done = me->strategy->iterate(me->self, see_key, &me->seen);
    me->iterated_ticks += clock_now(me->clock) - before;
    me->iterations++;
    return done;
}

static inline __attribute__((always_inline)) bool write_key(
    struct map_thread *me, enum map_op op, uint64_t key)
{
    me->value[0] = ++me->writes;
    const enum map_written done = op == MAP_DELETE ? me->strategy->remove(me->self, key)
                                  : op == MAP_PUT  ? me->strategy->put(me->self, key, me->value)
                                                   : me->strategy->insert(me->self, key, me->value);
    return done != MAP_NO_MEMORY;
}

static inline __attribute__((always_inline)) uint64_t do_step(struct map_thread *me, bool moving)
{
    const uint64_t step = take_step(me);
    const enum map_op op = step_op(step);
    if (op == MAP_GET) {
        me->strategy->get(me->self, find_key(me, op, step_key(step), moving), me->got);
        return 1;
    }
    bool done = true;
    if (op == MAP_SIZE)
        me->seen += me->strategy->size(me->self);
    else if (op == MAP_ITERATE)
        done = iterate(me);
    else
        done = write_key(me, op, find_key(me, op, step_key(step), moving));
    me->failed += !done;
    return done;
}

/* The step of the next client, unless that still thinks. */
static inline __attribute__((always_inline)) uint64_t serve_client(
    struct map_thread *me, bool moving)
{
    struct map_client *const client = &me->client[me->turn];
    me->turn = me->turn + 1 == me->clients ? 0 : me->turn + 1;
    if (me->think_ticks && client->ready > clock_now(me->clock))
        return 0;
    me->at = client->at;
    const uint64_t done = do_step(me, moving);
    client->at = me->at;
    if (me->think_ticks)
        client->ready = clock_now(me->clock) + me->think_ticks;
    return done;
}

void map_sleep_ticks(const struct clock *clock, uint64_t ticks)
{
    const uint64_t ns = (uint64_t)clock_ns(clock, ticks);
    const struct timespec t = {(time_t)(ns / NS_A_SECOND), (long)(ns % NS_A_SECOND)};
    nanosleep(&t, NULL);
}

/* Until the client has thought enough. */
static __attribute__((noinline)) void sleep_thinking(struct map_thread *me)
{
    const uint64_t now = clock_now(me->clock), ready = me->client->ready;
    const uint64_t until = ready < me->ends ? ready : me->ends;
    if (until <= now)
        return;
    if (me->strategy->sleep)
        me->strategy->sleep(me->self, true);
    map_sleep_ticks(me->clock, until - now);
    if (me->strategy->sleep)
        me->strategy->sleep(me->self, false);
}

static inline __attribute__((always_inline)) void begin_one(
    struct map_thread *me, enum map_clients clients)
{
    if (clients == CLIENTS_SLEEP)
        sleep_thinking(me);
}

static inline __attribute__((always_inline)) uint64_t do_one(
    struct map_thread *me, bool moving, enum map_clients clients)
{
    return clients == CLIENTS_DEALT ? serve_client(me, moving) : do_step(me, moving);
}

static inline __attribute__((always_inline)) void end_one(
    struct map_thread *me, enum map_clients clients)
{
    if (clients == CLIENTS_SLEEP)
        me->client->ready = clock_now(me->clock) + me->think_ticks;
}

static inline __attribute__((always_inline)) uint64_t run_steps(
    const struct worker *worker, uint64_t n, bool moving, enum map_clients clients)
{
    struct map_thread *const me = worker->state;
    uint64_t done = 0;
    do {
        begin_one(me, clients);
        done += do_one(me, moving, clients);
        end_one(me, clients);
    } while (--n);
    return done;
}

/* A client that still thinks is not timed. */
static inline __attribute__((always_inline)) uint64_t time_steps(
    const struct worker *worker, uint64_t n, bool moving, enum map_clients clients)
{
    struct map_thread *const me = worker->state;
    uint64_t done = 0;
    do {
        begin_one(me, clients);
        const uint64_t before = clock_begin(worker->clock);
        const uint64_t one = do_one(me, moving, clients);
        if (one || clients != CLIENTS_DEALT)
            histogram_record(worker->histogram, clock_end(worker->clock) - before);
        end_one(me, clients);
        done += one;
    } while (--n);
    return done;
}

#define MAP_LOOPS(name, moving, clients)                                                           \
    static uint64_t run_##name(const struct worker *worker, uint64_t n)                            \
    {                                                                                              \
        return run_steps(worker, n, moving, clients);                                              \
    }                                                                                              \
    static uint64_t time_##name(const struct worker *worker, uint64_t n)                           \
    {                                                                                              \
        return time_steps(worker, n, moving, clients);                                             \
    }
MAP_LOOPS(fixed, false, CLIENTS_NONE)
MAP_LOOPS(moving, true, CLIENTS_NONE)
MAP_LOOPS(fixed_dealt, false, CLIENTS_DEALT)
MAP_LOOPS(moving_dealt, true, CLIENTS_DEALT)
MAP_LOOPS(fixed_sleep, false, CLIENTS_SLEEP)
MAP_LOOPS(moving_sleep, true, CLIENTS_SLEEP)
#undef MAP_LOOPS

/* An op of a map is over when its call returns: there is no other mode. */
#define LOOPS_OF(name)                                                                             \
    {                                                                                              \
        run_##name, run_##name, run_##name, run_##name, time_##name                                \
    }
const struct op_loops *map_loops(const struct load *load, enum map_clients clients)
{
    static const struct op_loops loops[2][CLIENTS_WAYS] = {
        {LOOPS_OF(fixed), LOOPS_OF(fixed_dealt), LOOPS_OF(fixed_sleep)},
        {LOOPS_OF(moving), LOOPS_OF(moving_dealt), LOOPS_OF(moving_sleep)}};
    return &loops[load->draw == DRAW_NEW][clients];
}
#undef LOOPS_OF

enum map_op map_next(struct map_thread *me, const struct load *load, uint64_t *key)
{
    const uint64_t step = take_step(me);
    *key = find_key(me, step_op(step), step_key(step), load->draw == DRAW_NEW);
    return step_op(step);
}
