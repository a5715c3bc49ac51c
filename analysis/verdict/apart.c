/* SPDX-License-Identifier: MIT
 * Which distance in bytes is enough. */
#include "analysis/verdict/apart.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Of a reader that misses only the writer is judged: how long the load takes is the memory's. */
const struct apart_case apart_cases[APART_CASES] = {
    {"counter", "add", "adder", "both add"},
    {"mixed", "evict", "writer", "one adds, one misses"},
};

static const struct estimate *find_estimate(
    const struct summary *summary, const struct apart_case *of, int64_t regime, unsigned bytes)
{
    for (size_t i = 0; i < summary->count; i++) {
        const struct estimate *const e = &summary->estimate[i];
        if (e->accepted && e->regime == regime && e->align_bytes == (int64_t)bytes &&
            strcmp(e->layout, of->layout) == 0 && strcmp(e->op, of->op) == 0 &&
            strcmp(e->role, of->role) == 0)
            return e;
    }
    return NULL;
}

/* From wide to narrow. What has no interval is neither slower nor enough: comparisons with NaN are
 * false. */
static struct apart judge_case(
    const struct summary *summary, const struct apart_case *of, int64_t regime, double threshold)
{
    struct apart apart = {APART_MORE, APART_MORE};
    bool enough = true, measured = false;
    for (unsigned bytes = APART_WIDEST; bytes >= APART_NARROWEST; bytes /= 2) {
        const struct estimate *const e = find_estimate(summary, of, regime, bytes);
        if (!e)
            continue;
        measured = true;
        if (e->ratio.low > threshold)
            break;
        enough = enough && e->ratio.high <= threshold;
        apart.least = bytes;
        apart.most = enough ? bytes : apart.most;
    }
    if (!measured)
        apart.least = 0;
    return apart;
}

/* Another regime counts only where it says something. */
static bool is_judged(
    const struct summary *summary, const struct apart_case *of, size_t regime, double threshold)
{
    return regime == 0 ||
           apart_is_decided(judge_case(summary, of, summary->regime[regime].regime, threshold));
}

struct apart apart_of(const struct summary *summary, double threshold)
{
    struct apart all = {0, summary->regimes ? 0 : APART_MORE};
    for (size_t r = 0; r < summary->regimes; r++)
        for (size_t i = 0; i < APART_CASES; i++)
            if (is_judged(summary, &apart_cases[i], r, threshold))
                all = apart_join(all,
                    judge_case(summary, &apart_cases[i], summary->regime[r].regime, threshold));
    return all;
}

struct apart apart_join(struct apart a, struct apart b)
{
    return (struct apart){a.least > b.least ? a.least : b.least, a.most > b.most ? a.most : b.most};
}

bool apart_is_decided(struct apart apart)
{
    return apart.least == apart.most && apart.most != APART_MORE;
}

const struct estimate *apart_estimate(
    const struct summary *summary, const struct apart_case *of, unsigned bytes)
{
    return summary->regimes ? find_estimate(summary, of, summary->regime[0].regime, bytes) : NULL;
}

/* Without an interval nothing is sure, and everything possible. */
static double badness(const struct estimate *e, bool surely)
{
    if (isnan(e->ratio.low))
        return surely ? 0 : INFINITY;
    return surely ? e->ratio.low : e->ratio.high;
}

bool apart_is_worse(const struct estimate *a, const struct estimate *b, bool surely)
{
    return a && (!b || badness(a, surely) > badness(b, surely));
}

const struct estimate *apart_worst(
    const struct summary *summary, double threshold, unsigned bytes, bool surely)
{
    const struct estimate *worst = NULL;
    for (size_t r = 0; r < summary->regimes; r++)
        for (size_t i = 0; i < APART_CASES; i++) {
            const struct estimate *const e =
                find_estimate(summary, &apart_cases[i], summary->regime[r].regime, bytes);
            if (apart_is_worse(e, worst, surely) &&
                is_judged(summary, &apart_cases[i], r, threshold))
                worst = e;
        }
    return worst;
}

size_t apart_blocks(const struct summary *summary)
{
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < APART_CASES; i++)
        for (unsigned bytes = APART_WIDEST; bytes >= APART_NARROWEST; bytes /= 2) {
            const struct estimate *const e = apart_estimate(summary, &apart_cases[i], bytes);
            const size_t n = e ? e->ratio.n : 0;
            least = n < least ? n : least;
        }
    return least;
}

bool apart_is_precise(const struct summary *summary, double threshold, double precision)
{
    for (size_t i = 0; i < APART_CASES; i++)
        for (unsigned bytes = APART_WIDEST; bytes >= APART_NARROWEST; bytes /= 2) {
            const struct estimate *const e = apart_estimate(summary, &apart_cases[i], bytes);
            if (!e || !(e->ratio.low > threshold || interval_width(e->ratio) <= precision))
                return false;
        }
    return true;
}
