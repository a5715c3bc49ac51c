/* SPDX-License-Identifier: MIT
 * What the files of the comparison share; for analysis/compare/ only. */
#ifndef ANALYSIS_COMPARE_COMPARE_INTERNAL_H
#define ANALYSIS_COMPARE_COMPARE_INTERNAL_H

#include "analysis/compare/compare.h"

/* A figure that looks for a partner. */
struct member {
    struct compare_side side;
    const struct dataset_run *first_run; /* of its dataset: runs are ordered as in the file */
    bool met;                            /* its run has a run of the other file */
    bool done;                           /* it has a partner, or needs none */
};

struct members {
    struct member *member;
    size_t count;
};

/* The figures of one variant, of all distances, runs and regimes. */
struct compare_group {
    struct member *a, *b;
    size_t a_count, b_count;
    const struct compare_request *request;
    struct comparison *out;
};
/* Appends its pairs and those left alone to `out`, which has room for them. 0 or -ENOMEM. */
int compare_fold_group(const struct compare_group *group);

/* Whether two figures are of one variant and role, as strcmp: all that names a figure but run, host
 * and regime; `distance` says whether that too. */
int compare_variant(const struct estimate *a, const struct estimate *b, bool distance);
/* The order of sections, as strcmp. */
int compare_sections(const struct compare_pair *a, const struct compare_pair *b);

#endif
