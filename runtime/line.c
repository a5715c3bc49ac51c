/* SPDX-License-Identifier: MIT
 * Tier 2: a line's record, its protocol state as a cache would keep it (one writer or several
 * readers), and the split of hand-overs into false and true ones.
 *
 * A hand-over is true when the thread that receives the line uses, during the time that it then
 * holds it, a byte that the last owner wrote, or writes one that it read (the essential misses of
 * Dubois et al., "The detection and elimination of useless misses in multiprocessors", ISCA 1993);
 * else it is false. */
#include "runtime/line.h"

#include "runtime/footprint.h"

#include <sched.h>

enum { COPY_NONE, COPY_SHARED, COPY_OWNED };
enum {
    TOUCHES_A_LINE = 256,
    LEND_AFTER = 64, /* accesses of one owner */
};

static struct footprint *touch_at(uint32_t index)
{
    return index ? &record_touches[index - 1] : NULL;
}

static bool ordered(const struct footprint *before)
{
    return before->slot == tag_slot(access_me.tag) ||
           vector_clock_covers(tag_slot(access_me.tag), before->tag);
}

/* The receiver has the line already: was it false so far, and is true now? */
static bool turns_true(const struct footprint *t, const struct access *a, uint64_t mask)
{
    const uint64_t lost = t->lost_written | (a->kind & RECORD_WRITE ? t->lost_read : 0);
    return mask & lost;
}

/* Without the line's lock: a copy that suffices, and nothing new. Another thread that takes the
 * line at this moment may miss one access of ours. */
static bool hit(struct footprint *t, const struct access *a, uint64_t mask)
{
    const uint32_t need = a->kind & RECORD_WRITE ? COPY_OWNED : COPY_SHARED;
    const bool known = !(a->kind & RECORD_READ && mask & ~t->now_read) &&
                       !(a->kind & RECORD_WRITE && mask & ~t->now_written);
    if (t->valid < need || t->tag != access_me.tag || !known)
        return false;
    count_access(t, a, mask, 1);
    return true;
}

static struct footprint *find(struct line_stat *line, bool *full)
{
    const uint32_t slot = tag_slot(access_me.tag);
    struct footprint *t = touch_at(line->touch);
    for (; t; t = touch_at(t->next))
        if (t->slot == slot)
            return t;
    const uint32_t index = line->touches < TOUCHES_A_LINE ? line_new_touch(slot) : 0;
    *full = index == 0;
    if (*full)
        return NULL;
    t = touch_at(index);
    t->next = line->touch;
    line->touch = index;
    line->touches++;
    return t;
}

/* What others have or had of the line that matters to this access. */
struct others {
    uint64_t written, read;
    bool copies, unordered;
    bool elsewhere; /* some on another cpu than this one */
};

static void look_at(struct footprint *t, uint32_t cpu, const struct access *a, struct others *o)
{
    if (t->valid == COPY_NONE)
        return;
    o->copies = true;
    if (!ordered(t)) {
        o->unordered = true;
        o->elsewhere |= t->cpu != cpu || !cpu;
        o->written |= t->now_written;
        o->read |= t->now_read;
    }
    if (a->kind & RECORD_WRITE)
        t->valid = COPY_NONE;
}

/* Takes the line out of the others' hands and tells what they did with it. */
static struct others take(
    struct line_stat *line, const struct footprint *mine, const struct access *a)
{
    struct others o = {0};
    const uint32_t slot = mine->slot;
    if (line->last_written && line->last_writer != slot && mine->valid == COPY_NONE) {
        o.written = line->last_written;
        o.unordered = o.copies = true;
    }
    for (struct footprint *t = touch_at(line->touch); t; t = touch_at(t->next)) {
        if (t->slot == slot)
            continue;
        look_at(t, mine->cpu, a, &o);
        if (t->valid == COPY_OWNED) {
            t->valid = COPY_SHARED;
            line->last_written = t->now_written;
            line->last_writer = t->slot;
            t->now_written = 0;
        }
    }
    if (a->kind & RECORD_WRITE)
        line->last_written = 0;
    return o;
}

static void judge(struct line_stat *line, struct footprint *t, const struct access *a,
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
    line->flags &= ~(uint32_t)RECORD_NEIGHBOUR;
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

static void miss(struct line_stat *line, struct footprint *t, const struct access *a, uint64_t mask)
{
    t->cpu = 1 + (uint32_t)sched_getcpu(); /* 0 where that fails */
    const struct others o = take(line, t, a);
    const uint32_t had = t->valid;
    judge(line, t, a, mask, &o);
    line->patience = 0;
    if (had == COPY_NONE)
        t->now_read = t->now_written = 0;
    t->valid = a->kind & RECORD_WRITE ? COPY_OWNED : COPY_SHARED;
}

static void is_true_after_all(struct line_stat *line, struct footprint *t)
{
    t->false_in--;
    t->true_in++;
    line->false_handovers--;
    line->true_handovers++;
    t->lost_read = t->lost_written = 0;
}

static void locked(struct line_stat *line, const struct access *a, uint64_t mask)
{
    bool full = false;
    struct footprint *t = find(line, &full);
    if (full) {
        line->touches_lost++;
        return;
    }
    if (line->burst != access_burst)
        line_new_burst(line);
    throttle_end(line, t);
    if (t->tag != access_me.tag) {
        t->lost_read = t->lost_written = 0; /* what comes now may be ordered behind it */
        line_phase(line, t);                /* and behind all that others did */
    }
    const uint32_t need = a->kind & RECORD_WRITE ? COPY_OWNED : COPY_SHARED;
    if (t->valid < need) {
        miss(line, t, a, mask);
    } else if (turns_true(t, a, mask)) {
        is_true_after_all(line, t);
    }
    t->tag = access_me.tag;
    count_access(t, a, mask, 1);
    line_remember(line, t);
}

static bool is_of(const struct line_stat *line, uintptr_t address)
{
    return line->address == (address & -(uintptr_t)RECORD_LINE) && !(line->flags & RECORD_CLOSED);
}

static bool is_lent(uintptr_t address)
{
    return !tag_recorded(__atomic_load_n(&shadow_of(address)->tag, __ATOMIC_ACQUIRE));
}

/* The caller has the line to itself and its sites are known: until another thread comes, tier 1
 * counts its accesses, at the price of tier 1. */
static void lend(struct line_stat *line, struct footprint *t)
{
    struct shadow *s = shadow_of(line->address);
    uint32_t tag = TAG_TIER2;
    access_lock(&line->lock);
    access_hold(&s->tag);
    if (t->valid == COPY_OWNED && t->tag == access_me.tag && !(line->flags & RECORD_CLOSED) &&
        __atomic_compare_exchange_n(
            &s->tag, &tag, TAG_BUSY, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        s->unread = s->unwritten = ~0ull;
        s->reads = s->writes = t->seen_reads = t->seen_writes = 0;
        t->last_tick = 0;
        __atomic_store_n(&s->tag, t->tag, __ATOMIC_RELEASE);
    }
    access_release();
    line->patience = 0;
    access_unlock(&line->lock);
}

bool line_access(uint32_t index, const struct access *a)
{
    if (index == NO_LINE) /* the shadow changed between two looks */
        return false;
    struct line_stat *line = &record_lines[index];
    const uint64_t mask = bytes_mask(a->address, a->size);
    struct footprint *t = footprint_recall(index);
    if (!is_of(line, a->address))
        return true;
    if (t && hit(t, a, mask)) {
        if (t->valid == COPY_OWNED && ++line->patience >= LEND_AFTER)
            lend(line, t);
        return true;
    }
    access_lock(&line->lock);
    const bool lent = is_lent(a->address);
    if (!lent && is_of(line, a->address))
        locked(line, a, mask);
    access_unlock(&line->lock);
    return !lent;
}

static struct footprint *touch_of(struct line_stat *line, uint32_t slot)
{
    struct footprint *t = touch_at(line->touch);
    while (t && t->slot != slot)
        t = touch_at(t->next);
    return t;
}

void line_seed(uint32_t index, const struct shadow *s, uint32_t tag)
{
    struct footprint *t = touch_of(&record_lines[index], tag_slot(tag));
    t->tag = tag;
    t->reads = s->reads;
    t->writes = s->writes;
    t->read_mask = t->now_read = shadow_read(s);
    t->write_mask = t->now_written = shadow_written(s);
    t->valid = shadow_written(s) ? COPY_OWNED : COPY_SHARED;
}

/* A thread that was stopped between reading the shadow's count and writing it back may have set it
 * back: then nothing is added, rather than four billion. */
static uint32_t grown(uint32_t now, uint32_t seen)
{
    return (int32_t)(now - seen) > 0 ? now - seen : 0;
}

void line_fold(const struct shadow *s, uint32_t tag)
{
    const uint32_t index = shadow_line(s);
    if (index == NO_LINE)
        return;
    struct line_stat *line = &record_lines[index];
    struct footprint *t = touch_of(line, tag_slot(tag));
    if (!t)
        return;
    t->reads += grown(s->reads, t->seen_reads);
    t->writes += grown(s->writes, t->seen_writes);
    t->seen_reads = s->reads;
    t->seen_writes = s->writes;
    t->read_mask |= shadow_read(s);
    t->write_mask |= shadow_written(s);
    t->now_read |= shadow_read(s);
    t->now_written |= shadow_written(s);
    if ((shadow_read(s) & t->lost_written) | (shadow_written(s) & (t->lost_written | t->lost_read)))
        is_true_after_all(line, t);
}

void line_fold_all(void)
{
    uint64_t handovers = 0;
    for (uint32_t i = 0; i < record->lines.count; i++) {
        const struct line_stat *line = &record_lines[i];
        handovers += line->false_handovers + line->true_handovers;
        if (!line->touch || line->flags & RECORD_CLOSED)
            continue;
        const struct shadow *s = shadow_of(line->address);
        const uint32_t tag = __atomic_load_n(&s->tag, __ATOMIC_ACQUIRE);
        if (tag_slot(tag) < SLOTS && shadow_line(s) == i)
            line_fold(s, tag);
    }
    record->handovers = handovers;
}
