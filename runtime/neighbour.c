/* SPDX-License-Identifier: MIT
 * Adjacent lines that are not shared, but used by two threads in the same phase, one line each:
 * with lines of 128 bytes, or with other start addresses, they would be. They get a line_stat, and
 * are biased to their owner as soon as its sites are known (line.c), so that they cost no more than
 * others. */
#include "runtime/neighbour.h"

#include "runtime/line_table.h"
#include "runtime/vector_clock.h"

enum {
    NOTED = 1024,    /* lines whose next line was another thread's when they were looked at */
    PROMOTED = 1024, /* limits their line_stats, since split arrays have many neighbours */
    HOT = 64,        /* accesses on each of both: fewer are start-up */
};
static uintptr_t noted[NOTED];
static uint32_t promoted;

void neighbour_note(uintptr_t address)
{
    const uintptr_t line = address >> LINE_SHIFT;
    __atomic_store_n(&noted[(line ^ line >> 10) % NOTED], line << LINE_SHIFT, __ATOMIC_RELAXED);
}

static bool is_hot(const struct shadow *s)
{
    return tag_is_recorded(s->tag) ||
           (s->tag != TAG_READERS && (s->reads >= HOT || s->writes >= HOT));
}

static bool are_concurrent(uint32_t a, uint32_t b)
{
    const uint32_t first = tag_slot(a), second = tag_slot(b);
    if (first == 0 || second == 0 || a == TAG_BUSY || b == TAG_BUSY || a == TAG_READERS ||
        b == TAG_READERS)
        return false;
    if (tag_is_recorded(a) || tag_is_recorded(b))
        return true;
    return first != second && !vector_clock_covers(first, b) && !vector_clock_covers(second, a);
}

static void promote_neighbour(struct shadow *s, uintptr_t address)
{
    if (promoted == PROMOTED || tag_is_recorded(s->tag) || s->info >> INFO_LINE_SHIFT)
        return;
    uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return;
    if (tag_slot(tag) != 0 && tag_slot(tag) < SLOTS &&
        line_promote(s, address, tag, RECORD_NEIGHBOUR)) {
        tag = TAG_TIER2;
        promoted++;
    }
    shadow_unlock(s, tag);
}

static void look_at_pair(uintptr_t address)
{
    struct shadow *first = shadow_of(address), *second = shadow_of(address + RECORD_LINE);
    if (is_hot(first) && is_hot(second) && are_concurrent(first->tag, second->tag) &&
        (shadow_written(first) | shadow_written(second))) {
        promote_neighbour(first, address);
        promote_neighbour(second, address + RECORD_LINE);
    }
}

void neighbour_harvest(void)
{
    for (size_t i = 0; i < NOTED; i++) {
        const uintptr_t line = noted[i];
        if (line)
            look_at_pair(line);
    }
}

static bool is_concurrent(uint32_t tag)
{
    const uint32_t slot = tag_slot(tag), mine = tag_slot(state_me.tag);
    return slot != 0 && slot < SLOTS && slot != mine && !vector_clock_covers(mine, tag);
}

/* Without its lock, since its own access may be waiting for ours: an entry that is being given back
 * may be misread, hence the limit. */
static bool has_concurrent(const struct line_stat *line)
{
    enum { LOOKED_AT = 64 };
    const struct footprint *t = footprint_at(line->touch);
    for (unsigned i = 0; t && i < LOOKED_AT; i++, t = footprint_at(t->next))
        if (is_concurrent(t->tag))
            return true;
    return false;
}

static void mark_pair(struct line_stat *line, uintptr_t adjacent)
{
    const struct shadow *s = shadow_of(adjacent);
    const uint32_t tag = __atomic_load_n(&s->tag, __ATOMIC_RELAXED), index = shadow_line(s);
    struct line_stat *other = index < record->lines.capacity ? &record_lines[index] : NULL;
    if (!(tag_is_recorded(tag) && other ? has_concurrent(other) : is_concurrent(tag)))
        return;
    line->beside = 1;
    if (other)
        __atomic_store_n(&other->beside, 1, __ATOMIC_RELAXED);
}

void neighbour_mark(struct line_stat *line)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* as in note_neighbours: one of two sees the other */
    mark_pair(line, line->address - RECORD_LINE);
    mark_pair(line, line->address + RECORD_LINE);
}
