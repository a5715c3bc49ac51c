/* SPDX-License-Identifier: MIT
 * The answer in a sentence: what the estimates of one layout, op and role show about false sharing.
 */
#ifndef ANALYSIS_VERDICT_VERDICT_H
#define ANALYSIS_VERDICT_VERDICT_H

#include "analysis/dataset/summary.h"
#include "base/limits.h"

enum verdict_kind {
    VERDICT_NONE,   /* no interval: too few blocks, one cpu */
    VERDICT_SAME,   /* the interval lies within 1/1.05 to 1.05 */
    VERDICT_SLOWER, /* wholly above 1.05 */
    VERDICT_FASTER, /* wholly below 1/1.05 */
    VERDICT_OPEN    /* across a threshold: more blocks are needed */
};

enum verdict_kind verdict_kind(struct interval ratio);
/* The same with another threshold than VERDICT_THRESHOLD. */
enum verdict_kind verdict_kind_at(struct interval ratio, double threshold);

enum { VERDICT_TEXT = 400 };

struct verdict {
    const struct estimate
        *first;              /* of the smallest alignment: names layout, op, role, mode, regime */
    enum verdict_kind worst; /* the kind to colour it by; an A/A test that differs is SLOWER */
    char text[VERDICT_TEXT]; /* UTF-8: "8 B: false sharing, 2.8× (2.7–2.9); 64 B removes it" */
};

/* One verdict for each group of the summary (estimate_same_group), in its order; in a self-test one
 * for each pair of twins. A group with only its reference measured has none, and neither have
 * strategies of `maps`, of which no layout is judged (analysis/maps/map_verdict.h). *out is the
 * caller's to free(). 0 or -ENOMEM. */
int verdict_build(const struct summary *summary, struct verdict **out, size_t *count);

#endif
