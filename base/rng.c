/* SPDX-License-Identifier: MIT
 * xoshiro256** 1.0 and splitmix64, after the public-domain code at prng.di.unimi.it. */
#include "base/rng.h"

static uint64_t rotate_left(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static uint64_t next_splitmix64(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void rng_seed(struct rng *rng, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        rng->s[i] = next_splitmix64(&seed);
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->s;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double rng_real(struct rng *rng)
{
    return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

/* Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019: the high half of
 * a product is the number; the few low halves that would favour some numbers are discarded. */
uint32_t rng_below(struct rng *rng, uint32_t bound)
{
    const uint32_t biased = -bound % bound;
    uint64_t product;
    do
        product = (rng_next(rng) >> 32) * bound;
    while ((uint32_t)product < biased);
    return (uint32_t)(product >> 32);
}

void rng_shuffle(struct rng *rng, unsigned *item, size_t count)
{
    for (size_t left = count; left > 1; left--) {
        const size_t other = rng_below(rng, (uint32_t)left);
        const unsigned kept = item[left - 1];
        item[left - 1] = item[other];
        item[other] = kept;
    }
}
