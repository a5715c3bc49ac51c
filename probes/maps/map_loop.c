/* SPDX-License-Identifier: MIT
 * Steps on a map. The draw is a constant of each loop; a strategy is called through its table,
 * since which one runs is known only then. */
#include "probes/maps/map_loop.h"

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

static inline __attribute__((always_inline)) uint64_t run_steps(
    const struct worker *worker, uint64_t n, bool moving)
{
    struct map_thread *const me = worker->state;
    uint64_t done = 0;
    do
        done += do_step(me, moving);
    while (--n);
    return done;
}

static inline __attribute__((always_inline)) uint64_t time_steps(
    const struct worker *worker, uint64_t n, bool moving)
{
    struct map_thread *const me = worker->state;
    uint64_t done = 0;
    do {
        const uint64_t before = clock_begin(worker->clock);
        done += do_step(me, moving);
        histogram_record(worker->histogram, clock_end(worker->clock) - before);
    } while (--n);
    return done;
}

#define MAP_LOOPS(name, moving)                                                                    \
    static uint64_t run_##name(const struct worker *worker, uint64_t n)                            \
    {                                                                                              \
        return run_steps(worker, n, moving);                                                       \
    }                                                                                              \
    static uint64_t time_##name(const struct worker *worker, uint64_t n)                           \
    {                                                                                              \
        return time_steps(worker, n, moving);                                                      \
    }
MAP_LOOPS(fixed, false)
MAP_LOOPS(moving, true)
#undef MAP_LOOPS

/* An op of a map is over when its call returns: there is no other mode. */
const struct op_loops *map_loops(const struct load *load)
{
    static const struct op_loops loops[] = {
        {run_fixed, run_fixed, run_fixed, run_fixed, time_fixed},
        {run_moving, run_moving, run_moving, run_moving, time_moving}};
    return &loops[load->draw == DRAW_NEW];
}

enum map_op map_next(struct map_thread *me, const struct load *load, uint64_t *key)
{
    const uint64_t step = take_step(me);
    *key = find_key(me, step_op(step), step_key(step), load->draw == DRAW_NEW);
    return step_op(step);
}
