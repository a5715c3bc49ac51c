/* SPDX-License-Identifier: MIT
 * The parts of the histogram that a measured loop does not call. */
#include "base/histogram.h"

#include <float.h>
#include <math.h>
#include <string.h>

void histogram_clear(struct histogram *h)
{
    memset(h, 0, sizeof(*h));
}

void histogram_add(struct histogram *h, const struct histogram *other)
{
    if (!other->count)
        return;
    if (!h->count || other->min < h->min)
        h->min = other->min;
    if (other->max > h->max)
        h->max = other->max;
    h->count += other->count;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        h->bucket[i] += other->bucket[i];
}

static uint64_t bucket_end(unsigned bucket)
{
    const unsigned octave = bucket / HISTOGRAM_STEPS;
    if (octave == 0)
        return bucket;
    const uint64_t step = HISTOGRAM_STEPS + bucket % HISTOGRAM_STEPS;
    return ((step + 1) << (octave - 1)) - 1;
}

/* How many values the quantile must cover. A product that only rounding lifted above a whole number
 * (0.07 * 100) must not require one value more. */
static uint64_t quantile_rank(uint64_t count, double quantile)
{
    const double rank = ceil(quantile * (double)count * (1 - 4 * DBL_EPSILON));
    return rank < 1 ? 1 : rank >= (double)count ? count : (uint64_t)rank;
}

uint64_t histogram_quantile(const struct histogram *h, double quantile)
{
    if (h->count == 0 || !(quantile > 0))
        return h->min;
    const uint64_t rank = quantile_rank(h->count, quantile);
    uint64_t seen = 0;
    /* The last bucket has no upper end: only max limits its values. */
    for (unsigned i = 0; i + 1 < HISTOGRAM_BUCKETS; i++) {
        seen += h->bucket[i];
        if (seen < rank)
            continue;
        const uint64_t end = bucket_end(i);
        return end > h->max ? h->max : end < h->min ? h->min : end;
    }
    return h->max;
}
