/* SPDX-License-Identifier: MIT
 * Two datasets side by side: which figures are of the same variant, and how much slower the second
 * one is. Prints nothing; what is said about it is cli/compare/'s business. */
#ifndef ANALYSIS_COMPARE_COMPARE_H
#define ANALYSIS_COMPARE_COMPARE_H

#include "analysis/dataset/dataset.h"
#include "analysis/verdict/verdict.h"

/* What figures may differ in and still be compared, if it is asked for. */
enum compare_across {
    ACROSS_CPU,      /* processor model */
    ACROSS_PROTOCOL, /* of the canary */
    ACROSS_DISTANCE, /* between the cpus */
    ACROSS_REGIME,   /* the canary's figure */
    ACROSS_COUNT
};
extern const char *const compare_across_names[ACROSS_COUNT];

struct compare_request {
    unsigned across;  /* a bit for each compare_across */
    double threshold; /* a ratio is worse when its whole interval is above it, as 1.05 */
};

/* One figure of a file. */
struct compare_side {
    const struct estimate *figure;
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

/* Why a figure has no partner. */
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
    /* By runs, instrument, layout, mode, threads, distance, regime (a section:
     * compare_same_section), then by op and variant. */
    struct compare_pair *pair;
    size_t pairs;
    struct compare_single *single;
    size_t singles;
};

/* Both folded; they must outlive *out. -ENOENT with err when no figure has a partner; -ENOMEM. What
 * is in *out is comparison_fini's in any case. */
int compare_build(const struct dataset *a, const struct dataset *b,
    const struct compare_request *request, struct comparison *out, struct err *err);
void comparison_fini(struct comparison *comparison);
bool compare_same_section(const struct compare_pair *a, const struct compare_pair *b);

/* What a gate has to know. Not judged is a variant of the first file that has no interval in any
 * regime, or no partner: of that nobody can say that it did not get worse. */
struct compare_tally {
    size_t worse, better, same, open, no_interval; /* pairs */
    size_t unjudged;                               /* figures of the first file */
    const struct compare_pair *worst;              /* of the worse ones; NULL: there are none */
};
struct compare_tally compare_tally(const struct comparison *comparison);

/* Fills in ratio and delta. Each series is resampled by itself (analysis/stats/bootstrap.h), and
 * the interval is that of the quotients of two medians. NaN below STATS_BLOCKS_MIN blocks of
 * either. 0 or -ENOMEM. */
int compare_ratio(const double *a, size_t a_count, const double *b, size_t b_count,
    struct interval *ratio, double *delta);

/* Why nothing has a partner, into err: -ENOENT. */
int compare_explain(const struct dataset *a, const struct dataset *b,
    const struct comparison *comparison, struct err *err);

#endif
