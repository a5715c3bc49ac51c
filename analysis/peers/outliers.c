/* SPDX-License-Identifier: MIT
 * Outliers of one list, by leaving them out one by one. */
#include "analysis/peers/peers_internal.h"
#include "analysis/peers/student.h"

#include <math.h>
#include <stdlib.h>

enum { SHARE = 5, REST_MIN = 4 }; /* at most a fifth is named; those left are a measure */

/* Values that a clock has rounded may all be equal; 0.1% is then their standard deviation. */
static const double VARIANCE_LEAST = 1e-6;

static int by_value(const void *a, const void *b)
{
    const struct ranked *const x = a, *const y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* What is left of the sorted list: from `low` on, before `high`. */
struct rest {
    size_t low, high;
    double sum, squares;
};

static double mean_of(const struct rest *r)
{
    return r->sum / (double)(r->high - r->low);
}

static double variance_of(const struct rest *r)
{
    const double n = (double)(r->high - r->low);
    return fmax(VARIANCE_LEAST, (r->squares - r->sum * r->sum / n) / (n - 1));
}

static const struct ranked *take_farthest(const struct ranked *value, struct rest *r)
{
    const double mean = mean_of(r);
    const bool above = value[r->high - 1].value - mean > mean - value[r->low].value;
    const struct ranked *const taken = above ? &value[--r->high] : &value[r->low++];
    r->sum -= taken->value;
    r->squares -= taken->value * taken->value;
    return taken;
}

/* A sum of t distributions has no simple form; the tails are at least as heavy as with the harmonic
 * sum of their degrees of freedom. */
static double chance_of(const struct ranked *one, const struct rest *r, const struct prior *prior,
    const struct tail *tail)
{
    const double n = (double)(r->high - r->low);
    const struct prior joined = prior_join(prior, variance_of(r), n - 1);
    const double error = sqrt(joined.variance * (1 + 1 / n) + one->extra);
    const double t = (one->value - mean_of(r)) / error;
    return student_tail(t / tail->scale, 1 / (1 / tail->df + 1 / joined.df));
}

size_t outliers_find(struct ranked *value, size_t count, const struct prior *prior,
    const struct tail *tail, double level, struct outlier *out)
{
    struct rest r = {.high = count}, clean = r;
    size_t found = 0;
    const size_t most = count / SHARE;
    qsort(value, count, sizeof *value, by_value);
    for (size_t i = 0; i < count; i++) {
        r.sum += value[i].value;
        r.squares += value[i].value * value[i].value;
    }
    for (size_t i = 0; i < most && r.high - r.low > REST_MIN; i++) {
        const struct ranked *const one = take_farthest(value, &r);
        if (chance_of(one, &r, prior, tail) < level) {
            clean = r;
            found = i + 1;
        }
    }
    if (!found)
        return 0;
    size_t named = 0;
    for (size_t i = 0; i < count; i++)
        if (i < clean.low || i >= clean.high)
            out[named++] = (struct outlier){
                value[i].host, fmin(level, chance_of(&value[i], &clean, prior, tail))};
    return named;
}
