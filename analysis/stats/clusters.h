/* SPDX-License-Identifier: MIT
 * Groups that are near each other, found in a matrix of distances: what a machine's topology looks
 * like from its latencies alone. Knows nothing of cpus.
 *
 * Agglomerative, by average linkage (UPGMA: Sokal and Michener 1958), found as a nearest-neighbour
 * chain (Murtagh, The Computer Journal 26(4), 1983) in O(n^2). Single linkage would join two
 * packages over one pair that a noisy machine made look near. A level is a cut through the tree
 * where the next merge is farther than the last by CLUSTERS_GAP or more: below it, a step is
 * indistinguishable from a mesh whose distances rise evenly, or from noise. */
#ifndef ANALYSIS_STATS_CLUSTERS_H
#define ANALYSIS_STATS_CLUSTERS_H

#include <stdbool.h>
#include <stddef.h>

#define CLUSTERS_GAP 1.25
enum { CLUSTERS_LEVELS = 6, CLUSTERS_LEAST = 3 /* members, fewer have one distance */ };

struct clusters_level {
    unsigned *of;   /* cluster of each member, numbered from 0 by their first members */
    size_t count;   /* clusters, of which at least one has two members */
    double within;  /* the farthest merge below the cut */
    double between; /* the nearest one above */
};

struct clusters {
    size_t members;
    struct clusters_level level[CLUSTERS_LEVELS]; /* from the finest; the widest gaps, if more */
    size_t levels;                                /* 0: one group, or no differences */
};

/* `distance`: n x n, symmetric, the diagonal ignored; any NaN besides: no levels. 0 or -ENOMEM. */
int clusters_find(const double *distance, size_t n, struct clusters *out);
void clusters_fini(struct clusters *clusters);

/* Whether two partitions of n members put the same ones together. */
bool clusters_same(const unsigned *a, const unsigned *b, size_t n);

#endif
