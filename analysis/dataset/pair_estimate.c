/* SPDX-License-Identifier: MIT
 * The estimate of one regime, and what there is of the others. */
#include "analysis/dataset/pair_estimate.h"

#include "base/compare.h"

#include <stdlib.h>

/* Moves the regime's batches to the front, in their order; the others follow in any. */
static size_t move_regime(struct pair_batches *b, size_t from, int regime)
{
    size_t to = from;
    for (size_t i = from; i < b->count; i++) {
        if (b->regime[i] != regime)
            continue;
        const double ns = b->ns[i];
        const int32_t place = b->place[i];
        b->ns[i] = b->ns[to];
        b->place[i] = b->place[to];
        b->regime[i] = b->regime[to];
        b->ns[to] = ns;
        b->place[to] = place;
        b->regime[to++] = (unsigned char)regime;
    }
    return to - from;
}

static int fold_main(const struct pair_batches *b, size_t n, struct pair_estimate *out)
{
    const int code = stats_interval(b->ns, b->place, n, &out->ns);
    if (code || n == 0)
        return code;
    qsort(b->ns, n, sizeof *b->ns, order_doubles);
    out->p10 = b->ns[n / 10];
    out->p90 = b->ns[n - 1 - n / 10];
    return 0;
}

static void add_other(const double *ns, size_t n, struct pair_estimate *out)
{
    if (n < PAIR_REGIME_BATCHES) {
        out->strays += n;
        return;
    }
    out->others++;
    if (n <= out->other_n)
        return;
    out->other_n = n;
    out->other_ns = stats_median(ns, n);
}

int pair_estimates_fold(struct pair_batches *batches, int regime, struct pair_estimate *out)
{
    *out = (struct pair_estimate){.p10 = NAN, .p90 = NAN, .other_ns = NAN};
    size_t done = move_regime(batches, 0, regime);
    const int code = fold_main(batches, done, out);
    for (int r = 0; r < PAIR_REGIMES && done < batches->count; r++) {
        const size_t n = move_regime(batches, done, r);
        add_other(batches->ns + done, n, out);
        done += n;
    }
    return code;
}
