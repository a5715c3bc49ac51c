/* SPDX-License-Identifier: MIT
 * Finds each figure's partner: same variant, a run of the same processor, the same regime. */
#include "analysis/compare.h"
#include "analysis/compare_inside.h"
#include "analysis/figure_name.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

const char *const compare_across_names[ACROSS_COUNT] = {"cpu", "protocol", "distance", "regime"};

int compare_variant(const struct figure *a, const struct figure *b, bool distance)
{
    /* NOLINTNEXTLINE: the analyzer does not see that all members have a figure */
    const char *const text[][2] = {{a->instrument, b->instrument}, {a->layout, b->layout},
        {a->mode, b->mode}, {distance ? a->distance : "", distance ? b->distance : ""},
        {a->op, b->op}, {a->role, b->role}, {a->state, b->state}, {a->home, b->home},
        {a->twin, b->twin}};
    const int64_t number[][2] = {{a->threads, b->threads}, {a->cpu, b->cpu}, {a->peer, b->peer},
        {a->beside, b->beside}, {a->align_bytes, b->align_bytes}};
    int order = compare_real(a->gap_ns, b->gap_ns);
    for (size_t i = 0; order == 0 && i < sizeof text / sizeof *text; i++)
        order = compare_text(text[i][0], text[i][1]);
    for (size_t i = 0; order == 0 && i < sizeof number / sizeof *number; i++)
        order = compare_int(number[i][0], number[i][1]);
    return order;
}

/* Distances last, so that without them a group is still together. */
static int by_variant(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = compare_variant(x->side.figure, y->side.figure, false);
    if (order == 0)
        order = compare_text(x->side.figure->distance, y->side.figure->distance);
    if (order == 0)
        order = compare_int(x->side.run - x->first_run, y->side.run - y->first_run);
    return order ? order : compare_int(x->side.figure->regime, y->side.figure->regime);
}

static double canary_of(const struct summary *summary, const struct figure *figure)
{
    for (size_t i = 0; i < summary->regimes; i++) {
        const struct regime *r = &summary->regime[i];
        if (r->regime == figure->regime && compare_text(r->run_id, figure->run_id) == 0 &&
            compare_text(r->host, figure->host) == 0)
            return r->canary_ns;
    }
    return NAN;
}

static int members_new(const struct dataset *d, struct members *out)
{
    out->member = calloc(d->summary.count + 1, sizeof *out->member);
    if (!out->member)
        return -ENOMEM;
    for (size_t i = 0; i < d->summary.count; i++) {
        const struct figure *f = &d->summary.figure[i];
        if (f->ns.n == 0)
            continue;
        out->member[out->count++] = (struct member){.first_run = d->run,
            .side = {.figure = f,
                .run = dataset_run_of(d, f->run_id, f->host),
                .canary_ns = canary_of(&d->summary, f)}};
    }
    if (out->count > 0)
        qsort(out->member, out->count, sizeof *out->member, by_variant);
    return 0;
}

static bool same_run(const struct member *a, const struct member *b)
{
    return a->side.run == b->side.run;
}

/* A regime seen too rarely for an interval says nothing where another one has more. */
static void drop_rare(struct member *member, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (same_run(&member[i], &member[k]) &&
                member[i].side.figure->ns.n < STATS_BLOCKS_MIN &&
                member[k].side.figure->ns.n > member[i].side.figure->ns.n)
                member[i].done = true;
}

struct group {
    struct member *a, *b;
    size_t a_count, b_count;
    const struct compare_request *request;
    struct comparison *out;
};

static bool across(const struct group *g, enum compare_across what)
{
    return g->request->across >> what & 1;
}

static int pair_up(struct group *g, struct member *a, struct member *b)
{
    struct compare_pair *pair = &g->out->pair[g->out->pairs++];
    *pair = (struct compare_pair){.a = a->side, .b = b->side};
    a->done = b->done = true;
    const int failed = compare_ratio(a->side.figure->block_ns, a->side.figure->ns.n,
        b->side.figure->block_ns, b->side.figure->ns.n, &pair->ratio, &pair->delta);
    pair->kind = verdict_kind_at(pair->ratio, g->request->threshold);
    return failed;
}

static double canary_gap(const struct member *a, const struct member *b)
{
    return fabs(log(b->side.canary_ns / a->side.canary_ns));
}

/* By their canaries, nearest first. */
static int pair_regimes(struct group *g, const struct member *run_a, const struct member *run_b)
{
    for (;;) {
        struct member *best_a = NULL, *best_b = NULL;
        double least = log(COMPARE_CANARY);
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
            (!most || member[i].side.figure->ns.n > most->side.figure->ns.n))
            most = &member[i];
    return most;
}

/* Canaries say nothing where there are none, or where machine or distance differ. */
static int pair_run(struct group *g, struct member *a, struct member *b)
{
    if (g->request->across == 0 && !isnan(a->side.canary_ns) && !isnan(b->side.canary_ns))
        return pair_regimes(g, a, b);
    return pair_up(g, most_blocks(g->a, g->a_count, a), most_blocks(g->b, g->b_count, b));
}

bool compare_same(
    const struct compare_side *a, const struct compare_side *b, enum compare_across what)
{
    const char *const text[][2] = {[ACROSS_CPU] = {a->run->cpu_model, b->run->cpu_model},
        [ACROSS_PROTOCOL] = {a->run->protocol, b->run->protocol},
        [ACROSS_DISTANCE] = {a->figure->distance, b->figure->distance}};
    return compare_text(text[what][0], text[what][1]) == 0;
}

static bool comparable(const struct group *g, const struct member *a, const struct member *b)
{
    for (enum compare_across what = ACROSS_CPU; what <= ACROSS_DISTANCE; what++)
        if (!across(g, what) && !compare_same(&a->side, &b->side, what))
            return false;
    return true;
}

/* Runs in the order of the files: the first of a with the first of b, and so on. */
static int pair_runs(struct group *g, bool same_host)
{
    for (struct member *a = g->a; a < g->a + g->a_count; a++)
        for (struct member *b = g->b; b < g->b + g->b_count && !a->met && !a->done; b++) {
            if (b->met || b->done || !comparable(g, a, b) ||
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

static bool is_judged(const struct group *g, size_t first_pair)
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
        why = !compare_same(&me->side, &other[i].side, ACROSS_CPU)        ? ALONE_CPU
              : !compare_same(&me->side, &other[i].side, ACROSS_PROTOCOL) ? ALONE_PROTOCOL
              : !compare_same(&me->side, &other[i].side, ACROSS_DISTANCE) ? ALONE_DISTANCE
                                                                          : ALONE_RUN;
    return why;
}

static void mark_judged(struct group *g, size_t first_pair, bool judged)
{
    for (size_t i = first_pair; i < g->out->pairs; i++)
        g->out->pair[i].judged = judged;
}

static void leave_alone(struct group *g, size_t first_pair)
{
    const bool judged = is_judged(g, first_pair);
    mark_judged(g, first_pair, judged);
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

static int fold_group(struct group *g)
{
    const size_t first = g->out->pairs;
    drop_rare(g->a, g->a_count);
    drop_rare(g->b, g->b_count);
    int failed = pair_runs(g, true);
    if (!failed)
        failed = pair_runs(g, false);
    leave_alone(g, first);
    return failed;
}

/* Members of one variant, whatever the distance. */
static size_t run_of_members(const struct members *m, size_t from, const struct figure *variant)
{
    size_t to = from;
    while (to < m->count && compare_variant(m->member[to].side.figure, variant, false) == 0)
        to++;
    return to - from;
}

static int fold_groups(const struct members *a, const struct members *b,
    const struct compare_request *request, struct comparison *out)
{
    for (size_t i = 0, k = 0; i < a->count || k < b->count;) {
        const struct figure *x = i < a->count ? a->member[i].side.figure : NULL;
        const struct figure *y = k < b->count ? b->member[k].side.figure : NULL;
        const struct figure *least = !y || (x && compare_variant(x, y, false) <= 0) ? x : y;
        struct group g = {.a = a->member + i,
            .b = b->member + k,
            .a_count = run_of_members(a, i, least),
            .b_count = run_of_members(b, k, least),
            .request = request,
            .out = out};
        const int failed = fold_group(&g);
        if (failed)
            return failed;
        i += g.a_count;
        k += g.b_count;
    }
    return 0;
}

static int by_section(const void *a, const void *b)
{
    const struct compare_pair *x = a, *y = b;
    const int order = compare_sections(x, y);
    return order ? order : compare_variant(x->a.figure, y->a.figure, true);
}

int compare_build(const struct dataset *a, const struct dataset *b,
    const struct compare_request *request, struct comparison *out, struct err *err)
{
    struct members x = {0}, y = {0};
    *out = (struct comparison){0};
    int failed = members_new(a, &x);
    if (!failed)
        failed = members_new(b, &y);
    const size_t all = x.count + y.count + 1;
    out->pair = calloc(all, sizeof *out->pair);
    out->single = calloc(all, sizeof *out->single);
    if (!failed && out->pair && out->single)
        failed = fold_groups(&x, &y, request, out);
    else
        failed = -ENOMEM;
    free(x.member);
    free(y.member);
    if (failed)
        return err_set(err, failed, "out of memory for the comparison");
    if (out->pairs == 0)
        return compare_explain(a, b, out, err);
    qsort(out->pair, out->pairs, sizeof *out->pair, by_section);
    return 0;
}

void comparison_fini(struct comparison *comparison)
{
    free(comparison->pair);
    free(comparison->single);
    *comparison = (struct comparison){0};
}
