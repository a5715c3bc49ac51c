/* SPDX-License-Identifier: MIT
 * Finds each estimate's partner within a variant: a run of the same processor, the same regime. */
#include "analysis/compare/compare_internal.h"
#include "analysis/dataset/cell_compare.h"

#include <errno.h>
#include <math.h>

static bool same_run(const struct member *a, const struct member *b)
{
    return a->side.run == b->side.run;
}

/* A regime with too few blocks for an interval is dropped if another one of the run has more. */
static void drop_rare(struct member *member, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (same_run(&member[i], &member[k]) &&
                member[i].side.estimate->ns.n < STATS_BLOCKS_MIN &&
                member[k].side.estimate->ns.n > member[i].side.estimate->ns.n)
                member[i].done = true;
}

static bool is_across(const struct compare_group *g, enum compare_across what)
{
    return g->request->across >> what & 1;
}

static struct compare_series series_of(const struct member *member)
{
    const struct estimate *const e = member->side.estimate;
    return (struct compare_series){.ns = e->block_ns, .place = e->block_place, .count = e->ns.n};
}

static int pair_up(const struct compare_group *g, struct member *a, struct member *b)
{
    struct compare_pair *pair = &g->out->pair[g->out->pairs++];
    *pair = (struct compare_pair){.a = a->side, .b = b->side};
    a->done = b->done = true;
    const struct compare_series x = series_of(a), y = series_of(b);
    const int failed = compare_ratio(&x, &y, &pair->ratio, &pair->delta);
    pair->kind = verdict_kind_at(pair->ratio, g->request->threshold);
    return failed;
}

static double canary_gap(const struct member *a, const struct member *b)
{
    return fabs(log(b->side.canary_ns / a->side.canary_ns));
}

/* By their canaries, nearest first. */
static int pair_regimes(
    const struct compare_group *g, const struct member *run_a, const struct member *run_b)
{
    for (;;) {
        struct member *best_a = NULL, *best_b = NULL;
        double least = log(REGIME_FACTOR);
        for (struct member *a = g->a; a < g->a + g->a_count; a++)
            for (struct member *b = g->b; b < g->b + g->b_count; b++)
                if (!a->done && !b->done && same_run(a, run_a) && same_run(b, run_b) &&
                    canary_gap(a, b) <= least) {
                    least = canary_gap(a, b);
                    best_a = a;
                    best_b = b;
                }
        if (!best_a)
            return 0;
        const int failed = pair_up(g, best_a, best_b);
        if (failed)
            return failed;
    }
}

static struct member *most_blocks(struct member *member, size_t count, const struct member *run)
{
    struct member *most = NULL;
    for (size_t i = 0; i < count; i++)
        if (!member[i].done && same_run(&member[i], run) &&
            (!most || member[i].side.estimate->ns.n > most->side.estimate->ns.n))
            most = &member[i];
    return most;
}

/* Canaries cannot be compared if one is missing, or if machine or distance differ. */
static int pair_run(const struct compare_group *g, struct member *a, struct member *b)
{
    if (g->request->across == 0 && !isnan(a->side.canary_ns) && !isnan(b->side.canary_ns))
        return pair_regimes(g, a, b);
    return pair_up(g, most_blocks(g->a, g->a_count, a), most_blocks(g->b, g->b_count, b));
}

static bool has_same(
    const struct compare_side *a, const struct compare_side *b, enum compare_across what)
{
    const char *const text[][2] = {[ACROSS_CPU] = {a->run->cpu_model, b->run->cpu_model},
        [ACROSS_PROTOCOL] = {a->run->protocol, b->run->protocol},
        [ACROSS_DISTANCE] = {a->estimate->distance, b->estimate->distance}};
    return compare_text(text[what][0], text[what][1]) == 0;
}

static bool is_comparable(
    const struct compare_group *g, const struct member *a, const struct member *b)
{
    for (enum compare_across what = ACROSS_CPU; what <= ACROSS_DISTANCE; what++)
        if (!is_across(g, what) && !has_same(&a->side, &b->side, what))
            return false;
    return true;
}

/* Runs in the order of the files: the first of a with the first of b, and so on. */
static int pair_runs(const struct compare_group *g, bool same_host)
{
    for (struct member *a = g->a; a < g->a + g->a_count; a++)
        for (struct member *b = g->b; b < g->b + g->b_count && !a->met && !a->done; b++) {
            if (b->met || b->done || !is_comparable(g, a, b) ||
                (same_host && compare_text(a->side.run->host, b->side.run->host) != 0))
                continue;
            for (size_t i = 0; i < g->a_count; i++)
                g->a[i].met = g->a[i].met || same_run(&g->a[i], a);
            for (size_t i = 0; i < g->b_count; i++)
                g->b[i].met = g->b[i].met || same_run(&g->b[i], b);
            const int failed = pair_run(g, a, b);
            if (failed)
                return failed;
        }
    return 0;
}

static bool is_judged(const struct compare_group *g, size_t first_pair)
{
    for (size_t i = first_pair; i < g->out->pairs; i++)
        if (g->out->pair[i].kind != VERDICT_NONE)
            return true;
    return false;
}

static enum compare_alone why_alone(
    const struct member *me, const struct member *other, size_t others)
{
    enum compare_alone why = ALONE_ABSENT;
    if (me->met)
        return ALONE_REGIME;
    for (size_t i = 0; i < others && why != ALONE_RUN; i++)
        why = !has_same(&me->side, &other[i].side, ACROSS_CPU)        ? ALONE_CPU
              : !has_same(&me->side, &other[i].side, ACROSS_PROTOCOL) ? ALONE_PROTOCOL
              : !has_same(&me->side, &other[i].side, ACROSS_DISTANCE) ? ALONE_DISTANCE
                                                                      : ALONE_RUN;
    return why;
}

static void add_singles(const struct compare_group *g, size_t first_pair)
{
    const bool judged = is_judged(g, first_pair);
    for (size_t i = first_pair; i < g->out->pairs; i++)
        g->out->pair[i].judged = judged;
    struct member *const side[] = {g->a, g->b};
    const size_t count[] = {g->a_count, g->b_count};
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < count[s]; i++)
            if (!side[s][i].done)
                g->out->single[g->out->singles++] = (struct compare_single){
                    .side = side[s][i].side,
                    .in_b = s == 1,
                    .why = why_alone(&side[s][i], side[!s], count[!s]),
                    .judged = judged,
                };
}

int compare_fold_group(const struct compare_group *g)
{
    const size_t first = g->out->pairs;
    drop_rare(g->a, g->a_count);
    drop_rare(g->b, g->b_count);
    const bool failed = pair_runs(g, true) || pair_runs(g, false);
    add_singles(g, first);
    return failed ? -ENOMEM : 0;
}
