/* SPDX-License-Identifier: MIT
 * How many bytes apart words of two threads have to be: the smallest distance from which on none is
 * slower than isolated. Decides on the estimates of any run of these cases. */
#ifndef ANALYSIS_VERDICT_APART_H
#define ANALYSIS_VERDICT_APART_H

#include "analysis/dataset/summary.h"

#include <stdbool.h>

/* The estimates that are judged. */
struct apart_case {
    const char *layout, *op, *role;
    const char *title;
};
enum { APART_CASES = 2 };
extern const struct apart_case apart_cases[APART_CASES];

/* Distances are the alignments of a run, in bytes. */
enum { APART_NARROWEST = 8, APART_WIDEST = 256, APART_MORE = 512 /* none of those is enough */ };

/* From `most` on, all are known not to be slower; from `least` on, none is known to be. Equal: the
 * answer. `least` is 0 where nothing was measured. */
struct apart {
    unsigned least, most;
};

/* Of one run, by the regime with the most blocks, and by each other one that has an answer.
 * `threshold`: the ratio to isolated that is still the same. */
struct apart apart_of(const struct summary *summary, double threshold);
/* What is enough for both. */
struct apart apart_join(struct apart a, struct apart b);
bool apart_is_decided(struct apart apart);

/* In the regime with the most blocks; NULL: not measured. */
const struct estimate *apart_estimate(
    const struct summary *summary, const struct apart_case *of, unsigned bytes);
/* Whether `a` may be slower than `b`; with `surely`, is slower at least. NULL is the fastest. */
bool apart_is_worse(const struct estimate *a, const struct estimate *b, bool surely);
/* The worst, so, at `bytes` of those that apart_of judges. NULL: none was measured. */
const struct estimate *apart_worst(
    const struct summary *summary, double threshold, unsigned bytes, bool surely);
/* Blocks that each ratio is of, at least, in the regime with the most blocks; 0: one was not
 * measured. */
size_t apart_blocks(const struct summary *summary);
/* Whether, in the regime with the most blocks, each ratio's interval is within `precision`, or lies
 * above the threshold: by how much a distance that is too small is slower does not matter. */
bool apart_is_precise(const struct summary *summary, double threshold, double precision);

#endif
