/* SPDX-License-Identifier: MIT
 * Seeded random numbers: the same seed gives the same run order and the same intervals.
 * xoshiro256** seeded by splitmix64 (Blackman and Vigna, ACM TOMS 47(4), 2021). Not for secrets. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t s[4];
};

void rng_seed(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);
/* Uniform in [0, bound), bound > 0, without modulo bias (Lemire 2019). */
uint32_t rng_below(struct rng *rng, uint32_t bound);
double rng_real(struct rng *rng); /* uniform in [0, 1) */
/* Fisher-Yates. */
void rng_shuffle(struct rng *rng, unsigned *item, size_t count);

#endif
