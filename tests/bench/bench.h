/* SPDX-License-Identifier: MIT
 * What the benchmarks share. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "base/err.h"
#include "base/sample.h"

#include <math.h>
#include <stdio.h>

/* Mean over the threads of the isolated rows of the last block; NaN when one was rejected. */
static inline double isolated_ns(const struct samples *samples, int64_t block)
{
    double seconds = 0, ops = 0;
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *s = &samples->row[i];
        if (s->block != block || s->align_bytes != SAMPLE_NONE || !s->accepted)
            continue;
        seconds += s->seconds;
        ops += (double)s->ops;
    }
    return ops > 0 ? seconds * 1e9 / ops : NAN;
}

static inline int fail(const struct err *err)
{
    fprintf(stderr, "bench: %s\n", err->text);
    return 1;
}

#endif
