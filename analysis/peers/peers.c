/* SPDX-License-Identifier: MIT
 * The rounds: what is named is left out of what the others are compared with, and they are compared
 * again. */
#include "analysis/peers/peers.h"

#include "analysis/peers/peers_internal.h"
#include "analysis/stats/stats.h"
#include "base/grow.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 6, TOGETHER_MIN = 3 };
/* Of the error rate that quantities have; hosts as a whole have the rest. */
static const double QUANTITIES_SHARE = 0.8;

const struct peers_rule peers_default = {.level = 0.05, .floor = 0.0198}; /* ln(1.02) */

static void judging_fini(struct judging *j)
{
    free(j->rest);
    free(j->gone);
    free(j->host_gone);
    free(j->together);
    free(j->measure);
    free(j->found);
    free(j->ranked);
    free(j->off);
}

static int judging_init(struct judging *j, const struct peers_kind *kind)
{
    const size_t hosts = kind->hosts, quantities = kind->quantities, cells = hosts * quantities;
    *j = (struct judging){.kind = kind, .tail = {INFINITY, 1}};
    j->rest = calloc(cells + 1, sizeof *j->rest);
    j->gone = calloc(cells + 1, sizeof *j->gone);
    j->host_gone = calloc(hosts + 1, sizeof *j->host_gone);
    j->together = calloc(hosts + 1, sizeof *j->together);
    j->measure = calloc(quantities + 1, sizeof *j->measure);
    j->found = calloc(hosts + 1, sizeof *j->found);
    j->ranked = calloc(hosts + 1, sizeof *j->ranked);
    j->off = calloc(quantities + 1, sizeof *j->off);
    const bool whole = j->rest && j->gone && j->host_gone && j->together && j->measure &&
                       j->found && j->ranked && j->off;
    return whole ? 0 : -ENOMEM;
}

/* How many comparisons of cells and of hosts the kind has. */
static void count_tests(struct judging *j, size_t *cells, size_t *hosts)
{
    size_t quantities = 0;
    for (size_t f = 0; f < j->kind->quantities; f++) {
        quantities += j->measure[f].judged;
        if (j->measure[f].judged)
            *cells += (size_t)j->measure[f].df + 1;
    }
    j->has_whole = quantities >= TOGETHER_MIN;
    *hosts += j->has_whole ? j->kind->hosts : 0;
}

static int add_named(struct peers_result *r, const struct peers_named *named)
{
    const int code = GROW(r->named, r->count);
    if (!code)
        r->named[r->count++] = *named;
    return code;
}

struct finding {
    const struct peers_rule *rule;
    struct peers_result *result;
    size_t kind;
    size_t added;
};

static int find_in_quantity(struct judging *j, size_t quantity, struct finding *finding)
{
    const struct measure *const m = &j->measure[quantity];
    const size_t quantities = j->kind->quantities;
    size_t count = 0;
    int code = 0;
    for (size_t h = 0; h < j->kind->hosts; h++) {
        const size_t cell = h * quantities + quantity;
        if (!j->host_gone[h] && !j->gone[cell] && !isnan(j->kind->value[cell]))
            j->ranked[count++] =
                (struct ranked){j->rest[cell], judging_extra(j, cell, quantity), h};
    }
    const size_t found =
        outliers_find(j->ranked, count, &m->prior, &j->tail, j->cell_level, j->found);
    for (size_t i = 0; i < found && !code; i++) {
        const size_t cell = j->found[i].host * quantities + quantity;
        const double off = j->kind->value[cell] - m->median;
        j->gone[cell] = true;
        finding->added++;
        if (fabs(off) >= finding->rule->floor)
            code = add_named(finding->result,
                &(struct peers_named){finding->kind, j->found[i].host, quantity, off,
                    j->found[i].chance / j->cell_level * finding->rule->level});
    }
    return code;
}

static double off_together(const struct judging *j, size_t host)
{
    const size_t quantities = j->kind->quantities;
    size_t count = 0;
    for (size_t f = 0; f < quantities; f++)
        if (j->measure[f].judged && !isnan(j->kind->value[host * quantities + f]))
            j->off[count++] = j->kind->value[host * quantities + f] - j->measure[f].median;
    return stats_median_among(j->off, count);
}

static int find_together(struct judging *j, struct finding *finding)
{
    static const struct prior none = {1, 0};
    size_t count = 0;
    int code = 0;
    if (!j->has_whole)
        return 0;
    for (size_t h = 0; h < j->kind->hosts; h++)
        if (!j->host_gone[h] && !isnan(j->together[h]))
            j->ranked[count++] = (struct ranked){j->together[h], judging_extra_together(j, h), h};
    const size_t found = outliers_find(j->ranked, count, &none, &j->tail, j->host_level, j->found);
    for (size_t i = 0; i < found && !code; i++) {
        const size_t host = j->found[i].host;
        const double off = off_together(j, host);
        j->host_gone[host] = true;
        finding->added++;
        if (fabs(off) >= finding->rule->floor)
            code = add_named(
                finding->result, &(struct peers_named){finding->kind, host, PEERS_ALL, off,
                                     j->found[i].chance / j->host_level * finding->rule->level});
    }
    return code;
}

static int judge_kind(struct judging *j, struct finding *finding)
{
    int code = 0;
    for (int round = 0; round < ROUNDS_MAX && !code; round++) {
        finding->added = 0;
        if (round)
            judging_measure(j);
        for (size_t f = 0; f < j->kind->quantities && !code; f++)
            if (j->measure[f].judged)
                code = find_in_quantity(j, f, finding);
        if (!code)
            code = find_together(j, finding);
        if (!finding->added)
            break;
    }
    return code;
}

static int compare_named(const void *a, const void *b)
{
    const struct peers_named *const x = a, *const y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->host != y->host)
        return x->host < y->host ? -1 : 1;
    return (x->chance > y->chance) - (x->chance < y->chance);
}

static int describe_quantities(const struct judging *j, struct peers_result *out, size_t kind)
{
    const size_t quantities = j->kind->quantities;
    if (!quantities)
        return 0;
    out->quantity[kind] = calloc(quantities, sizeof **out->quantity);
    if (!out->quantity[kind])
        return -ENOMEM;
    for (size_t f = 0; f < quantities; f++) {
        const struct measure *const m = &j->measure[f];
        struct peers_quantity *const to = &out->quantity[kind][f];
        *to = (struct peers_quantity){.median = m->median,
            .spread = m->df > 0 ? sqrt(m->variance) : NAN,
            .low = INFINITY,
            .high = -INFINITY};
        for (size_t h = 0; h < j->kind->hosts; h++) {
            const size_t cell = h * quantities + f;
            const double value = j->kind->value[cell];
            to->hosts += !isnan(value);
            if (isnan(value) || j->gone[cell] || j->host_gone[h])
                continue;
            to->low = fmin(to->low, value);
            to->high = fmax(to->high, value);
        }
    }
    return 0;
}

static int judge_all(struct judging *j, const struct peers_rule *rule, struct peers_result *out)
{
    size_t cells = 0, hosts = 0;
    int code = 0;
    for (size_t k = 0; k < out->kinds && !code; k++) {
        judging_measure(&j[k]);
        code = judging_fit_tail(&j[k]);
        count_tests(&j[k], &cells, &hosts);
    }
    out->tests = cells + hosts;
    for (size_t k = 0; k < out->kinds && !code; k++) {
        struct finding finding = {.rule = rule, .result = out, .kind = k};
        j[k].cell_level = rule->level * (hosts ? QUANTITIES_SHARE : 1) / (double)cells;
        j[k].host_level = rule->level * (1 - QUANTITIES_SHARE) / (double)hosts;
        code = judge_kind(&j[k], &finding);
        if (!code)
            code = describe_quantities(&j[k], out, k);
    }
    return code;
}

int peers_find(const struct peers_kind *kind, size_t kinds, const struct peers_rule *rule,
    struct peers_result *out)
{
    struct judging *const j = calloc(kinds + 1, sizeof *j);
    *out =
        (struct peers_result){.kinds = kinds, .quantity = calloc(kinds + 1, sizeof *out->quantity)};
    int code = j && out->quantity ? 0 : -ENOMEM;
    for (size_t k = 0; k < kinds && !code; k++)
        code = judging_init(&j[k], &kind[k]);
    if (!code)
        code = judge_all(j, rule, out);
    if (out->count)
        qsort(out->named, out->count, sizeof *out->named, compare_named);
    for (size_t k = 0; j && k < kinds; k++)
        judging_fini(&j[k]);
    free(j);
    if (code)
        peers_fini(out);
    return code;
}

void peers_fini(struct peers_result *result)
{
    for (size_t k = 0; result->quantity && k < result->kinds; k++)
        free(result->quantity[k]);
    free(result->quantity);
    free(result->named);
    *result = (struct peers_result){0};
}
