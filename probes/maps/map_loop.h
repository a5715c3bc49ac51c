/* SPDX-License-Identifier: MIT
 * The measured loops of a load: a thread's steps on a map, again and again. */
#ifndef PROBES_MAPS_MAP_LOOP_H
#define PROBES_MAPS_MAP_LOOP_H

#include "probes/maps/steps.h"
#include "probes/trial/op.h"

/* One of a thread's clients, which take turns. */
struct map_client {
    _Alignas(64) uint64_t ready; /* tick from which it has thought enough */
    uint64_t at;                 /* in the steps */
};

/* A thread's part; worker.state of its loops. Private to the thread. */
struct map_thread {
    _Alignas(256) const struct map_strategy *strategy;
    void *self; /* of strategy->join */
    const uint64_t *step;
    uint64_t steps, at;
    const struct clock *clock;
    struct steps_place place;
    /* Of a thread that serves clients: */
    struct map_client *client;
    uint64_t clients, turn, think_ticks;
    uint64_t ends; /* of one that is a client: tick after which it need not think any more */
    /* Of DRAW_NEW: the thread's keys are number * threads + thread, of which these live. */
    uint64_t oldest, next;
    /* What it did: */
    uint64_t writes, iterations, iterated_ticks, failed; /* failed: no memory */
    uint64_t allocated;                                  /* by map_allocations */
    uint64_t value[MAP_WORDS], got[MAP_WORDS];
    uint64_t seen; /* ties what was read to something */
};

/* How a thread has clients: it has none, it serves several, or it is the only one and sleeps while
 * that thinks. */
enum map_clients { CLIENTS_NONE, CLIENTS_DEALT, CLIENTS_SLEEP, CLIENTS_WAYS };
/* By whether the load draws new keys, too. */
const struct op_loops *map_loops(const struct load *load, enum map_clients clients);
void map_sleep_ticks(const struct clock *clock, uint64_t ticks);
/* The next step, for who wants to follow the loop: its op and its key, and it counts as done. */
enum map_op map_next(struct map_thread *thread, const struct load *load, uint64_t *key);

#endif
