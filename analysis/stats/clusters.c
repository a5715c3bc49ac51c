/* SPDX-License-Identifier: MIT
 * The tree of merges, and the cuts through it. */
#include "analysis/stats/clusters.h"

#include "base/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct merge {
    unsigned a, b; /* members, one of each of the two clusters */
    double height;
};

struct tree {
    size_t n;
    double *distance; /* n x n, of clusters by their lowest member; overwritten by merging */
    unsigned *size;   /* of the cluster by its lowest member; 0: merged into another */
    unsigned *chain;
    struct merge *merge; /* n - 1 */
    size_t merges;
};

static void tree_fini(struct tree *t)
{
    free(t->distance);
    free(t->size);
    free(t->chain);
    free(t->merge);
}

static int tree_init(const double *distance, size_t n, struct tree *t)
{
    *t = (struct tree){.n = n,
        .distance = malloc(n * n * sizeof *t->distance),
        .size = malloc(n * sizeof *t->size),
        .chain = malloc((n + 1) * sizeof *t->chain),
        .merge = malloc(n * sizeof *t->merge)};
    if (!t->distance || !t->size || !t->chain || !t->merge) {
        tree_fini(t);
        return -ENOMEM;
    }
    memcpy(t->distance, distance, n * n * sizeof *distance);
    for (size_t i = 0; i < n; i++)
        t->size[i] = 1;
    return 0;
}

static double *distance_at(const struct tree *t, size_t a, size_t b)
{
    return &t->distance[a * t->n + b];
}

/* The nearest cluster of `a`; of several as near `preferred`, without which the chain may not end.
 */
static unsigned nearest_cluster(const struct tree *t, unsigned a, unsigned preferred)
{
    unsigned best = preferred;
    for (unsigned i = 0; i < t->n; i++)
        if (i != a && t->size[i] && (best == a || *distance_at(t, a, i) < *distance_at(t, a, best)))
            best = i;
    return best;
}

/* Lance and Williams' update for the average: weighted by the sizes. */
static void join_clusters(struct tree *t, unsigned a, unsigned b)
{
    const double na = t->size[a], nb = t->size[b];
    const unsigned into = a < b ? a : b, from = a < b ? b : a;
    t->merge[t->merges++] = (struct merge){.a = a, .b = b, .height = *distance_at(t, a, b)};
    for (unsigned i = 0; i < t->n; i++) {
        if (!t->size[i] || i == a || i == b)
            continue;
        const double d = (na * *distance_at(t, a, i) + nb * *distance_at(t, b, i)) / (na + nb);
        *distance_at(t, into, i) = *distance_at(t, i, into) = d;
    }
    t->size[into] += t->size[from];
    t->size[from] = 0;
}

/* Average linkage is reducible: two clusters that are each other's nearest may be joined at once,
 * whatever else there is. */
static void grow_tree(struct tree *t)
{
    size_t length = 0;
    for (unsigned start = 0; t->merges + 1 < t->n;) {
        if (length == 0) {
            while (!t->size[start])
                start++;
            t->chain[length++] = start;
        }
        const unsigned end = t->chain[length - 1];
        const unsigned before = length > 1 ? t->chain[length - 2] : end;
        const unsigned next = nearest_cluster(t, end, before);
        if (length > 1 && next == before) {
            length -= 2;
            join_clusters(t, before, end);
            start = 0;
        } else {
            t->chain[length++] = next;
        }
    }
}

static int by_height(const void *a, const void *b)
{
    return compare_double(((const struct merge *)a)->height, ((const struct merge *)b)->height);
}

static unsigned find_root(unsigned *parent, unsigned i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* The clusters after the first `merges` merges. */
static int cut_tree(const struct tree *t, size_t merges, struct clusters_level *out)
{
    unsigned *parent = malloc(t->n * sizeof *parent);
    out->of = malloc(t->n * sizeof *out->of);
    if (!parent || !out->of) {
        free(parent);
        return -ENOMEM;
    }
    for (unsigned i = 0; i < t->n; i++)
        parent[i] = i;
    for (size_t i = 0; i < merges; i++) {
        const unsigned a = find_root(parent, t->merge[i].a), b = find_root(parent, t->merge[i].b);
        parent[a > b ? a : b] = a > b ? b : a; /* so that a root is its cluster's lowest member */
    }
    for (unsigned i = 0; i < t->n; i++) {
        const unsigned r = find_root(parent, i);
        out->of[i] = r == i ? (unsigned)out->count++ : out->of[r];
    }
    out->within = t->merge[merges - 1].height;
    out->between = t->merge[merges].height;
    free(parent);
    return 0;
}

static double merge_gap(const struct tree *t, size_t merges)
{
    return t->merge[merges].height / t->merge[merges - 1].height;
}

/* The narrowest gap a level needs, so that there are no more than CLUSTERS_LEVELS. */
static double least_gap(const struct tree *t)
{
    double least = CLUSTERS_GAP;
    for (;;) {
        size_t found = 0;
        double narrowest = INFINITY;
        for (size_t k = 1; k < t->merges; k++)
            if (merge_gap(t, k) >= least) {
                found++;
                narrowest = fmin(narrowest, merge_gap(t, k));
            }
        if (found <= CLUSTERS_LEVELS)
            return least;
        least = nextafter(narrowest, INFINITY);
    }
}

static int find_levels(const struct tree *t, struct clusters *out)
{
    const double least = least_gap(t);
    int code = 0;
    for (size_t k = 1; !code && k < t->merges; k++)
        if (merge_gap(t, k) >= least)
            code = cut_tree(t, k, &out->level[out->levels++]);
    return code;
}

static bool is_complete(const double *distance, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i != j && !(distance[i * n + j] > 0))
                return false;
    return true;
}

int clusters_find(const double *distance, size_t n, struct clusters *out)
{
    *out = (struct clusters){.members = n};
    struct tree tree;
    if (n < CLUSTERS_LEAST || !is_complete(distance, n))
        return 0;
    int code = tree_init(distance, n, &tree);
    if (code)
        return code;
    grow_tree(&tree);
    qsort(tree.merge, tree.merges, sizeof *tree.merge, by_height);
    code = find_levels(&tree, out);
    tree_fini(&tree);
    if (code)
        clusters_fini(out);
    return code;
}

void clusters_fini(struct clusters *clusters)
{
    for (size_t i = 0; i < clusters->levels; i++)
        free(clusters->level[i].of);
    *clusters = (struct clusters){0};
}

/* Both numbered by their first members, or not: either way each must map onto the other. */
bool clusters_same(const unsigned *a, const unsigned *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if ((a[i] == a[j]) != (b[i] == b[j]))
                return false;
    return true;
}
