/* SPDX-License-Identifier: MIT
 * Which functions of different threads take lines from each other. A recording counts hand-overs
 * by line and accesses by place, so a finding's hand-overs are divided among pairs of functions: a
 * pair of threads counts as often as the rarer one accesses the lines, each of their functions by
 * its share of its thread, and two that only read do not take a line from each other. */
#include "analysis/finding/finding_text.h"
#include "base/compare.h"
#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

/* What is less of a finding's hand-overs is not a row. */
static const double LEAST_PART = 0.001;

enum { THREADS_MAX = 64, FUNCTIONS_MAX = 64 }; /* the most used are first */

struct division {
    const struct finding_view *finding;
    const char *function[FUNCTIONS_MAX];
    size_t functions, threads;
    /* Of what the thread did on the lines, by function. */
    struct {
        double read, write;
    } share[THREADS_MAX][FUNCTIONS_MAX];
    double weight[FUNCTIONS_MAX][FUNCTIONS_MAX], all; /* of pairs, as a triangle */
};

struct pairs {
    struct view_pair *at;
    size_t count;
};

static size_t intern_function(struct division *d, struct view_pool *pool, const char *name)
{
    size_t i = 0;
    while (i < d->functions && strcmp(d->function[i], name) != 0)
        i++;
    const bool is_new = i == d->functions && i < FUNCTIONS_MAX;
    const char *const copy = is_new ? view_pool_text(pool, name) : NULL;
    if (copy)
        d->function[d->functions++] = copy;
    return i;
}

static void add_share(struct division *d, struct view_pool *pool, size_t index)
{
    const struct sharing_site *const site = &d->finding->sites.at[index];
    const char *const named = site->frame.function;
    const double part = site_share(d->finding, site->thread, site->count);
    char text[FINDING_TEXT];
    const size_t function =
        intern_function(d, pool, named && *named ? named : frame_text(&site->frame, text));
    if (site->thread >= d->threads || function >= d->functions)
        return;
    if (site->write)
        d->share[site->thread][function].write += part;
    else
        d->share[site->thread][function].read += part;
}

/* While one thread alone had a line, its places are not recorded. */
static void add_unknown(struct division *d, struct view_pool *pool, size_t thread)
{
    const struct sharing_thread *const t = &d->finding->threads.at[thread];
    const size_t unknown = intern_function(d, pool, "?");
    for (size_t i = 0; i < d->functions; i++)
        if (d->share[thread][i].read + d->share[thread][i].write > 0)
            return;
    if (unknown < d->functions && t->writes)
        d->share[thread][unknown].write = 1;
    else if (unknown < d->functions)
        d->share[thread][unknown].read = 1;
}

static double rarer(const struct sharing_thread *a, const struct sharing_thread *b)
{
    const uint64_t of_a = a->reads + a->writes, of_b = b->reads + b->writes;
    return (double)(of_a < of_b ? of_a : of_b);
}

static void weigh_threads(struct division *d, size_t a, size_t b)
{
    const struct sharing_thread *const thread = d->finding->threads.at;
    for (size_t i = 0; i < d->functions; i++)
        for (size_t k = 0; k < d->functions; k++) {
            const double read = d->share[a][i].read * d->share[b][k].read,
                         any = (d->share[a][i].read + d->share[a][i].write) *
                               (d->share[b][k].read + d->share[b][k].write),
                         weight = (any - read) * rarer(&thread[a], &thread[b]);
            d->weight[i < k ? i : k][i < k ? k : i] += weight;
            d->all += weight;
        }
}

/* The one with these names; zeros where it is new. NULL: out of memory. */
static struct view_pair *find_pair(
    struct pairs *pairs, struct view_pool *pool, const char *const names[2], const char *object)
{
    for (size_t i = 0; i < pairs->count; i++) {
        struct view_pair *const pair = &pairs->at[i];
        if (strcmp(pair->object, object) == 0 && strcmp(pair->functions.at[0], names[0]) == 0 &&
            strcmp(pair->functions.at[1], names[1]) == 0)
            return pair;
    }
    struct view_pair new = {.object = view_pool_text(pool, object)};
    VIEW_LIST(pool, &new.functions, 2);
    if (!new.object || !new.functions.at || GROW(pairs->at, pairs->count) != 0)
        return NULL;
    new.functions.at[0] = names[0];
    new.functions.at[1] = names[1];
    pairs->at[pairs->count] = new;
    return &pairs->at[pairs->count++];
}

static int add_pair(
    struct pairs *pairs, struct view_pool *pool, const struct division *d, size_t a, size_t b)
{
    const struct finding_view *const f = d->finding;
    const bool in_order = strcmp(d->function[a], d->function[b]) <= 0;
    const char *const names[] = {d->function[in_order ? a : b], d->function[in_order ? b : a]};
    const double part = d->weight[a][b] / d->all;
    struct view_pair *const pair = find_pair(pairs, pool, names, object_name(f->object));
    if (!pair)
        return -1;
    pair->per_second += f->latent ? 0 : part * f->handovers.per_second;
    pair->possible += (uint64_t)(part * (double)f->handovers.possible);
    return 0;
}

static int divide_finding(
    const struct finding_view *finding, struct view_pool *pool, struct pairs *pairs)
{
    struct division *const d = calloc(1, sizeof *d);
    int code = d ? 0 : -1;
    if (!d)
        return code;
    d->finding = finding;
    d->threads = finding->threads.count < THREADS_MAX ? finding->threads.count : THREADS_MAX;
    for (size_t i = 0; i < finding->sites.count; i++)
        add_share(d, pool, i);
    for (size_t i = 0; i < d->threads; i++)
        add_unknown(d, pool, i);
    for (size_t a = 0; a < d->threads; a++)
        for (size_t b = a + 1; b < d->threads; b++)
            weigh_threads(d, a, b);
    for (size_t a = 0; a < d->functions; a++)
        for (size_t b = a; b < d->functions && !code; b++)
            if (d->weight[a][b] > LEAST_PART * d->all)
                code = add_pair(pairs, pool, d, a, b);
    free(d);
    return code;
}

/* What happened before what may happen. */
static int by_amount(const void *a, const void *b)
{
    const struct view_pair *const x = a, *const y = b;
    const int order = compare_double(y->per_second, x->per_second);
    return order ? order : compare_u64(y->possible, x->possible);
}

void detect_view_group_functions(struct detect_view *view)
{
    struct pairs pairs = {0};
    for (size_t i = 0; i < view->findings.count && !view->pool.failed; i++)
        if (finding_view_is_false(&view->findings.at[i]))
            view->pool.failed |= divide_finding(&view->findings.at[i], &view->pool, &pairs) != 0;
    if (pairs.count)
        qsort(pairs.at, pairs.count, sizeof *pairs.at, by_amount);
    VIEW_LIST(&view->pool, &view->by_function, pairs.count);
    for (size_t i = 0; i < view->by_function.count; i++)
        view->by_function.at[i] = pairs.at[i];
    free(pairs.at);
}
