/* SPDX-License-Identifier: MIT
 * Lines that are not shared but lie side by side, each used by another thread in the same phase:
 * with a line of 128 bytes, or with other start addresses, they would be. They get a record for as
 * long as it takes to know who uses them from where, and stay in tier 1 after that, so that they
 * cost no more than others. */
#include "probes/access/line.h"

#include "base/arch/arch.h"

enum {
    NOTED = 1024,   /* lines whose next line was another thread's when last looked at */
    WATCHED = 1024, /* with a record: a bound, since neighbours are many where arrays are split */
    HOT = 64,       /* accesses on each of both: fewer are start-up */
    SEEN = 256,     /* accesses that go to the record, to learn the sites */
};
static uintptr_t noted[NOTED];
static uint32_t watched[WATCHED], watched_count;

void neighbour_note(uintptr_t address)
{
    const uintptr_t line = address >> LINE_SHIFT;
    __atomic_store_n(&noted[(line ^ line >> 10) % NOTED], line << LINE_SHIFT, __ATOMIC_RELAXED);
}

static bool is_hot(const struct shadow *s)
{
    return s->tag == TAG_TIER2 || s->reads >= HOT || s->writes >= HOT;
}

static bool are_concurrent(uint32_t a, uint32_t b)
{
    const uint32_t first = tag_slot(a), second = tag_slot(b);
    if (first == 0 || second == 0 || a == TAG_BUSY || b == TAG_BUSY)
        return false;
    if (a == TAG_TIER2 || b == TAG_TIER2)
        return true;
    return first != second && !order_covers(first, b) && !order_covers(second, a);
}

static void watch(struct shadow *s, uintptr_t address)
{
    if (watched_count == WATCHED || s->tag == TAG_TIER2 || s->info >> INFO_LINE_SHIFT)
        return;
    uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return;
    if (tag != 0 && tag != TAG_TIER2) {
        const int line = line_promote(s, address, tag, RECORD_NEIGHBOUR);
        if (line >= 0) {
            s->info = (uint32_t)line;
            tag = TAG_TIER2;
            watched[watched_count] = (uint32_t)line;
            watched_count++;
        }
    }
    __atomic_store_n(&s->tag, tag, __ATOMIC_RELEASE);
}

static void consider(uintptr_t address)
{
    struct shadow *first = shadow_of(address), *second = first + 1;
    if (is_hot(first) && is_hot(second) && are_concurrent(first->tag, second->tag) &&
        (first->written | second->written)) {
        watch(first, address);
        watch(second, address + RECORD_LINE);
    }
}

void neighbour_fold(const struct shadow *s, uint32_t tag)
{
    struct record_line *line = &record_lines[(s->info >> INFO_LINE_SHIFT) - 1];
    struct record_touch *t = line->touch ? &record_touches[line->touch - 1] : NULL;
    if (!t || t->slot != tag_slot(tag))
        return;
    t->reads = t->before_reads += s->reads;
    t->writes = t->before_writes += s->writes;
    t->read_mask |= s->read;
    t->write_mask |= s->written;
}

static void refresh(uint32_t index)
{
    const struct record_line *line = &record_lines[index];
    if (!(line->flags & RECORD_NEIGHBOUR) || !line->touch)
        return;
    const struct shadow *s = shadow_of(line->address);
    struct record_touch *t = &record_touches[line->touch - 1];
    if (s->info >> INFO_LINE_SHIFT != index + 1 || tag_slot(s->tag) != t->slot)
        return;
    t->reads = t->before_reads + s->reads;
    t->writes = t->before_writes + s->writes;
    t->read_mask |= s->read;
    t->write_mask |= s->written;
}

void neighbour_harvest(void)
{
    for (size_t i = 0; i < NOTED; i++) {
        const uintptr_t line = noted[i];
        if (line)
            consider(line);
    }
    for (uint32_t i = 0; i < watched_count; i++)
        refresh(watched[i]);
}

void neighbour_access(uint32_t index)
{
    struct record_line *line = &record_lines[index];
    if (++line->patience < SEEN || line->touches != 1)
        return;
    struct shadow *s = shadow_of(line->address);
    uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return;
    struct record_touch *t = &record_touches[line->touch - 1];
    if (tag == TAG_TIER2 && s->info == index && t->slot == tag_slot(access_me.tag)) {
        s->read = t->read_mask;
        s->written = t->write_mask;
        s->reads = s->writes = 0;
        s->info = (index + 1) << INFO_LINE_SHIFT;
        t->before_reads = t->reads;
        t->before_writes = t->writes;
        tag = access_me.tag;
    }
    __atomic_store_n(&s->tag, tag, __ATOMIC_RELEASE);
}
