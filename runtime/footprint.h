/* SPDX-License-Identifier: MIT
 * What a thread counts in its own touch of a line: nobody else's business, so no lock. Inline,
 * since on lines that threads fight for it is most of what an access costs. */
#ifndef RUNTIME_FOOTPRINT_H
#define RUNTIME_FOOTPRINT_H

#include "base/arch/arch.h"
#include "runtime/access.h"

enum { CLOCK_EVERY = 16 }; /* accesses: reading it takes longer than all the rest */

/* A site is a call of a hook and the bytes it used: an element of an array walked by one
 * instruction has several. */
static inline bool is_site(const struct record_site *s, const struct access *a)
{
    return s->pc == a->pc && s->first == (a->address & (RECORD_LINE - 1)) && s->size == a->size;
}

static inline void count_site(struct footprint *t, const struct access *a, uint32_t weight)
{
    for (uint32_t i = 0; i < t->sites; i++)
        if (is_site(&t->site[i], a)) {
            t->site[i].count += weight;
            t->site[i].kind |= (uint8_t)a->kind;
            return;
        }
    const uint32_t next = t->sites; /* a signal's handler may come in between with one of its own */
    if (next == RECORD_SITES) {
        t->sites_lost += weight;
        return;
    }
    t->site[next] = (struct record_site){.pc = a->pc,
        .count = weight,
        .first = (uint8_t)(a->address & (RECORD_LINE - 1)),
        .size = (uint8_t)a->size,
        .kind = (uint8_t)a->kind};
    t->sites = next + 1;
}

static inline void count_gap(struct footprint *t, uint64_t accesses)
{
    const uint64_t now = arch_ticks();
    if (t->last_tick) {
        t->gap_ticks += now - t->last_tick;
        t->gaps += accesses;
    }
    t->last_tick = now;
}

/* Once for `weight` accesses, of which the others were let go by. */
static inline void count_access(
    struct footprint *t, const struct access *a, uint64_t mask, uint32_t weight)
{
    const uint64_t before = t->reads + t->writes;
    if (a->kind & RECORD_READ) {
        t->read_mask |= mask;
        t->now_read |= mask;
        t->reads += weight;
    }
    if (a->kind & RECORD_WRITE) {
        t->write_mask |= mask;
        t->now_written |= mask;
        t->writes += weight;
    }
    count_site(t, a, weight);
    const uint64_t steps = (t->reads + t->writes) / CLOCK_EVERY - before / CLOCK_EVERY;
    if (steps)
        count_gap(t, steps * CLOCK_EVERY);
}

/* The calling thread's touch of the line; found again without the lock. NULL when forgotten. */
static inline struct footprint *footprint_recall(uint32_t line)
{
    const struct near *n = &access_me.near[line % NEAR];
    const bool same = n->touch && n->line == line && n->generation == record_lines[line].generation;
    return same ? n->touch : NULL;
}

#endif
