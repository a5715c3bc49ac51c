/* SPDX-License-Identifier: MIT
 * Possible hand-overs, by sites. */
#include "analysis/sharing_window.h"

#include <stdlib.h>

static void add(struct window *w, const struct window_access *access)
{
    if (w->count == w->room) {
        const size_t room = w->room ? 2 * w->room : 16;
        struct window_access *const more = reallocarray(w->access, room, sizeof *more);
        if (!more) {
            w->short_of_memory = true;
            return;
        }
        w->access = more;
        w->room = room;
    }
    w->access[w->count++] = *access;
}

/* Sites are counted only where the line has threads in turn; beside that the touch counts more. */
static uint64_t scaled(const struct record_touch *touch, const struct record_site *site)
{
    uint64_t sites = touch->sites_lost;
    for (uint32_t i = 0; i < touch->sites; i++)
        sites += touch->site[i].count;
    const uint64_t all = touch->reads > touch->writes ? touch->reads : touch->writes;
    return sites && all > sites ? (uint64_t)((double)site->count * (double)all / (double)sites)
                                : site->count;
}

static void add_site(struct window *w, const struct record_touch *touch,
    const struct record_site *site, uint64_t address)
{
    const uint64_t first = address + site->first, end = first + site->size;
    const uint64_t window_end = w->start + w->bytes;
    if (first >= window_end || end <= w->start)
        return;
    add(w, &(struct window_access){
               .slot = touch->slot,
               .first = first > w->start ? (unsigned)(first - w->start) : 0,
               .end = end < window_end ? (unsigned)(end - w->start) : w->bytes,
               .writes = site->kind & RECORD_WRITE,
               .count = scaled(touch, site),
           });
}

void window_add(struct window *w, const struct record *record, const struct record_line *line)
{
    for (uint32_t i = line->touch; i; i = record->touch[i - 1].next) {
        const struct record_touch *const touch = &record->touch[i - 1];
        for (uint32_t j = 0; j < touch->sites; j++)
            add_site(w, touch, &touch->site[j], line->address);
    }
}

static bool overlap(const struct window_access *a, const struct window_access *b)
{
    return a->first < b->end && b->first < a->end;
}

/* A site's accesses are dealt out once: each loses the line at most that often. */
static uint64_t take(uint64_t *left, uint64_t count)
{
    const uint64_t taken = count < *left ? count : *left;
    *left -= taken;
    return taken;
}

static struct possible possible_of(const struct window *w, const struct window_access *a)
{
    struct possible sum = {0, 0};
    uint64_t false_left = a->count, true_left = a->count;
    for (size_t i = 0; i < w->count; i++) {
        const struct window_access *const b = &w->access[i];
        if (a->slot == b->slot || !(a->writes || b->writes))
            continue;
        if (overlap(a, b))
            sum.true_ += take(&true_left, b->count);
        else
            sum.false_ += take(&false_left, b->count);
    }
    return sum;
}

struct possible window_possible(const struct window *w)
{
    struct possible sum = {0, 0};
    for (size_t i = 0; i < w->count; i++) {
        const struct possible one = possible_of(w, &w->access[i]);
        sum.false_ += one.false_;
        sum.true_ += one.true_;
    }
    return sum;
}

void window_fini(struct window *w)
{
    free(w->access);
    *w = (struct window){0};
}
