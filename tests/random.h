/* SPDX-License-Identifier: MIT
 * Seeded random series for tests of the statistics. */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include "base/rng.h"

#include <math.h>
#include <stddef.h>

/* In (0, 1). */
static inline double uniform(struct rng *rng)
{
    return ((double)(rng_next(rng) >> 11) + 0.5) * 0x1p-53;
}

/* Of mean 0 and deviation 1 (Box and Muller 1958). */
static inline double normal(struct rng *rng)
{
    return sqrt(-2 * log(uniform(rng))) * cos(2 * M_PI * uniform(rng));
}

/* Around 100, each independent of the others. */
static inline void make_normal(struct rng *rng, double *value, size_t count)
{
    for (size_t i = 0; i < count; i++)
        value[i] = 100 + 5 * normal(rng);
}

/* The same, each depends by 0.5 on the one before. */
static inline void make_ar1(struct rng *rng, double *value, size_t count)
{
    double now = normal(rng);
    for (size_t i = 0; i < count; i++) {
        value[i] = 100 + 5 * now;
        now = 0.5 * now + sqrt(0.75) * normal(rng);
    }
}

#endif
