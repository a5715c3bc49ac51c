/* SPDX-License-Identifier: MIT
 * The estimates of a price list, taken from a summary. */
#include "analysis/dataset/price_table.h"

#include "analysis/dataset/cell_compare.h"
#include "analysis/dataset/hold_curve.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static bool is_cost(const struct estimate *estimate)
{
    return compare_text(estimate->instrument, "costs") == 0;
}

static bool in_run(const struct estimate *estimate, const struct price_table *costs)
{
    return is_cost(estimate) && SAME_RUN(estimate, costs);
}

/* The summary's regimes are sorted by blocks, most first; those of other instruments are skipped.
 */
static bool choose_regime(const struct summary *summary, struct price_table *out)
{
    for (size_t r = 0; r < summary->regimes; r++) {
        const struct regime *const regime = &summary->regime[r];
        out->run_id = regime->run_id;
        out->host = regime->host;
        out->regime = regime->regime;
        out->blocks = regime->blocks;
        out->canary_ns = regime->canary_ns;
        for (size_t i = 0; i < summary->count; i++)
            if (in_run(&summary->estimate[i], out) && summary->estimate[i].accepted)
                return true;
    }
    return false;
}

/* A price that was rejected every time still has estimates, perhaps without a regime. */
static struct price_entry *intern_price(struct price_table *out, const struct estimate *f)
{
    for (size_t i = 0; i < out->prices; i++) {
        struct price_entry *const p = &out->price[i];
        if (compare_text(p->op, f->op) == 0 && compare_text(p->state, f->state) == 0 &&
            compare_text(p->distance, f->distance) == 0 && compare_text(p->home, f->home) == 0 &&
            p->cpu == f->cpu && p->peer == f->peer)
            return p;
    }
    struct price_entry *const new = &out->price[out->prices++];
    *new = (struct price_entry){.op = f->op,
        .state = f->state,
        .home = f->home,
        .distance = f->distance,
        .cpu = f->cpu,
        .peer = f->peer,
        .ns = INTERVAL_NONE,
        .reason = ""};
    return new;
}

static bool is_rejected(
    const struct sample *row, const struct price_entry *p, const struct price_table *costs)
{
    return !row->accepted && row->reject_reason && *row->reject_reason &&
           compare_text(row->run_id, costs->run_id) == 0 && compare_text(row->op, p->op) == 0 &&
           compare_text(row->state, p->state) == 0 &&
           compare_text(row->distance, p->distance) == 0 && compare_text(row->home, p->home) == 0;
}

static const char *last_reason(
    const struct samples *samples, const struct price_entry *p, const struct price_table *costs)
{
    for (size_t i = samples->count; i-- > 0;)
        if (is_rejected(&samples->row[i], p, costs))
            return samples->row[i].reject_reason;
    return "";
}

static void find_reasons(const struct samples *samples, struct price_table *out)
{
    for (size_t i = 0; i < out->prices; i++)
        if (out->price[i].ns.n == 0)
            out->price[i].reason = last_reason(samples, &out->price[i], out);
}

int price_table_build(
    const struct samples *samples, const struct summary *summary, struct price_table *out)
{
    *out = (struct price_table){.run_id = "", .host = "", .canary_ns = NAN};
    if (!choose_regime(summary, out))
        return -ENOENT;
    out->price = calloc(summary->count + 1, sizeof *out->price);
    if (!out->price)
        return -ENOMEM;
    for (size_t i = 0; i < summary->count; i++) {
        const struct estimate *const f = &summary->estimate[i];
        if (!in_run(f, out) || compare_text(f->layout, "line") != 0)
            continue;
        struct price_entry *const p = intern_price(out, f);
        if (f->regime == out->regime)
            p->ns = f->ns;
    }
    find_reasons(samples, out);
    return hold_curves_add(samples, summary, out);
}

void price_table_fini(struct price_table *costs)
{
    free(costs->price);
    free(costs->curve);
    *costs = (struct price_table){0};
}

const struct price_entry *price_table_price(const struct price_table *costs, const char *op,
    const char *state, const char *distance, const char *home)
{
    for (size_t i = 0; i < costs->prices; i++) {
        const struct price_entry *const p = &costs->price[i];
        if (compare_text(p->op, op) == 0 && compare_text(p->state, state) == 0 &&
            compare_text(p->distance, distance) == 0 && compare_text(p->home, home) == 0)
            return p;
    }
    return NULL;
}

const struct hold_curve *price_table_hold(
    const struct price_table *costs, const struct hold_key *key)
{
    for (size_t i = 0; i < costs->curves; i++)
        if (hold_key_compare(&costs->curve[i].key, key) == 0)
            return &costs->curve[i];
    return NULL;
}
