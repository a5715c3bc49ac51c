/* SPDX-License-Identifier: MIT
 * Draws steps. */
#include "probes/maps/steps.h"

#include <math.h>

static const double ALL = 100;

static uint64_t draw_below(struct rng *rng, uint64_t bound)
{
    return (uint64_t)(rng_real(rng) * (double)bound);
}

/* Rejection-inversion (Hoermann and Derflinger, ACM TOMACS 6(3), 1996): the inverse of the integral
 * of 1/x^s proposes a rank, and what lies between the integral and the steps is drawn again. */
struct zipf {
    double s, low, high, shift;
    uint64_t keys;
};

static double integral(double x, double s)
{
    const double log_x = log(x);
    return s == 1 ? log_x : expm1((1 - s) * log_x) / (1 - s);
}

static double inverse(double y, double s)
{
    return s == 1 ? exp(y) : exp(log1p(fmax(y * (1 - s), -1)) / (1 - s));
}

static struct zipf zipf_of(const struct load *load, uint64_t keys)
{
    const double s = load->parameter;
    return (struct zipf){.s = s,
        .low = integral(1.5, s) - 1,
        .high = integral((double)keys + 0.5, s),
        .shift = 2 - inverse(integral(2.5, s) - pow(2, -s), s),
        .keys = keys};
}

/* A rank from 0. */
static uint64_t draw_zipf(const struct zipf *z, struct rng *rng)
{
    for (;;) {
        const double y = z->high + rng_real(rng) * (z->low - z->high);
        const double x = inverse(y, z->s);
        const double rank = fmin(fmax(floor(x + 0.5), 1), (double)z->keys);
        if (rank - x <= z->shift || y >= integral(rank + 0.5, z->s) - pow(rank, -z->s))
            return (uint64_t)rank - 1;
    }
}

static enum map_op draw_op(const struct load *load, struct rng *rng)
{
    double left = rng_real(rng) * ALL;
    int op = 0;
    while (op < MAP_OPS - 1 && left >= load->share[op])
        left -= load->share[op++];
    return (enum map_op)op;
}

static uint64_t draw_key(
    const struct load *load, const struct zipf *zipf, struct steps_place place, struct rng *rng)
{
    switch (load->draw) {
    case DRAW_ZIPF:
        return draw_zipf(zipf, rng);
    case DRAW_HOT:
        return rng_real(rng) < load->parameter ? 0 : draw_below(rng, zipf->keys);
    case DRAW_OWN:
        return draw_below(rng, zipf->keys / place.threads) * place.threads + place.thread;
    case DRAW_NEW:
        return rng_next(rng) >> STEP_OP_BITS;
    default:
        return draw_below(rng, zipf->keys);
    }
}

static uint64_t make_step(enum map_op op, uint64_t key)
{
    return key << STEP_OP_BITS | (uint64_t)op;
}

/* A thread's share of the puts, then one iteration. */
static void draw_burst(struct steps_place place, uint64_t count, uint64_t *step)
{
    for (uint64_t i = 0; i + 1 < count; i++)
        step[i] = make_step(MAP_PUT, i * place.threads + place.thread);
    step[count - 1] = make_step(MAP_ITERATE, 0);
}

uint64_t steps_count(const struct load *load, unsigned threads)
{
    return load->burst ? (load->burst + threads - 1) / threads + 1 : STEPS_MIX;
}

void steps_draw(const struct load *load, struct steps_place place, struct rng *rng, uint64_t *step)
{
    const uint64_t count = steps_count(load, place.threads);
    const struct zipf zipf = zipf_of(load, load_keys(load, place.threads));
    if (load->burst) {
        draw_burst(place, count, step);
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        const enum map_op op = draw_op(load, rng);
        step[i] = make_step(op, draw_key(load, &zipf, place, rng));
    }
}

size_t steps_room(const struct load *load, size_t loads, const unsigned *threads, size_t counts)
{
    size_t room = 0;
    for (size_t i = 0; i < loads; i++)
        for (size_t n = 0; n < counts; n++) {
            const size_t steps = steps_count(&load[i], threads[n]);
            room = steps > room ? steps : room;
        }
    return room;
}

void steps_draw_seeded(
    const struct load *load, struct steps_place place, uint64_t seed, uint64_t *step)
{
    struct rng rng;
    rng_seed(&rng, seed ^ (place.thread + 1) * 0x9e3779b97f4a7c15);
    steps_draw(load, place, &rng, step);
}
