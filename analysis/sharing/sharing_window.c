/* SPDX-License-Identifier: MIT
 * Possible hand-overs, by sites. */
#include "analysis/sharing/sharing_window.h"

#include "base/grow.h"

#include <stdlib.h>

uint64_t touch_accesses(const struct footprint *touch)
{
    enum { BOTH = RECORD_READ | RECORD_WRITE };
    const double all = (double)touch->reads + (double)touch->writes;
    uint64_t known = 0, both = 0;
    for (uint32_t i = 0; i < touch->sites; i++) {
        known += touch->site[i].count;
        both += (touch->site[i].kind & BOTH) == BOTH ? touch->site[i].count : 0;
    }
    if (known == 0)
        return touch->reads > touch->writes ? touch->reads : touch->writes;
    return (uint64_t)(all * (double)known / ((double)known + (double)both));
}

static bool ended_before(const struct footprint *a, const struct footprint *b)
{
    return a->end_tick && a->end_tick <= b->begin_tick;
}

bool touches_meet(const struct footprint *a, const struct footprint *b)
{
    return a->slot != b->slot && !ended_before(a, b) && !ended_before(b, a);
}

static const struct footprint *busier(const struct footprint *a, const struct footprint *b)
{
    return !a || b->reads + b->writes > a->reads + a->writes ? b : a;
}

uint32_t touches_life(const struct footprint *const *touch, size_t touches, uint32_t slot)
{
    const struct footprint *lead = NULL, *met = NULL, *any = NULL;
    for (size_t i = 0; i < touches; i++)
        lead = busier(lead, touch[i]);
    for (size_t i = 0; i < touches; i++) {
        if (touch[i]->slot != slot)
            continue;
        any = busier(any, touch[i]);
        if (touch[i] == lead || touches_meet(touch[i], lead))
            met = busier(met, touch[i]);
    }
    return met ? met->life : any ? any->life : 0;
}

/* One site of a thread, or what else it did in a stretch of bytes. */
struct window_access {
    const struct footprint *from;
    const struct line_stat *line;
    bool writes, locks;  /* locks: it is a call on a lock */
    uint32_t had;        /* bits of the locks that the thread had each time, or calls about */
    uint64_t first, end; /* addresses */
    uint64_t count;
};

struct window {
    uint64_t start, end;
    bool across; /* two lines: what happens on each of them is not of the window */
    struct window_access *access;
    size_t count;
};

/* What of it lies in the window. */
static void add_access(struct window *w, struct window_access access)
{
    access.first = access.first > w->start ? access.first : w->start;
    access.end = access.end < w->end ? access.end : w->end;
    if (access.first < access.end && GROW(w->access, w->count) == 0)
        w->access[w->count++] = access;
}

static unsigned kind_at(const struct footprint *touch, unsigned byte)
{
    return (unsigned)(touch->read_mask >> byte & 1) | (unsigned)(touch->write_mask >> byte & 1)
                                                          << 1;
}

/* The end of the stretch of bytes that the thread treats alike. */
static unsigned stretch_end(const struct footprint *touch, unsigned from)
{
    unsigned end = from + 1;
    while (end < RECORD_LINE && kind_at(touch, end) == kind_at(touch, from))
        end++;
    return end;
}

/* Accesses of one kind of which no site is known, before the line was recorded: each stretch that
 * has that kind is taken to have the same share of them. */
static void add_masked(struct window *w, const struct footprint *touch,
    const struct line_stat *line, unsigned kind, uint64_t count)
{
    unsigned stretches = 0;
    for (unsigned at = 0; at < RECORD_LINE; at = stretch_end(touch, at))
        stretches += (kind_at(touch, at) & kind) != 0;
    for (unsigned at = 0, end; at < RECORD_LINE; at = end) {
        end = stretch_end(touch, at);
        if (stretches &&
            kind_at(touch, at) & kind) /* one is enough; the analyser cannot see that */
            add_access(w, (struct window_access){.from = touch,
                              .line = line,
                              .writes = kind == RECORD_WRITE,
                              .had = touch->locks,
                              .first = line->address + at,
                              .end = line->address + end,
                              .count = count / stretches});
    }
}

/* Where a thread writes, as often as it does: of what it reads there as well, a hand-over needs a
 * write. An access that reads and writes was counted as both. */
static void add_unknown(struct window *w, const struct footprint *touch,
    const struct line_stat *line, uint64_t count, double share)
{
    const uint64_t all = (uint64_t)(share * (double)touch->writes),
                   writes = all < count ? all : count;
    add_masked(w, touch, line, RECORD_WRITE, writes);
    add_masked(w, touch, line, RECORD_READ, count - writes);
}

/* Which share of a thread's accesses others may have contended for on this line: in each phase no
 * more than one of them had. */
static double contended_share(
    const struct recording *r, const struct line_stat *line, const struct footprint *touch)
{
    const uint64_t all = touch->reads + touch->writes, mine = footprint_phase_accesses(touch);
    uint64_t most = 0;
    for (uint32_t i = line->touch; i; i = r->touch[i - 1].next) {
        const struct footprint *const t = &r->touch[i - 1];
        if (t->slot != touch->slot && footprint_phase_accesses(t) > most)
            most = footprint_phase_accesses(t);
    }
    const uint64_t contended = touch->contended + (mine < most ? mine : most);
    return all > 0 && contended < all ? (double)contended / (double)all : 1;
}

/* Sites are counted only while threads have the line in turn; all accesses are taken to be spread
 * over them alike. */
static void add_touch(
    struct window *w, const struct footprint *touch, const struct line_stat *line, double share)
{
    const uint64_t all = (uint64_t)(share * (double)touch_accesses(touch));
    uint64_t known = 0;
    for (uint32_t i = 0; i < touch->sites; i++)
        known += touch->site[i].count;
    if (known == 0)
        add_unknown(w, touch, line, all, share);
    const double scale = known && (all > known || share < 1) ? (double)all / (double)known : 1;
    for (uint32_t i = 0; i < touch->sites; i++) {
        const struct record_site *const s = &touch->site[i];
        const uint64_t first = line->address + s->first;
        const bool locks = s->kind & RECORD_SYNC;
        add_access(w, (struct window_access){.from = touch,
                          .line = line,
                          .writes = s->kind & RECORD_WRITE,
                          .locks = locks,
                          .had = s->locks | (locks ? record_lock_bits(first) : 0),
                          .first = first,
                          .end = first + s->size,
                          .count = (uint64_t)((double)s->count * scale)});
    }
}

static bool accesses_overlap(const struct window_access *a, const struct window_access *b)
{
    return a->first < b->end && b->first < a->end;
}

/* Have both threads had the same lock each time, or has one of them had the lock for which the
 * other calls? */
static bool are_guarded(const struct window_access *a, const struct window_access *b)
{
    /* Of a thread that had done all its work before another came nothing was looked at: it is taken
     * to do as the other. */
    if (a->had == RECORD_LOCKS_UNKNOWN && b->had == RECORD_LOCKS_UNKNOWN)
        return false;
    const uint32_t common = a->had & b->had;
    return !(a->locks && b->locks) && (common & (common - 1)) != 0;
}

/* A site's accesses are dealt out once: each loses the line at most that often. */
static uint64_t deal_count(uint64_t *left, uint64_t count)
{
    const uint64_t taken = count < *left ? count : *left;
    *left -= taken;
    return taken;
}

static struct possible possible_of(const struct window *w, const struct window_access *a)
{
    struct possible sum = {0, 0};
    uint64_t left[2] = {a->count, a->count}; /* false, true */
    for (size_t i = 0; i < w->count; i++) {
        const struct window_access *const b = &w->access[i];
        if (!touches_meet(a->from, b->from) || !(a->writes || b->writes) ||
            (w->across && a->line == b->line) || are_guarded(a, b))
            continue;
        if (accesses_overlap(a, b))
            sum.true_sharing += deal_count(&left[1], b->count);
        else
            sum.false_sharing += deal_count(&left[0], b->count);
    }
    return sum;
}

struct possible window_possible(const struct recording *recording,
    const struct line_stat *const *line, size_t lines, uint64_t start, unsigned bytes)
{
    struct window w = {.start = start, .end = start + bytes, .across = lines > 1};
    struct possible sum = {0, 0};
    for (size_t i = 0; i < lines; i++)
        for (uint32_t t = line[i]->touch; t; t = recording->touch[t - 1].next) {
            const struct footprint *const touch = &recording->touch[t - 1];
            add_touch(
                &w, touch, line[i], w.across ? 1 : contended_share(recording, line[i], touch));
        }
    for (size_t i = 0; i < w.count; i++) {
        const struct possible one = possible_of(&w, &w.access[i]);
        sum.false_sharing += one.false_sharing;
        sum.true_sharing += one.true_sharing;
    }
    free(w.access);
    return sum;
}
