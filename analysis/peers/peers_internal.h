/* SPDX-License-Identifier: MIT
 * What the files of the comparison share; for analysis/peers/ only. */
#ifndef ANALYSIS_PEERS_PEERS_INTERNAL_H
#define ANALYSIS_PEERS_PEERS_INTERNAL_H

#include "analysis/peers/peers.h"

/* What the other quantities of a kind show of a quantity's variance: `variance` as from `df`
 * values. */
struct prior {
    double variance, df;
};

/* A t distribution with tails as heavy as those of standardised deviations. */
struct tail {
    double df, scale; /* infinite and 1: normal */
};

/* A kind while it is judged. Cells are numbered host * quantities + quantity. */
struct judging {
    const struct peers_kind *kind;
    double *rest;     /* of each cell: its deviation, less what all quantities of the host share */
    bool *gone;       /* of each cell: it is named, so that others are not compared with it */
    bool *host_gone;  /* of each host: the same as a whole */
    double *together; /* of each host: the mean of its standardised deviations; NaN */
    double alone;     /* variance of such a deviation, without what a host's have in common */
    double of_a_host; /* how many a host has in the mean */
    struct measure {
        double median;
        double variance, df; /* of `rest`, without those gone */
        double error;        /* the typical squared standard error of a host's value */
        struct prior prior;
        bool judged;
    } * measure; /* of each quantity */
    struct tail tail;
    double cell_level; /* of one comparison */
    double host_level;
    bool has_whole;        /* hosts are compared as a whole, too */
    struct outlier *found; /* room for those of one list */
    struct ranked *ranked; /* room for one list */
    double *off;           /* room for one of each quantity */
};

/* One host in a list. */
struct ranked {
    double value, extra; /* extra: variance of this one alone, in addition to that of all */
    size_t host;
};

struct outlier {
    size_t host;
    double chance; /* of one comparison */
};

/* Which of `count` values are not like the others: those that are farthest from the mean of the
 * rest are left out one by one, and compared with it, up to a fifth; the last that has a chance
 * below `level` is one, and so are all before it (Rosner, Technometrics 25(2), 1983). So two that
 * are off do not hide each other. Returns how many; sorts `value`. */
size_t outliers_find(struct ranked *value, size_t count, const struct prior *prior,
    const struct tail *tail, double level, struct outlier *out);

/* The prior of each quantity from the variances of the others (Smyth, SAGMB 3(1), 2004). */
void priors_fit(struct measure *measure, size_t quantities);
/* The variance with the prior taken into account, and the degrees of freedom of both. */
struct prior prior_join(const struct prior *prior, double variance, double df);

/* The standard deviation that is usual for the quantity. */
double measure_scale(const struct measure *measure);
/* Of at least 40 standardised deviations; fewer, and those that may well be normal, are normal. */
struct tail tail_fit(const double *value, size_t count);
int judging_fit_tail(struct judging *judging); /* after judging_measure; 0 or -ENOMEM */

/* The variance of a host's value that exceeds the one that is usual for the quantity: its interval
 * is wider. */
double judging_extra(const struct judging *judging, size_t cell, size_t quantity);

/* The same of the mean of a host's deviations: it is of fewer than usual. */
double judging_extra_together(const struct judging *judging, size_t host);

/* Fills in measures, `rest` and `together`. */
void judging_measure(struct judging *judging);

#endif
