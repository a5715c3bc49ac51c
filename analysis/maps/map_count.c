/* SPDX-License-Identifier: MIT
 * Prices of an add, looked up, and the wording. */
#include "analysis/maps/map_count.h"

#include "analysis/format/format.h"
#include "analysis/maps/map_verdict.h"
#include "base/limits.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The load's words begin with its mix, as load_describe writes it: "get=90 put=10, ...". */
static double percent_gets(const char *what)
{
    static const char gets[] = "get=";
    return strncmp(what, gets, strlen(gets)) == 0 ? strtod(what + strlen(gets), NULL) : 0;
}

bool map_count_matters(const struct map_group *g)
{
    return g->threads > 1 && !g->twins && g->client_threads != 1 &&
           percent_gets(g->what) >= MAP_COUNT_READS && map_group_find(g, "rwlock", SAMPLE_NONE) &&
           !map_verdict_is_limited(g);
}

/* One add of costs in a regime. */
struct search {
    const struct summary *summary;
    const struct regime *regime;
    const struct map_group *group;
    const char *distance; /* of the group's cpus, without the kinds of their cores */
};

static bool is_in_regime(const struct search *s, const struct estimate *e)
{
    return strcmp(e->instrument, "costs") == 0 && strcmp(e->run_id, s->regime->run_id) == 0 &&
           strcmp(e->host, s->regime->host) == 0 && e->regime == s->regime->regime &&
           strcmp(e->op, "add") == 0 && !isnan(e->ns.low);
}

/* A line that a thread at that distance has written. */
static const struct estimate *find_price(const struct search *s, const char *distance)
{
    const struct estimate *found = NULL;
    for (size_t i = 0; i < s->summary->count && !found; i++) {
        const struct estimate *const e = &s->summary->estimate[i];
        if (is_in_regime(s, e) && strcmp(e->layout, "line") == 0 &&
            strcmp(e->state, "modified") == 0 && strcmp(e->home, "local") == 0 &&
            strcmp(e->distance, distance) == 0)
            found = e;
    }
    return found;
}

/* Without a gap: all of the group's threads add to one line, or each to its own. */
static const struct estimate *find_hold(const struct search *s, bool alone)
{
    const struct estimate *found = NULL;
    for (size_t i = 0; i < s->summary->count && !found; i++) {
        const struct estimate *const e = &s->summary->estimate[i];
        if (is_in_regime(s, e) && estimate_is_hold(e) && e->threads == s->group->threads &&
            e->gap_ns <= 0 && (e->align_bytes == SAMPLE_NONE) == alone &&
            strcmp(e->distance, s->distance) == 0)
            found = e;
    }
    return found;
}

static struct interval twice(double low, double mid, double high, size_t n)
{
    return (struct interval){MAP_COUNT_ADDS * low, MAP_COUNT_ADDS * mid, MAP_COUNT_ADDS * high, n};
}

/* The two are medians of the same blocks, whose difference has no interval of its own: the widest
 * that it could be. */
static bool take_price(const struct search *s, struct map_count *out)
{
    const struct estimate *const there = find_price(s, s->distance);
    const struct estimate *const here = find_price(s, "same cpu");
    if (!there || !here)
        return false;
    const struct interval c = there->ns, a = here->ns;
    out->contended = c;
    out->alone = a;
    out->queued = false;
    out->added = twice(c.low - a.high, c.mid - a.mid, c.high - a.low, c.n < a.n ? c.n : a.n);
    return true;
}

/* With many threads the line has a queue. */
static void take_queue(const struct search *s, struct map_count *out)
{
    const struct estimate *const all = find_hold(s, false), *const alone = find_hold(s, true);
    if (!all || !alone || isnan(all->added_ns.low))
        return;
    const struct interval d = all->added_ns;
    const struct interval added = twice(d.low, d.mid, d.high, d.n);
    if (added.mid <= out->added.mid)
        return;
    out->contended = all->ns;
    out->alone = alone->ns;
    out->added = added;
    out->queued = true;
}

/* By what factor the canary differs between the price and the load. With more than two threads its
 * pairs are others in costs than in maps, and the levels do not compare. */
static double levels_apart(const struct regime *regime, const struct map_group *g)
{
    const double factor = regime->canary_ns / g->canary_ns;
    return g->threads > 2 || isnan(factor) ? 1 : fmax(factor, 1 / factor);
}

/* "same L3, P and E" is "same L3". */
static const char *bare_distance(const struct map_entry *entry, char out[MAP_ENTRY_NAME])
{
    const char *const full = entry->estimate->distance;
    out[0] = '\0';
    text_append(out, MAP_ENTRY_NAME, "%.*s", (int)strcspn(full, ","), full);
    return out;
}

bool map_count_find(const struct summary *summary, const struct map_group *g, struct map_count *out)
{
    char distance[MAP_ENTRY_NAME];
    *out = (struct map_count){.lock = NULL};
    if (!map_count_matters(g))
        return false;
    const struct map_entry *const lock = map_group_find(g, "rwlock", SAMPLE_NONE);
    struct search s = {summary, NULL, g, bare_distance(lock, distance)};
    double least = REGIME_FACTOR;
    for (size_t i = 0; i < summary->regimes; i++) {
        s.regime = &summary->regime[i];
        const double apart = levels_apart(s.regime, g);
        if (strcmp(s.regime->host, g->host) != 0 || apart > least ||
            (out->lock && apart >= least) || !take_price(&s, out))
            continue;
        take_queue(&s, out);
        out->lock = lock;
        least = apart;
    }
    return out->lock;
}

/* What it explains of the time. */
static void add_share(char *out, const struct map_count *c, int64_t threads)
{
    char added[CELL_TEXT], op[CELL_TEXT];
    const double ns = c->lock->estimate->ns.mid;
    number_text(ns, op);
    if (c->added.mid > ns)
        text_append(out, MAP_COUNT_TEXT,
            "twice that is more than the %s ns of an op with %" PRId64
            " threads, whose adds often find the line still there",
            op, threads);
    else
        text_append(out, MAP_COUNT_TEXT, "about %s of the %s ns of an op with %" PRId64 " threads",
            interval_text(c->added, added), op, threads);
}

const char *map_count_text(
    const struct summary *summary, const struct map_group *g, char out[MAP_COUNT_TEXT])
{
    struct map_count c;
    char contended[CELL_TEXT], number[CELL_TEXT];
    out[0] = '\0';
    if (!map_count_find(summary, g, &c))
        return out;
    text_append(out, MAP_COUNT_TEXT, "Each read by rwlock adds to its reader count twice: ");
    if (c.queued)
        text_append(out, MAP_COUNT_TEXT, "while %" PRId64 " threads add to one line", g->threads);
    else
        text_append(out, MAP_COUNT_TEXT, "where another thread has just written the line");
    text_append(out, MAP_COUNT_TEXT,
        ", an add takes %s, and %s alone: ", interval_text(c.contended, contended),
        number_text(c.alone.mid, number));
    add_share(out, &c, g->threads);
    const struct map_entry *const own = map_group_find(g, "brlock", SAMPLE_NONE);
    if (own)
        text_append(out, MAP_COUNT_TEXT,
            "; with a count for each thread, as brlock has, an op takes %s",
            number_text(own->estimate->ns.mid, number));
    return out;
}
