/* SPDX-License-Identifier: MIT
 * Ping-pong between pairs of a run's cpus, and the regimes that its times fall into. */
#include "probes/trial/canary.h"

#include "base/compare.h"
#include "base/limits.h"
#include "machine/gate.h"

#include <math.h>
#include <stdlib.h>

struct game {
    struct gate gate;
    const struct clock *clock;
    const unsigned *pair;
    _Atomic uint64_t *ball;
    double batch_ns[CANARY_BATCHES];
};

static bool has_distance(const struct canary *c, const struct topology *topology,
    const unsigned *cpu, enum distance distance)
{
    for (unsigned i = 0; i < c->pairs; i++)
        if (topology_distance(topology_cpu(topology, cpu[c->pair[i][0]]),
                topology_cpu(topology, cpu[c->pair[i][1]])) == distance)
            return true;
    return false;
}

static void add_pair(struct canary *c, unsigned a, unsigned b)
{
    c->pair[c->pairs][0] = a;
    c->pair[c->pairs++][1] = b;
}

static void choose_pairs(
    struct canary *c, const struct topology *topology, const unsigned *cpu, unsigned cpus)
{
    enum { RING = CANARY_PAIRS - DISTANCE_COUNT };
    const unsigned ring = cpus < 2 ? 0 : cpus == 2 ? 1 : cpus < RING ? cpus : RING;
    for (unsigned i = 0; i < ring; i++) {
        const unsigned a = (unsigned)((size_t)i * cpus / ring);
        add_pair(c, a, (a + 1) % cpus);
    }
    for (unsigned b = 1; b < cpus && c->pairs < CANARY_PAIRS; b++) {
        const enum distance d =
            topology_distance(topology_cpu(topology, cpu[0]), topology_cpu(topology, cpu[b]));
        if (!has_distance(c, topology, cpu, d))
            add_pair(c, 0, b);
    }
}

void canary_init(
    struct canary *canary, const struct topology *topology, const unsigned *cpu, unsigned cpus)
{
    *canary = (struct canary){0};
    choose_pairs(canary, topology, cpu, cpus);
}

int canary_map(struct canary *canary, struct crew *crew, const struct topology *topology, int node,
    struct err *err)
{
    canary->ball = (struct arena){
        .area_bytes = ARENA_PAGE, .areas = 1, .policy = {.node = node, .pages = PAGES_4K}};
    return arena_map(&canary->ball, crew, topology, err);
}

void canary_fini(struct canary *canary)
{
    arena_fini(&canary->ball);
}

/* One side: waits for every number of its parity and stores the next. */
static void rally_ball(_Atomic uint64_t *ball, uint64_t first, unsigned rounds)
{
    for (uint64_t i = 0; i < rounds; i++) {
        const uint64_t mine = first + 2 * i;
        while (atomic_load_explicit(ball, memory_order_acquire) != mine)
            ;
        atomic_store_explicit(ball, mine + 1, memory_order_release);
    }
}

static void play_game(void *context, unsigned thread)
{
    struct game *g = context;
    const bool serves = thread == g->pair[0];
    gate_pass(&g->gate, g->clock);
    for (unsigned i = 0; i < CANARY_BATCHES; i++) {
        const uint64_t before = clock_now(g->clock);
        rally_ball(g->ball, 2ull * CANARY_ROUNDS * i + !serves, CANARY_ROUNDS);
        if (serves)
            g->batch_ns[i] =
                clock_elapsed_ns(g->clock, clock_now(g->clock) - before, 1) / CANARY_ROUNDS;
    }
}

void canary_read(struct canary *canary, struct crew *crew, const struct clock *clock,
    struct canary_reading *reading)
{
    for (unsigned i = 0; i < canary->pairs; i++) {
        struct game game = {
            .clock = clock, .pair = canary->pair[i], .ball = (void *)canary->ball.memory};
        gate_init(&game.gate, 2);
        atomic_store_explicit(game.ball, 0, memory_order_relaxed); /* ordered by crew_run */
        crew_run_some(crew, canary->pair[i], 2, play_game, &game);
        qsort(game.batch_ns, CANARY_BATCHES, sizeof *game.batch_ns, order_doubles);
        reading->ns[i] = game.batch_ns[CANARY_BATCHES / 2];
    }
}

double canary_ns(const struct canary *canary, const struct canary_reading *reading)
{
    double sum = 0;
    for (unsigned i = 0; i < canary->pairs; i++)
        sum += reading->ns[i];
    return canary->pairs ? sum / canary->pairs : NAN;
}

/* The factor between two readings of the pair that differs most; 1 without a pair. */
static double factor_between(
    const struct canary *canary, const struct canary_reading *a, const struct canary_reading *b)
{
    double most = 1;
    for (unsigned i = 0; i < canary->pairs; i++)
        most = fmax(most, fmax(a->ns[i] / b->ns[i], b->ns[i] / a->ns[i]));
    return most;
}

bool canary_agree(
    const struct canary *canary, const struct canary_reading *a, const struct canary_reading *b)
{
    return factor_between(canary, a, b) <= REGIME_FACTOR;
}

static void add_reading(
    struct canary_regime *regime, const struct canary_reading *reading, unsigned pairs)
{
    regime->readings++;
    for (unsigned i = 0; i < pairs; i++)
        regime->mean.ns[i] += (reading->ns[i] - regime->mean.ns[i]) / regime->readings;
}

int canary_regime(struct canary *canary, const struct canary_reading *reading)
{
    unsigned nearest = canary->regimes;
    double least = REGIME_FACTOR;
    for (unsigned i = 0; i < canary->regimes; i++) {
        const double f = factor_between(canary, reading, &canary->regime[i].mean);
        if (f > least)
            continue;
        least = f;
        nearest = i;
    }
    if (nearest == CANARY_REGIMES)
        return -1;
    canary->regimes += nearest == canary->regimes;
    add_reading(&canary->regime[nearest], reading, canary->pairs);
    return (int)nearest;
}
