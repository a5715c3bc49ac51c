/* SPDX-License-Identifier: MIT
 * Log-linear histogram of durations: fixed memory, no allocation, exact counts, 64 linear steps in
 * each power of two, so that a quantile is at most 1.6% above the exact one. */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_STEPS = 64,   /* linear steps in each octave */
    HISTOGRAM_OCTAVES = 34, /* values up to 2^40 - 1; larger ones count in the last bucket */
    HISTOGRAM_BUCKETS = HISTOGRAM_STEPS * (HISTOGRAM_OCTAVES + 1)
};

/* The caller owns it; all zero is empty. Unit: whatever is recorded (clock ticks in a trial). */
struct histogram {
    uint64_t count, min, max;
    uint32_t bucket[HISTOGRAM_BUCKETS];
};

/* Bucket of a value: below 64 the value itself. */
static inline unsigned histogram_bucket(uint64_t value)
{
    if (value < HISTOGRAM_STEPS)
        return (unsigned)value;
    const unsigned octave = 63u - (unsigned)__builtin_clzll(value) - 5u;
    if (octave > HISTOGRAM_OCTAVES)
        return HISTOGRAM_BUCKETS - 1;
    return octave * HISTOGRAM_STEPS + (unsigned)((value >> (octave - 1)) & (HISTOGRAM_STEPS - 1));
}

static inline void histogram_record(struct histogram *h, uint64_t value)
{
    if (h->count++ == 0 || value < h->min)
        h->min = value;
    if (value > h->max)
        h->max = value;
    h->bucket[histogram_bucket(value)]++;
}

void histogram_clear(struct histogram *h);
/* Records all that the other has recorded. */
void histogram_add(struct histogram *h, const struct histogram *other);
/* The value that a share of `quantile` (0 to 1) of the recorded values does not exceed: the upper
 * end of its bucket, never beyond min or max. 0 when empty: check `count` first. */
uint64_t histogram_quantile(const struct histogram *h, double quantile);

#endif
