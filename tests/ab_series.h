/* SPDX-License-Identifier: MIT
 * Simulated sessions of `numaprobe ab`. */
#ifndef TESTS_AB_SERIES_H
#define TESTS_AB_SERIES_H

#include "base/ab.h"
#include "base/grow.h"
#include "tests/random.h"
#include "tests/test.h"

#include <math.h>

enum { PROGRAMS = 2 };

/* What the simulated machine does. */
struct noise {
    double ratio, control;         /* of b and of the control to a */
    double drift, single, outlier; /* deviations of a block and of a run; share of outliers */
};

static inline void add_run(struct ab_session *s, unsigned block, unsigned slot, double wall)
{
    assert_int_equal(GROW(s->run, s->runs), 0);
    s->run[s->runs++] = (struct ab_run){.block = block,
        .slot = slot,
        .accepted = true,
        .reject_reason = "",
        .value = {wall, 0.9 * wall, NAN, 3, 100 / wall},
        .canary_ns = 100,
        .canary_after_ns = 100,
        .round_trip_ns = NAN};
    for (int i = AB_EVENT; i < AB_MEASURES; i++)
        s->run[s->runs - 1].value[i] = NAN;
}

static inline struct ab_session new_session(void)
{
    return (struct ab_session){.id = "1",
        .started_at = "2026-11-27T00:00:00Z",
        .host = "here",
        .cpu_model = "cpu, of some kind",
        .kernel = "6",
        .version = "1",
        .cpus = "0,1",
        .seed = 7,
        .programs = PROGRAMS,
        .command = {"./old", "./new \"1\""}};
}

/* Drift is what the runs of a block have in common; noise only makes a run longer, as on a machine
 * that others use. */
static inline void add_blocks(
    struct ab_session *s, const struct noise *noise, struct rng *rng, unsigned from, unsigned to)
{
    const double truth[PROGRAMS + 1] = {1, noise->ratio, noise->control};
    for (unsigned block = from; block < to; block++) {
        const double drift = exp(noise->drift * normal(rng));
        for (unsigned slot = 0; slot <= PROGRAMS; slot++) {
            double wall = truth[slot] * drift * exp(noise->single * fabs(normal(rng)));
            if (uniform(rng) < noise->outlier)
                wall *= 1 + uniform(rng);
            add_run(s, block, slot, wall);
        }
    }
}

static const struct noise noisy = {1, 1, 0.05, 0.02, 0.05};

static inline struct noise with(double ratio, double control)
{
    struct noise noise = noisy;
    noise.ratio = ratio;
    noise.control = control;
    return noise;
}

#endif
