/* SPDX-License-Identifier: MIT
 * The rounds of a matrix: a tournament of cores, in which each game is as many rounds as the two
 * cores have pairs of threads; and for each core the pairs of its threads. */
#include "base/grow.h"
#include "base/rng.h"
#include "probes/matrix/matrix_plan.h"
#include "probes/matrix/tournament.h"

#include <errno.h>
#include <stdlib.h>

/* Cpus by core; a cpu whose core is unknown counts as a separate core. */
struct cores {
    uint16_t *member; /* indices in the plan's cpus, core after core */
    uint32_t *start;  /* of each core, and one behind the last */
    unsigned count;
};

static void cores_fini(struct cores *c)
{
    free(c->member);
    free(c->start);
}

struct keyed {
    int core;
    uint16_t index;
};

static int by_core(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->core != y->core)
        return x->core < y->core ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static void group_cores(const struct keyed *key, size_t n, struct cores *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || key[i].core < 0 || key[i].core != key[i - 1].core)
            out->start[out->count++] = (uint32_t)i;
        out->member[i] = key[i].index;
    }
    out->start[out->count] = (uint32_t)n;
}

static int cores_init(const struct matrix_plan *plan, struct cores *out)
{
    const size_t n = plan->cpus.count;
    struct keyed *key = malloc(n * sizeof *key);
    *out = (struct cores){
        .member = malloc(n * sizeof *out->member), .start = malloc((n + 1) * sizeof *out->start)};
    const bool ok = key && out->member && out->start;
    for (size_t i = 0; ok && i < n; i++)
        key[i] = (struct keyed){.core = plan->cpu[i]->core, .index = (uint16_t)i};
    if (ok) {
        qsort(key, n, sizeof *key, by_core);
        group_cores(key, n, out);
    } else {
        cores_fini(out);
    }
    free(key);
    return ok ? 0 : -ENOMEM;
}

static unsigned core_size(const struct cores *c, unsigned core)
{
    return c->start[core + 1] - c->start[core];
}

static uint16_t core_member(const struct cores *c, unsigned core, unsigned thread)
{
    return c->member[c->start[core] + thread];
}

static int begin_round(struct matrix_plan *p)
{
    if (GROW(p->round, p->rounds))
        return -ENOMEM;
    p->round[p->rounds++] = (struct matrix_round){.slot = (uint32_t)p->slots};
    return 0;
}

static int add_slot(struct matrix_plan *p, uint16_t a, uint16_t b, bool counts)
{
    if (GROW(p->slot, p->slots))
        return -ENOMEM;
    p->slot[p->slots++] = (struct matrix_slot){
        .first = a < b ? a : b,
        .second = a < b ? b : a,
        .distance = (uint8_t)topology_distance(p->cpu[a], p->cpu[b]),
        .counts = counts,
    };
    p->round[p->rounds - 1].slots++;
    return 0;
}

static int add_alone(struct matrix_plan *p, uint16_t a, uint16_t b, bool counts)
{
    const int code = begin_round(p);
    return code ? code : add_slot(p, a, b, counts);
}

/* Pair number `turn` of two cores' threads; in the order of rows and columns. */
static int add_game(
    struct matrix_plan *p, const struct cores *c, unsigned a, unsigned b, unsigned turn)
{
    const unsigned across = core_size(c, b);
    if (turn >= core_size(c, a) * across)
        return 0;
    return add_slot(p, core_member(c, a, turn / across), core_member(c, b, turn % across), true);
}

static unsigned most_turns(const struct cores *c, unsigned round)
{
    unsigned most = 0;
    for (unsigned g = 0; g < tournament_games(c->count); g++) {
        unsigned a, b;
        tournament_game(c->count, round, g, &a, &b);
        const unsigned turns = core_size(c, a) * core_size(c, b);
        most = turns > most ? turns : most;
    }
    return most;
}

static int add_core_round(struct matrix_plan *p, const struct cores *c, unsigned round)
{
    const unsigned turns = most_turns(c, round);
    for (unsigned turn = 0; turn < turns; turn++) {
        int code = begin_round(p);
        for (unsigned g = 0; !code && g < tournament_games(c->count); g++) {
            unsigned a, b;
            tournament_game(c->count, round, g, &a, &b);
            code = add_game(p, c, a, b, turn);
        }
        if (code)
            return code;
    }
    return 0;
}

/* The pairs within each core: all cores at the same time, each in a separate tournament. */
static int add_siblings(struct matrix_plan *p, const struct cores *c)
{
    unsigned rounds = 0;
    for (unsigned i = 0; i < c->count; i++)
        rounds = tournament_rounds(core_size(c, i)) > rounds ? tournament_rounds(core_size(c, i))
                                                             : rounds;
    /* One game a core at a time, so that no two matches share it. */
    for (unsigned i = 0; i < rounds; i++) {
        for (unsigned g = 0, found = 1; found; g++) {
            found = 0;
            for (unsigned k = 0; k < c->count; k++) {
                const unsigned n = core_size(c, k);
                unsigned a, b;
                if (i >= tournament_rounds(n) || g >= tournament_games(n))
                    continue;
                int code = found ? 0 : begin_round(p);
                tournament_game(n, i, g, &a, &b);
                if (!code)
                    code = add_slot(p, core_member(c, k, a), core_member(c, k, b), true);
                if (code)
                    return code;
                found = 1;
            }
        }
    }
    return 0;
}

/* A random few slots of each distance, of rounds that are (or are not) shared: reservoir sampling
 * (Vitter's algorithm R, ACM TOMS 11(1), 1985). */
struct sample_of {
    uint32_t slot[DISTANCE_COUNT][MATRIX_CLASS_PAIRS], round[DISTANCE_COUNT][MATRIX_CLASS_PAIRS];
    unsigned count[DISTANCE_COUNT];
};

static void draw_sample(const struct matrix_plan *p, uint64_t seed, unsigned most,
    unsigned beside_least, struct sample_of *out)
{
    uint32_t seen[DISTANCE_COUNT] = {0};
    struct rng rng;
    *out = (struct sample_of){0};
    rng_seed(&rng, seed);
    for (uint32_t r = 0; r < p->rounds; r++) {
        if (p->round[r].slots < beside_least)
            continue;
        for (uint32_t s = p->round[r].slot; s < p->round[r].slot + p->round[r].slots; s++) {
            const unsigned d = p->slot[s].distance;
            const uint32_t at = seen[d] < most ? seen[d] : rng_below(&rng, seen[d] + 1);
            seen[d]++;
            if (at >= most)
                continue;
            out->slot[d][at] = s;
            out->round[d][at] = r;
            out->count[d] = out->count[d] > at ? out->count[d] : at + 1;
        }
    }
}

static int add_checks(struct matrix_plan *p, uint64_t seed)
{
    struct sample_of sample;
    draw_sample(p, seed, MATRIX_CHECKS, 2, &sample);
    p->check = calloc((size_t)DISTANCE_COUNT * MATRIX_CHECKS, sizeof *p->check);
    if (!p->check)
        return -ENOMEM;
    for (unsigned d = 0; d < DISTANCE_COUNT; d++)
        for (unsigned i = 0; i < sample.count[d]; i++) {
            const struct matrix_slot pair = p->slot[sample.slot[d][i]];
            if (add_alone(p, pair.first, pair.second, false))
                return -ENOMEM;
            p->check[p->checks++] = (struct matrix_check){
                .shared_round = sample.round[d][i],
                .shared_slot = sample.slot[d][i],
                .alone_round = (uint32_t)p->rounds - 1,
                .alone_slot = (uint32_t)p->slots - 1,
            };
        }
    return 0;
}

/* Leaves a sample of each distance, each pair in a separate round. */
static int keep_sample(struct matrix_plan *p, uint64_t seed)
{
    struct sample_of sample;
    struct matrix_slot kept[DISTANCE_COUNT * MATRIX_CLASS_PAIRS];
    size_t count = 0;
    draw_sample(p, seed, MATRIX_CLASS_PAIRS, 1, &sample);
    for (unsigned d = 0; d < DISTANCE_COUNT; d++)
        for (unsigned i = 0; i < sample.count[d]; i++)
            kept[count++] = p->slot[sample.slot[d][i]];
    free(p->slot);
    free(p->round);
    p->slot = NULL;
    p->round = NULL;
    p->slots = p->rounds = 0;
    for (size_t i = 0; i < count; i++)
        if (add_alone(p, kept[i].first, kept[i].second, true))
            return -ENOMEM;
    return 0;
}

int matrix_rounds_build(struct matrix_plan *plan, uint64_t seed)
{
    struct cores cores;
    int code = cores_init(plan, &cores);
    if (code)
        return code;
    for (unsigned r = 0; !code && r < tournament_rounds(cores.count); r++)
        code = add_core_round(plan, &cores, r);
    if (!code)
        code = add_siblings(plan, &cores);
    cores_fini(&cores);
    for (size_t i = 0; !code && i < plan->slots; i++)
        plan->pairs[plan->slot[i].distance]++;
    if (code)
        return code;
    return plan->classes ? keep_sample(plan, seed) : add_checks(plan, seed);
}

static bool has_alone(const struct matrix_plan *plan, uint32_t slot, uint32_t *alone)
{
    for (size_t i = 0; i < plan->checks; i++)
        if (plan->check[i].shared_slot == slot) {
            *alone = plan->check[i].alone_slot;
            return true;
        }
    return false;
}

int matrix_plan_alone(struct matrix_plan *plan, enum distance distance)
{
    const size_t rounds = plan->rounds;
    plan->alone[distance] = true;
    for (size_t r = 0; r < rounds; r++) {
        const struct matrix_round round = plan->round[r];
        for (uint32_t s = round.slot; round.slots > 1 && s < round.slot + round.slots; s++) {
            const struct matrix_slot pair = plan->slot[s];
            uint32_t alone;
            if (pair.distance != distance || !pair.counts)
                continue;
            plan->slot[s].counts = false;
            if (has_alone(plan, s, &alone))
                plan->slot[alone].counts = true;
            else if (add_alone(plan, pair.first, pair.second, true))
                return -ENOMEM;
        }
    }
    return 0;
}
