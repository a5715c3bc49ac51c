/* SPDX-License-Identifier: MIT
 * Two datasets side by side: which estimates are of the same variant, and how much slower the
 * second one is. Prints nothing: that is done in cli/compare/. */
#ifndef ANALYSIS_COMPARE_COMPARE_H
#define ANALYSIS_COMPARE_COMPARE_H

#include "analysis/dataset/dataset.h"
#include "analysis/verdict/verdict.h"

/* Properties in which estimates may differ and still be compared, on request. */
enum compare_across {
    ACROSS_CPU,      /* processor model */
    ACROSS_PROTOCOL, /* of the canary */
    ACROSS_DISTANCE, /* between the cpus */
    ACROSS_REGIME,   /* the canary's estimate */
    ACROSS_COUNT
};
extern const char *const compare_across_names[ACROSS_COUNT];

struct compare_request {
    unsigned across;  /* a bit for each compare_across */
    double threshold; /* a ratio is worse when its whole interval is above it, as 1.05 */
};

/* One estimate of a file. */
struct compare_side {
    const struct estimate *estimate;
    const struct dataset_run *run;
    double canary_ns; /* of its regime; NaN: none */
};

struct compare_pair {
    struct compare_side a, b;
    struct interval ratio; /* b by a; n: the fewer blocks of the two */
    double delta;          /* Cliff's delta: P(b > a) - P(b < a), -1 to 1 */
    enum verdict_kind kind;
    bool judged; /* it has an interval, or another regime or run of its variant has */
};

/* Why an estimate has no partner. */
enum compare_alone {
    ALONE_ABSENT, /* the other file does not have the variant */
    ALONE_CPU,    /* only of another processor model, and so on */
    ALONE_PROTOCOL,
    ALONE_DISTANCE,
    ALONE_REGIME,
    ALONE_RUN /* the other file has fewer runs of it */
};

struct compare_single {
    struct compare_side side;
    bool in_b;
    enum compare_alone why;
    bool judged; /* another regime or run of its variant has a pair with an interval */
};

struct comparison {
    /* By runs, instrument, layout (of maps: load), mode, threads, clients, distance, regime (a
     * section: compare_same_section), then by op and variant. */
    struct compare_pair *pair;
    size_t pairs;
    struct compare_single *single;
    size_t singles;
};

/* Both folded; they must outlive *out. -ENOENT with err when no estimate has a partner; -ENOMEM.
 * What is in *out is comparison_fini's in any case. */
int compare_build(const struct dataset *a, const struct dataset *b,
    const struct compare_request *request, struct comparison *out, struct err *err);
void comparison_fini(struct comparison *comparison);
bool compare_same_section(const struct compare_pair *a, const struct compare_pair *b);

/* What a gate has to know. Not judged is a variant of the first file that has no interval in any
 * regime, or no partner: it is unknown whether that got worse. */
struct compare_tally {
    size_t worse, better, same, open, no_interval; /* pairs */
    size_t unjudged;                               /* estimates of the first file */
    const struct compare_pair *worst;              /* of the worse ones; NULL: there are none */
};
struct compare_tally compare_tally(const struct comparison *comparison);

/* The blocks of one side, as stats_interval takes them. */
struct compare_series {
    const double *ns;
    const int32_t *place;
    size_t count;
};

/* Fills in ratio and delta. Each series has its own interval (analysis/stats/series.h), and that of
 * the quotient of the two medians follows from both. NaN below STATS_BLOCKS_MIN blocks of either. 0
 * or -ENOMEM. */
int compare_ratio(const struct compare_series *a, const struct compare_series *b,
    struct interval *ratio, double *delta);

/* Why nothing has a partner, into err: -ENOENT. */
int compare_explain(const struct dataset *a, const struct dataset *b,
    const struct comparison *comparison, struct err *err);

#endif
