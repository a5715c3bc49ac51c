/* SPDX-License-Identifier: MIT
 * The protocol state of a line that has a line_stat, as caches would keep it (one writer or several
 * readers), and the split of hand-overs into false and true ones.
 *
 * A hand-over is true when the thread that receives the line uses, before it loses the line again,
 * a byte that the last owner wrote, or writes one that the last owner read (the essential misses of
 * Dubois et al., "The detection and elimination of useless misses in multiprocessors", ISCA 1993);
 * else it is false. */
#include "runtime/line.h"

#include "runtime/bias.h"
#include "runtime/line_table.h"
#include "runtime/lives.h"
#include "runtime/neighbour.h"
#include "runtime/throttle.h"
#include "runtime/vector_clock.h"

#include <sched.h>

static bool is_before_me(uint32_t tag)
{
    return tag_slot(tag) == tag_slot(state_me.tag) ||
           vector_clock_covers(tag_slot(state_me.tag), tag);
}

/* The thread has received the line: was the hand-over false so far, and does this access make it
 * true? */
static bool turns_true(const struct footprint *t, const struct access *a, uint64_t mask)
{
    const uint64_t lost = t->lost_written | (a->kind & RECORD_WRITE ? t->lost_read : 0);
    return mask & lost;
}

/* Counts the access, without the line's lock, if the thread's copy of the line suffices and neither
 * the bytes nor the epoch are new. Another thread that receives the line at this moment may miss
 * the access. */
static bool count_hit(struct footprint *t, const struct access *a, uint64_t mask)
{
    const uint32_t need = a->kind & RECORD_WRITE ? COPY_OWNED : COPY_SHARED;
    const bool known = !(a->kind & RECORD_READ && mask & ~t->now_read) &&
                       !(a->kind & RECORD_WRITE && mask & ~t->now_written);
    const uint32_t tag = a->kind & RECORD_WRITE ? t->wrote : t->tag;
    if (t->valid < need || tag != state_me.tag || t->burst != state_burst || !known)
        return false;
    footprint_add(t, a, mask, 1);
    return true;
}

/* A line has so many footprints at most if slots are used again, and others only where there is
 * plenty of room: else a program that has a thread for each request would fill the table. */
enum { LIVES = 64 };

/* The calling thread's footprint, a new one if need be; NULL when there is no room. */
static struct footprint *find_footprint(struct line_stat *line)
{
    const uint32_t slot = tag_slot(state_me.tag);
    const uint32_t life = lives_of_tag(state_me.tag).number;
    struct footprint *t = footprint_of_slot(line, slot);
    if (t && t->life == life)
        return t;
    if (t && (line->touches >= LIVES || !line_table_is_roomy())) {
        t->life = life;
        t->end_tick = 0;
        return t;
    }
    const uint32_t index = line_add_footprint(state_me.tag);
    if (!index)
        return t;
    t = footprint_at(index);
    t->next = line->touch;
    line->touch = index;
    line->touches++;
    return t;
}

/* What other threads did with the line, as far as it matters to this access. */
struct others {
    uint64_t written, read;
    bool copies, unordered;
    bool elsewhere; /* one of them on another cpu than this one */
};

static void invalidate_copy(
    struct footprint *t, uint32_t cpu, const struct access *a, struct others *o)
{
    o->copies = true;
    if (!is_before_me(t->tag)) {
        o->unordered = true;
        o->elsewhere |= t->cpu != cpu || !cpu;
        o->written |= is_before_me(t->wrote) ? 0 : t->now_written;
        o->read |= t->now_read;
    }
    if (a->kind & RECORD_WRITE)
        t->valid = COPY_NONE;
}

/* Invalidates the other threads' copies, or makes them shared, and returns what those threads did
 * with the line. */
static struct others take_copies(
    struct line_stat *line, const struct footprint *mine, const struct access *a)
{
    struct others o = {0};
    if (line->last_written && mine->valid == COPY_NONE && !is_before_me(line->last_writer)) {
        o.written = line->last_written;
        o.unordered = o.copies = true;
    }
    for (struct footprint *t = footprint_at(line->holder); t; t = footprint_at(t->holder)) {
        if (t == mine)
            continue;
        invalidate_copy(t, mine->cpu, a, &o);
        if (t->valid == COPY_OWNED) {
            t->valid = COPY_SHARED;
            line->last_written = t->now_written;
            line->last_writer = t->wrote;
            t->now_written = 0;
        }
    }
    if (a->kind & RECORD_WRITE)
        line->last_written = 0;
    return o;
}

/* The thread's copy becomes valid; by a write, all others have become invalid. */
static void hold_copy(struct line_stat *line, struct footprint *t, const struct access *a)
{
    const bool alone = a->kind & RECORD_WRITE;
    if (alone || t->valid == COPY_NONE) {
        t->holder = alone ? 0 : line->holder;
        line->holder = (uint32_t)(t - record_touches) + 1;
    }
    t->valid = alone ? COPY_OWNED : COPY_SHARED;
}

static void classify_handover(struct line_stat *line, struct footprint *t, const struct access *a,
    uint64_t mask, const struct others *o)
{
    t->lost_read = t->lost_written = 0;
    if (!o->copies)
        return;
    if (!o->unordered) {
        line->ordered_handovers++;
        return;
    }
    if (!o->written && !(a->kind & RECORD_WRITE)) {
        line->read_handovers++;
        return;
    }
    line->switched += !o->elsewhere;
    line_stop_neighbour(line);
    if (mask & (o->written | (a->kind & RECORD_WRITE ? o->read : 0))) {
        t->true_in++;
        line->true_handovers++;
    } else {
        t->false_in++;
        line->false_handovers++;
        t->lost_read = o->read;
        t->lost_written = o->written;
    }
    throttle_begin(line);
}

static void receive_line(
    struct line_stat *line, struct footprint *t, const struct access *a, uint64_t mask)
{
    t->cpu = 1 + (uint32_t)sched_getcpu(); /* 0 where that fails */
    const struct others o = take_copies(line, t, a);
    const uint32_t had = t->valid;
    classify_handover(line, t, a, mask, &o);
    line->patience = 0;
    if (had == COPY_NONE)
        t->now_read = t->now_written = 0;
    hold_copy(line, t, a);
}

/* With the line's lock. */
static void access_line_stat(struct line_stat *line, const struct access *a, uint64_t mask)
{
    struct footprint *t = find_footprint(line);
    const bool skipped = throttle_is_on(line) && state_me.skips <= 0;
    if (!t) {
        line->touches_lost++;
        return;
    }
    if (line->burst != state_burst)
        line_begin_burst(line);
    if (t->burst != state_burst)
        t->last_tick = 0; /* what lies between was not seen */
    t->burst = state_burst;
    throttle_end(line, t);
    if (t->tag != state_me.tag) {
        /* What comes now may be ordered behind it, and behind all that others did. */
        t->lost_read = t->lost_written = 0;
        line_begin_phase(line, t);
        __atomic_store_n(&t->tag, state_me.tag, __ATOMIC_RELAXED);
        neighbour_mark(line);
    }
    const uint32_t need = a->kind & RECORD_WRITE ? COPY_OWNED : COPY_SHARED;
    t->wrote = a->kind & RECORD_WRITE ? state_me.tag : t->wrote;
    if (t->valid < need) {
        receive_line(line, t, a, mask);
    } else if (turns_true(t, a, mask)) {
        line_make_true(line, t);
    }
    if (skipped)
        state_me.accesses += throttle_add(t, a, mask) - 1;
    else
        footprint_add(t, a, mask, 1);
    footprint_remember(line, t);
}

/* Is the line_stat still that of the line at this address? */
static bool is_of(const struct line_stat *line, uintptr_t address)
{
    return line->address == (address & -(uintptr_t)RECORD_LINE) && !(line->flags & RECORD_CLOSED);
}

static bool is_biased(uintptr_t address)
{
    return !tag_is_recorded(__atomic_load_n(&shadow_of(address)->tag, __ATOMIC_ACQUIRE));
}

bool line_access(uint32_t index, const struct access *a)
{
    if (index == NO_LINE) /* the entry changed between two looks */
        return false;
    struct line_stat *line = &record_lines[index];
    const uint64_t mask = bytes_mask(a->address, a->size);
    struct footprint *t = footprint_recall(index);
    if (!is_of(line, a->address))
        return true;
    if (t && count_hit(t, a, mask)) {
        if (t->valid == COPY_OWNED && ++line->patience >= bias_patience(t))
            bias_begin(line, t);
        return true;
    }
    lock_take(&line->lock);
    const bool biased = is_biased(a->address);
    if (!biased && is_of(line, a->address))
        access_line_stat(line, a, mask);
    lock_release(&line->lock);
    return !biased;
}
