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

struct stretch {
    uint64_t address;
    unsigned size;
    bool writes;
    uint64_t count;
};

static void add_stretch(struct window *w, uint32_t slot, const struct stretch *s)
{
    const uint64_t end = s->address + s->size, window_end = w->start + w->bytes;
    if (s->address >= window_end || end <= w->start)
        return;
    add(w, &(struct window_access){
               .slot = slot,
               .first = s->address > w->start ? (unsigned)(s->address - w->start) : 0,
               .end = end < window_end ? (unsigned)(end - w->start) : w->bytes,
               .writes = s->writes,
               .count = s->count,
           });
}

static unsigned run_length(uint64_t mask, unsigned from)
{
    unsigned end = from;
    while (end < RECORD_LINE && mask >> end & 1)
        end++;
    return end - from;
}

static unsigned count_runs(uint64_t mask)
{
    return (unsigned)__builtin_popcountll(mask & ~(mask << 1));
}

/* Accesses before the line had a record, or beyond the sites that one keeps, are known by their
 * masks only: each stretch of bytes is taken to have the same share of them. */
static void add_masked(
    struct window *w, const struct record_touch *touch, uint64_t address, uint64_t count)
{
    const uint64_t mask = touch->read_mask | touch->write_mask;
    const unsigned runs = count_runs(mask);
    for (unsigned at = 0; runs && at < RECORD_LINE;) {
        const unsigned length = run_length(mask, at);
        const uint64_t bytes = length < RECORD_LINE ? ((1ull << length) - 1) << at : UINT64_MAX;
        if (length)
            add_stretch(w, touch->slot,
                &(struct stretch){
                    address + at, length, (touch->write_mask & bytes) != 0, count / runs});
        at += length ? length : 1;
    }
}

void window_add(struct window *w, const struct record *record, const struct record_line *line)
{
    for (uint32_t i = line->touch; i; i = record->touch[i - 1].next) {
        const struct record_touch *const touch = &record->touch[i - 1];
        const uint64_t all = touch->reads > touch->writes ? touch->reads : touch->writes;
        uint64_t known = 0;
        for (uint32_t j = 0; j < touch->sites; j++) {
            const struct record_site *const s = &touch->site[j];
            known += s->count;
            add_stretch(w, touch->slot,
                &(struct stretch){
                    line->address + s->first, s->size, s->kind & RECORD_WRITE, s->count});
        }
        if (all > known)
            add_masked(w, touch, line->address, all - known);
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
