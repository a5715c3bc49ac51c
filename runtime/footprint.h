/* SPDX-License-Identifier: MIT
 * Footprints: what a thread counts of its accesses to a line. No other thread writes there, so it
 * takes no lock. Inline, since on lines that threads contend for it is most of what an access
 * costs.
 */
#ifndef RUNTIME_FOOTPRINT_H
#define RUNTIME_FOOTPRINT_H

#include "base/arch/arch.h"
#include "runtime/base/recording.h"
#include "runtime/base/state.h"

#include <stddef.h>

/* An access to bytes of one line. */
struct access {
    uintptr_t address, pc; /* pc: the return address of the hook */
    unsigned size, kind;   /* kind: of enum record_kind */
};

enum { CLOCK_EVERY = 16 }; /* accesses: reading the clock takes longer than all the rest */

/* A site is a call of a hook and the bytes that it used: where one instruction walks over an array,
 * it has several. */
static inline bool is_site(const struct record_site *s, const struct access *a)
{
    return s->pc == a->pc && s->first == (a->address & (RECORD_LINE - 1)) && s->size == a->size;
}

static inline void add_to_site(
    struct footprint *t, const struct access *a, uint32_t locks, uint32_t weight)
{
    for (uint32_t i = 0; i < t->sites; i++)
        if (is_site(&t->site[i], a)) {
            t->site[i].count += weight;
            t->site[i].kind |= (uint8_t)a->kind;
            t->site[i].locks &= locks;
            return;
        }
    const uint32_t next = t->sites; /* a signal's handler may add a site meanwhile */
    if (next == RECORD_SITES) {
        t->sites_lost += weight;
        return;
    }
    t->site[next] = (struct record_site){.pc = a->pc,
        .count = weight,
        .first = (uint8_t)(a->address & (RECORD_LINE - 1)),
        .size = (uint8_t)a->size,
        .kind = (uint8_t)a->kind,
        .locks = locks};
    t->sites = next + 1;
}

static inline void add_gap(struct footprint *t, uint64_t accesses)
{
    const uint64_t now = arch_ticks();
    if (t->last_tick) {
        t->gap_ticks += now - t->last_tick;
        t->gaps += accesses;
    }
    t->last_tick = now;
}

/* Counts the access, to the bytes of `mask`, `weight` times: for those accesses that were not
 * looked at. */
static inline void footprint_add(
    struct footprint *t, const struct access *a, uint64_t mask, uint32_t weight)
{
    const uint64_t before = t->reads + t->writes;
    const uint32_t locks = state_me.locks[(a->kind & RECORD_WRITE) != 0];
    if (t->locks & ~locks) /* others read the line that it is on */
        t->locks &= locks;
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
    add_to_site(t, a, locks, weight);
    const uint64_t steps = (t->reads + t->writes) / CLOCK_EVERY - before / CLOCK_EVERY;
    if (steps)
        add_gap(t, steps * CLOCK_EVERY);
}

/* The footprint with this index + 1, as a line's and a footprint's links have it; NULL for 0. */
static inline struct footprint *footprint_at(uint32_t index)
{
    return index ? &record_touches[index - 1] : NULL;
}

/* The calling thread's footprint on the line, without the line's lock; NULL when it is not among
 * those that the thread remembers. */
static inline struct footprint *footprint_recall(uint32_t line)
{
    const struct near *n = &state_me.near[line % NEAR];
    const bool same = n->touch && n->line == line && n->slot == state_me.slot &&
                      n->generation == record_lines[line].generation;
    return same ? n->touch : NULL;
}

/* Makes footprint_recall find the calling thread's footprint. */
static inline void footprint_remember(const struct line_stat *line, struct footprint *t)
{
    const uint32_t index = (uint32_t)(line - record_lines);
    state_me.near[index % NEAR] = (struct near){index, line->generation, t->slot, t};
}

#endif
