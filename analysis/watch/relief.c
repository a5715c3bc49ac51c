/* SPDX-License-Identifier: MIT
 * Ratios of windows in pairs. */
#include "analysis/watch/relief.h"

#include <math.h>
#include <stdbool.h>

/* What does not hold for so many pairs shows nothing: those for which it does are a choice. */
static const double ALWAYS = 0.9;
/* Of the samples: where fewer waited for the line, what the thread waits for is not seen. */
static const double SEEN_LEAST = 0.05;

/* A word of few bytes may have run over. */
static double growth(const struct relief_window *w, unsigned bytes)
{
    const unsigned bits = 8 * bytes;
    const uint64_t mask = bits < 64 ? (1ull << bits) - 1 : UINT64_MAX;
    const uint64_t by = (w->after - w->before) & mask;
    return by == 0 || by > mask / 2 || w->ran_ns == 0 ? (double)NAN
                                                      : (double)by / (double)w->ran_ns;
}

void relief_add(struct relief *r, const struct relief_window window[RELIEF_WINDOWS], unsigned bytes)
{
    if (r->pairs == RELIEF_PAIRS)
        return;
    for (int i = 0; i < RELIEF_WINDOWS; i++) {
        const struct relief_window *const w = &window[i];
        r->by_word[i][r->pairs] = growth(w, bytes);
        r->by_share[i][r->pairs] =
            w->samples ? (double)(w->samples - w->at_line) / (double)w->samples : (double)NAN;
    }
    r->pairs++;
}

static bool is_always(const struct relief *r, const double value[RELIEF_WINDOWS][RELIEF_PAIRS])
{
    size_t positive = 0;
    for (size_t i = 0; i < r->pairs; i++)
        positive += value[RELIEF_FREE][i] > 0 && value[RELIEF_HELD][i] > 0;
    return (double)positive >= ALWAYS * (double)r->pairs;
}

static bool waits(const struct relief *r)
{
    double waited = 0;
    for (size_t i = 0; i < r->pairs; i++)
        waited += isnan(r->by_share[RELIEF_FREE][i]) ? 0 : 1 - r->by_share[RELIEF_FREE][i];
    return waited >= SEEN_LEAST * (double)r->pairs;
}

int relief_gain(const struct relief *r, struct interval *gain)
{
    *gain = INTERVAL_NONE;
    gain->n = r->pairs;
    if (r->pairs < STATS_BLOCKS_MIN)
        return 0;
    if (is_always(r, r->by_word))
        return stats_ratio(r->by_word[RELIEF_HELD], r->by_word[RELIEF_FREE], NULL, r->pairs, gain);
    if (is_always(r, r->by_share) && waits(r))
        return stats_ratio(
            r->by_share[RELIEF_HELD], r->by_share[RELIEF_FREE], NULL, r->pairs, gain);
    return 0;
}
